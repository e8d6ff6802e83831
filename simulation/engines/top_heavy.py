"""What everybody else gets in a year in which key employees have more than 60 % of all accounts (IRC 416).

The accounts are those of the last day of the year before, with what was paid out of them since a while.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

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
    if not len(due.row):
        return {}
    who, on, rule = state.people[[*KEYS, "employee_id"]][due.row], year_end(context.year), "IRC 416(c)(2)"
    return {
        "contribution": decided(
            who,
            "contribution",
            rule=rule,
            amount=due.owed,
            effective_date=on,
            source=Source.NONELECTIVE.value,
            kind=ContributionKind.TOP_HEAVY.value,
            pay_period=len(pay_dates(context.scenario.payroll.frequency, context.year)),
            compensation_cents=due.pay,
        ),
        "compliance": decided(
            who,
            "compliance",
            rule=rule,
            effective_date=on,
            compliance_type=ComplianceType.TOP_HEAVY_MINIMUM.value,
            limit_type=LimitType.TOP_HEAVY_MINIMUM.value,
            applicable_limit_cents=due.least,
            current_amount_cents=due.received,
            monitoring_date=on,
        ),
    }


class _Due(NamedTuple):
    """Who has less than the minimum, by row of people; pay, minimum, what came and what is owed in cents."""

    row: Whole
    pay: Whole
    least: Whole
    received: Whole
    owed: Whole


def _due(context: YearContext, state: State) -> _Due:
    people = state.people
    limit = PlanLimits.of(context.scenario, context.year).compensation
    asked = people.select(paid_cents(context.year), _entitled(context.year), served_before(context.year))
    paid, participant, served = (column.to_numpy() for column in asked)
    pay = countable_pay(paid, limit)
    received = _sum(people, [f"year_{kind}_cents" for kind in RECEIVED])
    deferred = people["year_pre_tax_cents"].to_numpy() + people["year_roth_cents"].to_numpy()
    key, counted = people["is_key"].to_numpy(), _counted(state)
    entitled = participant & ~key
    former = people["ever_key"].to_numpy()
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
    return _Due(rows, pay[rows], least[rows], received[rows], owed[rows])


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
    return (there & (pl.col("entry_date") <= last).fill_null(value=False)).alias("entitled")
