"""The employer's pool after the year, and how it is shared out among those who are entitled to it.

The pool is one a seed. A share is cut to the room that 415(c) leaves; what is cut off is not paid.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import days_in_year, year_end
from simulation.engines.decided import decided
from simulation.engines.limit_watch import ADDITIONS, LimitWatch
from simulation.events.dc_plan import ContributionKind
from simulation.events.sources import SOURCES, Source
from simulation.pay_by_day import PayByDay, days_before
from simulation.pay_periods import pay_dates
from simulation.plan_limits import PlanLimits
from simulation.rules.allocation import Residual, pro_rata
from simulation.rules.annual_additions import additions_limit, additions_room
from simulation.rules.bands import band_of
from simulation.rules.compensation_limit import countable_pay
from simulation.rules.integration import allocate_by_steps, max_disparity_bp, two_steps
from simulation.rules.rounding import part
from simulation.state import IDENTITY, paid_cents, worked_in_year
from simulation.units import BP, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters.plan import ProfitSharing
    from simulation.rules.rounding import Whole
    from simulation.state import State

_ADDITIONS: Final = tuple(f"year_{source}_cents" for source in SOURCES)
_READ: Final = (
    *IDENTITY,
    "job_level",
    "start_date",
    "termination_date",
    "termination_reason",
    "compensation_cents",
    "employed_days",
    "leave_days",
    "employer_entry_date",
    "hours",
    "day_cents",
    "year_catchup_cents",
    *_ADDITIONS,
)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return everybody's share of the year's pool."""
    plan, year = context.scenario.plan, context.year
    sharing = plan.profit_sharing
    if not plan.enabled or sharing.formula == "none":
        return {}
    people = (
        state.people[list(_READ)]
        .lazy()
        .filter(_entitled(sharing, year))
        .with_columns(
            paid=paid_cents(year),
            additions=pl.sum_horizontal(_ADDITIONS) - pl.col("year_catchup_cents"),
            since=days_before(pl.col("employer_entry_date"), year),
        )
        .collect()
    )
    if people.is_empty():
        return {}
    known = PlanLimits.of(context.scenario, year)
    counted = PayByDay.of(state, people, year).between(people["since"].to_numpy(), days_in_year(year))
    pay = countable_pay(counted, known.compensation)
    asked = np.concatenate(
        [
            _shares(sharing, pay[rows], people["job_level"].to_numpy()[rows], known)
            for rows in _rows_by_seed(people)
        ]
    )
    limit = additions_limit(people["paid"].to_numpy(), known.annual_additions)
    shares = np.minimum(asked, additions_room(limit, people["additions"].to_numpy()))
    rows = np.flatnonzero(shares > 0)
    paid = decided(
        people[rows],
        "contribution",
        rule=f"plan.profit_sharing.{sharing.formula}",
        amount=shares[rows],
        effective_date=year_end(year),
        source=Source.PROFIT_SHARING.value,
        kind=ContributionKind.REGULAR.value,
        pay_period=len(pay_dates(context.scenario.payroll.frequency, year)),
        compensation_cents=counted[rows],
    )
    watch = LimitWatch(people, basis_points(plan.testing.approach))
    before = people["additions"].to_numpy()
    watch.look(year_end(year), ADDITIONS, before, before + shares, known.annual_additions)
    return {"contribution": paid, **watch.told()}


def _entitled(sharing: ProfitSharing, year: int) -> pl.Expr:
    """Return who shares: paid in the year, in for employer money, and there on the last day if need be."""
    there = worked_in_year() & (pl.col("employer_entry_date") <= pl.lit(year_end(year)))
    enough = pl.col("hours") >= sharing.minimum_hours
    if not sharing.last_day:
        return there & enough
    return (
        there
        & enough
        & (pl.col("termination_date").is_null() | (pl.col("termination_date") == year_end(year)))
    )


def _rows_by_seed(people: pl.DataFrame) -> list[slice]:
    """Return where each seed's people lie: they are sorted by seed."""
    lengths = people.group_by("seed", maintain_order=True).len()["len"].to_list()
    ends = np.cumsum(lengths)
    return [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]


def _shares(sharing: ProfitSharing, pay: Whole, levels: Whole, known: PlanLimits) -> Whole:
    """Return one seed's shares in cents, before 415(c)."""
    if sharing.formula == "new_comparability":
        starts = [group.from_level for group in sharing.groups]
        rates = np.array([basis_points(group.rate) for group in sharing.groups], dtype=np.int64)
        return part(pay, rates[band_of(starts, levels)])
    pool = int(part(int(pay.sum()), basis_points(sharing.rate)))
    residual = Residual(sharing.residual)
    if sharing.formula == "pro_rata":
        return pro_rata(pool, pay, residual)
    level = int(sharing.integration_level * known.wage_base)
    disparity = Fraction(max_disparity_bp(level, known.wage_base), BP)
    return allocate_by_steps(pool, two_steps(pay, level, disparity), residual)
