"""How employer money becomes the participant's own: Code section 411(a)(2)(B) and (4).

A schedule is a table of basis points by completed years of service; its last entry holds for all later years.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias, overload

import numpy as np
import polars as pl

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes, part
from simulation.units import BP

Schedule: TypeAlias = tuple[int, ...]


def cliff(years: int) -> Schedule:
    """Return the schedule that vests everything at once after so many years."""
    return (0,) * years + (BP,)


def graded(step_bp: int, first_year: int = 1) -> Schedule:
    """Return the schedule that vests a step in its first year and one more each year, to everything."""
    steps = -(-BP // step_bp)
    return (0,) * first_year + tuple(min(step_bp * count, BP) for count in range(1, steps + 1))


IMMEDIATE: Final = cliff(0)

SCHEDULES: Final[Mapping[str, Schedule]] = {
    "immediate": IMMEDIATE,
    "cliff2": cliff(2),
    "qaca_2yr_cliff": cliff(2),
    "cliff3": cliff(3),
    "graded_1_5": graded(2_000),
    "graded_2_6": graded(2_000, first_year=2),
}
"""``cliff3`` and ``graded_2_6`` are the slowest allowed; for QACA safe harbor money the 2-year cliff,
section 401(k)(13)(D)(iii)."""

ALWAYS_VESTED: Final = frozenset(
    {"deferral", "pretax", "roth", "catch_up", "after_tax", "rollover", "qnec", "qmac"}
    | {"safe_harbor", "safe_harbor_match", "safe_harbor_nonelective"}
)
"""Sources that no schedule touches: sections 411(a)(1), 401(k)(2)(C), 401(k)(12)(E)(i), 401(m)(4)(C)."""


def schedule_of(source: str, schedule: Schedule) -> Schedule:
    """Return the schedule of a source of money: everything at once if the law wants it so."""
    return IMMEDIATE if source in ALWAYS_VESTED else schedule


@overload
def vested_bp(schedule: Schedule, years: Whole) -> Whole: ...
@overload
def vested_bp(schedule: Schedule, years: pl.Expr) -> pl.Expr: ...
def vested_bp(schedule: Schedule, years: Whole | pl.Expr) -> Whole | pl.Expr:
    """Return the vested share in basis points after completed years of service, as a column of their kind.

    Full vesting at normal retirement age, death, disability or a partial termination replaces it by ``BP``.
    """
    row = years.clip(0, len(schedule) - 1)
    if isinstance(row, pl.Expr):
        return pl.lit(pl.Series(schedule, dtype=pl.Int64)).gather(row)
    return column(np.asarray(schedule)[row])


def vested_cents(balance_cents: Wholes, share_bp: Wholes) -> Whole:
    """Return the vested part of balances, half-up; what is left of a balance is forfeitable."""
    return part(balance_cents, share_bp)


def forfeitable_cents(balance_cents: Wholes, share_bp: Wholes) -> Whole:
    """Return the part of balances that is not vested: the balance less its vested part."""
    return column(balance_cents) - vested_cents(balance_cents, share_bp)
