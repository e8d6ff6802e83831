"""Who may make catch-up contributions, and whose have to be Roth (IRC 414(v)(5), (7)).

Told once of everybody, in the year of entering the plan or of reaching 50, and in a run's first year of all
who may already; of the Roth rule every year, for it looks at the wages of the year before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import calendar_years, year_end, year_start
from simulation.engines.decided import Said, decided
from simulation.events.administration import ComplianceType, LimitType
from simulation.lookback import LOOKBACK, lookback_pay
from simulation.plan_limits import PlanLimits
from simulation.rules.deferral_limits import CATCHUP_AGE, catchup_limit
from simulation.rules.roth_catchup import allowed_catchup, roth_catchup_required
from simulation.state import KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.days import Days
    from simulation.state import State

_READ: Final = (*KEYS, "employee_id", *LOOKBACK)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return who is told of this year, with the limit that applies."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled or not plan.deferral.catch_up:
        return {}
    known = PlanLimits.of(context.scenario, year)
    start, entry, birth = (
        state.people[name].to_numpy() for name in ("start_date", "entry_date", "birth_date")
    )
    opens, ends, born_by = (
        np.datetime64(day) for day in (year_start(year), year_end(year), year_end(year - CATCHUP_AGE))
    )
    rows = np.flatnonzero(~np.isnat(start) & (entry <= ends) & (birth <= born_by))
    people, ages = state.people[_READ][rows], year - calendar_years(birth[rows])
    new = (year == context.scenario.horizon.start_year) | (entry[rows] >= opens) | (ages == CATCHUP_AGE)
    wages = lookback_pay(people, year)
    required = roth_catchup_required(wages, known.roth_wages)
    limit = catchup_limit(ages, known.catchup_from_50, known.catchup_from_60)
    allowed = allowed_catchup(limit, required, plan_has_roth=plan.deferral.roth_feature)
    since = np.maximum(np.maximum(start[rows], entry[rows]), opens)
    eligible, roth = np.flatnonzero(new & (allowed > 0)), np.flatnonzero(required)
    told = (
        _told(people[eligible], since[eligible], _ELIGIBLE, limit=allowed[eligible], amount=0),
        _told(people[roth], since[roth], _ROTH, limit=known.roth_wages, amount=wages[roth]),
    )
    return {"compliance": pl.concat(told)}


_ELIGIBLE: Final = (ComplianceType.CATCH_UP_ELIGIBLE.value, LimitType.CATCH_UP.value)
_ROTH: Final = (ComplianceType.ROTH_CATCH_UP_REQUIRED.value, LimitType.ROTH_WAGES.value)


def _told(
    people: pl.DataFrame, since: Days, kind: tuple[str, str], *, limit: Said, amount: Said
) -> pl.DataFrame:
    """Return what people are told ``since`` their days: a limit and an amount, in cents."""
    compliance_type, limit_type = kind
    return decided(
        people,
        "compliance",
        rule="plan.deferral.catch_up",
        effective_date=since,
        compliance_type=compliance_type,
        limit_type=limit_type,
        applicable_limit_cents=limit,
        current_amount_cents=amount,
        monitoring_date=since,
    )
