"""Who may make catch-up contributions, and whose have to be Roth (IRC 414(v)(5), (7)).

Told once of everybody, in the year of entering the plan or of reaching 50, and in a run's first year of all
who may already; of the Roth rule every year, for it looks at the wages of the year before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import year_end, year_start
from simulation.engines.decided import decided
from simulation.events.administration import ComplianceType, LimitType
from simulation.plan_limits import PlanLimits
from simulation.rules.deferral_limits import CATCHUP_AGE, catchup_limit
from simulation.rules.roth_catchup import allowed_catchup, roth_catchup_required
from simulation.state import KEYS, worked_in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

_READ: Final = (
    *KEYS,
    "employee_id",
    "birth_date",
    "entry_date",
    "start_date",
    "prior_year_compensation_cents",
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return who is told of this year, with the limit that applies."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled or not plan.deferral.catch_up:
        return {}
    known = PlanLimits.of(context.scenario, year)
    entered = worked_in_year() & (pl.col("entry_date") <= pl.lit(year_end(year)))
    of_age = pl.col("birth_date").dt.year() <= year - CATCHUP_AGE
    people = state.people[[*_READ]].filter(entered & of_age)
    ages = year - people["birth_date"].dt.year().cast(pl.Int64).to_numpy()
    first_year = year == context.scenario.horizon.start_year
    new = pl.lit(first_year) | (pl.col("entry_date").dt.year() == year) | pl.Series(ages == CATCHUP_AGE)
    wages = people["prior_year_compensation_cents"].fill_null(0)
    required = roth_catchup_required(wages.to_numpy(), known.roth_wages)
    limit = catchup_limit(ages, known.catchup_from_50, known.catchup_from_60)
    allowed = allowed_catchup(limit, required, plan_has_roth=plan.deferral.roth_feature)
    dated = people.with_columns(
        effective_date=pl.max_horizontal("start_date", "entry_date", pl.lit(year_start(year))),
        catch_up=pl.Series(allowed),
        wages=wages,
    ).with_columns(monitoring_date="effective_date")
    eligible = dated.filter(new & (pl.col("catch_up") > 0)).with_columns(
        compliance_type=pl.lit(ComplianceType.CATCH_UP_ELIGIBLE.value),
        limit_type=pl.lit(LimitType.CATCH_UP.value),
        applicable_limit_cents="catch_up",
        current_amount_cents=pl.lit(0),
    )
    roth = dated.filter(pl.Series(required)).with_columns(
        compliance_type=pl.lit(ComplianceType.ROTH_CATCH_UP_REQUIRED.value),
        limit_type=pl.lit(LimitType.ROTH_WAGES.value),
        applicable_limit_cents=pl.lit(known.roth_wages, dtype=pl.Int64),
        current_amount_cents="wages",
    )
    told = [decided(found, "compliance", rule="plan.deferral.catch_up") for found in (eligible, roth)]
    return {"compliance": pl.concat(told)}
