"""Who is key: officers and owners, by the pay of the year before (IRC 416(i)(1); Reg. 1.416-1, T-12).

Dated 1 January, for the determination date of a plan year is the last day of the year before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import year_end, year_start
from simulation.engines.decided import decided
from simulation.events.administration import ComplianceType, LimitType
from simulation.family import FAMILY, owned_bp
from simulation.lookback import LOOKBACK, lookback_pay, served_before
from simulation.parameters.limits import limits
from simulation.rules.key_employee import key_officers, key_owners, officer_cap
from simulation.units import CENTS_PER_DOLLAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State

_READ: Final = ("seed", "person", *FAMILY, "is_officer", "paid_last_year", *LOOKBACK)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return who is key for the plan year, with the pay that was held against the officer's threshold."""
    if not context.scenario.plan.enabled:
        return {}
    people = state.people[[*_READ]]
    served = np.flatnonzero(people.select(served_before(context.year)).to_series().to_numpy())
    owned, there = owned_bp(people)[served], people[served]
    pay = lookback_pay(there, context.year)
    known = limits(context.year, context.scenario.limits.indexation.rate)
    threshold = known.key_officer_threshold_to_apply_for_topheavy_plan_year * CENTS_PER_DOLLAR
    owners = key_owners(pay, owned, known.key_owner_1pct_comp_threshold * CENTS_PER_DOLLAR)
    key = np.flatnonzero(_officers(there, pay, threshold) | owners)
    return {
        "compliance": decided(
            there[key],
            "compliance",
            rule="IRC 416(i)",
            effective_date=year_start(context.year),
            compliance_type=ComplianceType.KEY_EMPLOYEE.value,
            limit_type=LimitType.KEY_EMPLOYEE_PAY.value,
            applicable_limit_cents=threshold,
            current_amount_cents=pay[key],
            monitoring_date=year_end(context.year - 1),
        )
    }


def _officers(people: pl.DataFrame, pay: Whole, threshold: int) -> Truths:
    """Return the officers who are key, seed by seed up to the cap."""
    seeds, officers = people["seed"].to_numpy(), people["is_officer"].to_numpy()
    chosen = np.zeros(len(pay), dtype=np.bool_)
    for seed in np.unique(seeds):
        rows = np.flatnonzero(seeds == seed)
        chosen[rows] = key_officers(pay[rows], officers[rows], threshold, officer_cap(len(rows)))
    return chosen
