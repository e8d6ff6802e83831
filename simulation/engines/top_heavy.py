"""What everybody else gets in a year in which key employees have more than 60 % of all accounts (IRC 416).

The accounts are those of the last day of the year before, with what was paid out of them since a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.events.administration import ComplianceType, LimitType
from simulation.events.dc_plan import ContributionKind
from simulation.events.sources import SOURCES, Source
from simulation.lookback import served_before
from simulation.pay_periods import pay_dates
from simulation.plan_limits import PlanLimits
from simulation.rules.compensation_limit import countable_pay
from simulation.rules.top_heavy import (
    additional_due,
    counted_balance,
    highest_key_rate,
    key_share,
    minimum,
    minimum_rate,
)
from simulation.state import KEYS, paid_cents
from simulation.top_heaviness import RECEIVED, owes_minimum

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

_WITHDRAWN: Final = tuple(f"withdrawn_{ago}_ago_cents" for ago in range(1, 6))
"""Payments in service that are added back, of five years: IRC 416(g)(3)(B)."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the minimum that is still due, as a nonelective contribution of 31 December."""
    plan = context.scenario.plan
    if not plan.enabled or not owes_minimum(plan) or not state.people["is_key"].any():
        return {}
    due = _due(context, state)
    if due.is_empty():
        return {}
    number = len(pay_dates(context.scenario.payroll.frequency, context.year))
    paid = due.with_columns(
        source=pl.lit(Source.NONELECTIVE.value),
        kind=pl.lit(ContributionKind.TOP_HEAVY.value),
        pay_period=pl.lit(number),
        compensation_cents="pay",
    )
    found = due.with_columns(
        compliance_type=pl.lit(ComplianceType.TOP_HEAVY_MINIMUM.value),
        limit_type=pl.lit(LimitType.TOP_HEAVY_MINIMUM.value),
        applicable_limit_cents="least",
        current_amount_cents="received",
        monitoring_date="effective_date",
    )
    rule = "IRC 416(c)(2)"
    return {
        "contribution": decided(paid, "contribution", rule=rule, amount=pl.col("due")),
        "compliance": decided(found, "compliance", rule=rule),
    }


def _due(context: YearContext, state: State) -> pl.DataFrame:
    """Return who has less than the minimum: ``least``, ``received`` and ``due``, in cents."""
    people = state.people
    limit = PlanLimits.of(context.scenario, context.year).compensation
    pay = countable_pay(people.select(paid_cents(context.year)).to_series().to_numpy(), limit)
    received = _sum(people, [f"year_{kind}_cents" for kind in RECEIVED])
    deferred = people["year_pre_tax_cents"].to_numpy() + people["year_roth_cents"].to_numpy()
    key, counted = people["is_key"].to_numpy(), _counted(state)
    entitled = people.select(_entitled(context.year)).to_series().to_numpy() & ~key
    former = people["ever_key"].to_numpy()
    served = people.select(served_before(context.year)).to_series().to_numpy()
    least = np.zeros(people.height, dtype=np.int64)
    seeds = people["seed"].to_numpy()
    for seed in np.unique(seeds[key]):
        rows = np.flatnonzero(seeds == seed)
        if key_share(counted[rows], key[rows], former[rows], served[rows]).top_heavy:
            keys = rows[key[rows]]
            rate = minimum_rate(highest_key_rate(deferred[keys] + received[keys], pay[keys]))
            least[rows] = minimum(pay[rows], rate, entitled[rows])
    owed = additional_due(least, received)
    rows = np.flatnonzero(owed)
    return people[[*KEYS, "employee_id"]][rows].with_columns(
        effective_date=pl.lit(year_end(context.year)),
        pay=pl.Series(pay[rows]),
        least=pl.Series(least[rows]),
        received=pl.Series(received[rows]),
        due=pl.Series(owed[rows]),
    )


def _counted(state: State) -> Whole:
    """Return what of each account counts: the balance of 1 January, loans, and what was paid out before."""
    people = state.people
    held = _sum(people, ["owed_before_cents", *(f"opening_{source}_cents" for source in SOURCES)])
    return counted_balance(held, people["distributed_before_cents"].to_numpy(), _sum(people, _WITHDRAWN))


def _sum(people: pl.DataFrame, columns: Sequence[str]) -> Whole:
    whole = np.zeros(people.height, dtype=np.int64)
    for name in columns:
        whole += people[name].to_numpy()
    return whole


def _entitled(year: int) -> pl.Expr:
    """Tell which participants are employed on the last day, whatever their hours (M-10)."""
    last = pl.lit(year_end(year))
    there = pl.col("termination_date").is_null() | (pl.col("termination_date") == last)
    return there & (pl.col("entry_date") <= last).fill_null(value=False)
