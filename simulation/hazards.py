"""Chances of leaving: the hazard tables as columns, and how they are scaled to an asked total.

Formulas only; who leaves is decided by the engines. Probabilities are floats, for they are compared with
draws and never paid out.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.dates import day_number, days_in_year, year_end, years_on_new_year
from simulation.frames import JOB_LEVELS

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.profile import HiringProfile

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.uint32]
"""Places in columns, as wide as Polars has them."""
Steps = Sequence[tuple[int, float]]
"""A table that changes at ages or years of service: (from, value), ascending."""


def stepped(value: pl.Expr, steps: Steps) -> pl.Expr:
    """Return the table's value at each row's age or service; nought below the first step."""
    starts = pl.Series([start for start, _ in steps], dtype=pl.Int32)
    values = pl.Series([0.0, *(at_least for _, at_least in steps)])
    return pl.lit(values).gather(pl.lit(starts).search_sorted(value, side="right"))


def steps_of(rows: Sequence[object], start: str, value: str) -> Steps:
    """Return a parameter table as plain steps."""
    return [(int(getattr(row, start)), float(getattr(row, value))) for row in rows]


def by_years(rows: Sequence[object], start: str, value: str) -> Floats:
    """Return a parameter table as what ages or years of service are looked up in."""
    starts, values = zip(*steps_of(rows, start, value), strict=True)
    table: Floats = np.array([0.0, *values])[np.searchsorted(starts, np.arange(_LONGEST), side="right")]
    return table


_LONGEST: Final = 500
"""More years than anybody is old."""


def turnover(context: YearContext, people: pl.DataFrame) -> Floats:
    """Return the yearly hazard of quitting or being dismissed: service x age x level, before scaling.

    ``people`` has ``birth_date``, ``service_date`` and ``job_level``.
    """
    table = context.scenario.workforce.termination
    by_level = np.zeros(JOB_LEVELS.stop)
    by_level[list(table.level_multiplier)] = [float(value) for value in table.level_multiplier.values()]
    hazard = (
        by_years(table.by_service, "from_years", "rate")[
            years_on_new_year(people["service_date"], context.year)
        ]
        * by_years(table.age_multiplier, "from_age", "multiplier")[
            years_on_new_year(people["birth_date"], context.year)
        ]
        * by_level[people["job_level"].to_numpy()]
        * float(table.table_multiplier)
    )
    chance: Floats = np.clip(hazard, 0.0, 1.0)
    return chance


def other_exits(context: YearContext, people: pl.DataFrame) -> tuple[Floats, Floats, Floats]:
    """Return the yearly hazards of dying, of leaving disabled and of retiring, by age."""
    table, ages = (
        context.scenario.workforce.termination,
        years_on_new_year(people["birth_date"], context.year),
    )
    return (
        by_years(table.death_by_age, "from_age", "rate")[ages],
        by_years(table.disability_by_age, "from_age", "rate")[ages],
        by_years(table.retirement_by_age, "from_age", "rate")[ages],
    )


def hire_year_exit(context: YearContext, hired: pl.DataFrame) -> Floats:
    """Return the chance that each hire of this year leaves before its end, in proportion to the days left.

    With ``new_hire_rate`` asked, the chances average to it over hire dates; without, the first-year row of
    the hazard table is held against the share of the year that is left. ``hired`` has ``hire_date`` and what
    ``turnover`` needs.
    """
    asked = context.scenario.workforce.termination.new_hire_rate
    days = day_number(year_end(context.year)) + 1 - hired["hire_date"].to_numpy().view(np.int64)
    left = np.maximum(days, 0) * (1 / days_in_year(context.year))
    months = tuple(context.scenario.workforce.hiring.month_weights)
    hazard = turnover(context, hired) if asked is None else _exit_slope(context.year, months, float(asked))
    chance: Floats = np.clip(hazard * left, 0.0, 1.0)
    return chance


def _days_left(year: int, weights: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Return the share of the year left after each possible hire date, and that date's weight."""
    lengths = [calendar.monthrange(year, month)[1] for month in range(1, 13)]
    days = sum(lengths)
    even = [weight / length for weight, length in zip(weights, lengths, strict=True)]
    weight = np.repeat(np.array(even), lengths) / sum(weights)
    return np.arange(days, 0, -1) / days, weight


@lru_cache(maxsize=64)
def _exit_slope(year: int, month_weights: tuple[int, ...], asked: float) -> float:
    """Return the yearly hazard whose chances, each capped at one, average to the asked rate.

    Kept, because several phases of a year ask for it, in every run of a sweep.
    """
    left, weight = _days_left(year, month_weights)
    low, high = 0.0, 1.0 / float(left.min())
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if math.fsum(np.minimum(middle * left, 1.0) * weight) < asked else (low, middle)
        )
    return high


_HALVINGS = 50
"""Halvings of the interval: the slope is found to the last bit of a float."""


def mean_hire_year_exit(context: YearContext, profile: HiringProfile) -> float:
    """Return the expected share of this year's hires who leave within it."""
    workforce = context.scenario.workforce
    if workforce.termination.new_hire_rate is not None:
        return float(workforce.termination.new_hire_rate)
    mix = level_weights(context)
    ages = by_years(workforce.termination.age_multiplier, "from_age", "multiplier")
    left, weight_of_day = _days_left(context.year, tuple(workforce.hiring.month_weights))
    hazard = 0.0
    for level, weight in mix.items():
        position = level - 1
        first, count = profile.age_days.first[position], profile.age_days.count[position]
        years = (profile.age_days.values[first : first + count] / 365.2425).astype(np.int64)
        by_level = float(workforce.termination.level_multiplier[level])
        hazard += weight * by_level * exact_sum(ages[years]) / float(count)
    first_year = float(workforce.termination.by_service[0].rate) * float(
        workforce.termination.table_multiplier
    )
    return min(1.0, hazard / sum(mix.values()) * first_year * math.fsum(left * weight_of_day))


def level_weights(context: YearContext) -> dict[int, float]:
    """Return the weight of each level among hires: the scenario's mix, or the census's counts."""
    mix = context.scenario.workforce.hiring.level_mix
    stated = context.profile.level_counts if mix is None else mix
    return {level: float(stated[level]) for level in sorted(stated) if stated[level]}


def expected_number(chance: pl.Expr) -> pl.Expr:
    """Return the sum of chances, the same on any machine: floats add up differently in another order.

    Chances are summed as whole numbers of a fine step, so that the sum is exact and the log repeats.
    """
    return (chance * _STEPS).round().cast(pl.Int64).sum() / _STEPS


_STEPS = 2**40


def exact_sum(values: Floats) -> float:
    """Return the sum of floats rounded once, as ``math.fsum`` has it, in whole columns.

    The values are added as whole numbers: their leading bits, then the next ones, until none are left.
    """
    total, shift, rest = 0, 0, values
    while rest.any():
        rest = rest * 2.0**_BITS
        whole = np.trunc(rest)
        total, shift, rest = (total << _BITS) + int(whole.astype(np.int64).sum()), shift + _BITS, rest - whole
    return total / (1 << shift)


_BITS: Final = 30


NO_HAZARD: Final = 1e-9
"""Hazards that add up to less cannot be scaled to anything asked: they are none."""


def scaled(turnover_hazard: Floats, other: Floats, expected: float) -> Floats:
    """Return each person's chance of leaving so that the chances add up to the expected number.

    Turnover is scaled; retirement, disability and death stand as they are, unless they alone exceed what
    is asked. No chance passes one: what a certain leaver cannot take, the others carry. Sums are exact
    (``fsum``), so that a seed's chances do not depend on which others share its batch.
    """
    fixed = exact_sum(other)
    if expected <= fixed:
        return other * (max(expected, 0.0) / fixed) if fixed else other
    capped = np.zeros(len(other), dtype=bool)
    while True:
        wanted = expected - float(capped.sum()) - exact_sum(other[~capped])
        base = exact_sum(turnover_hazard[~capped])
        if base < NO_HAZARD:
            return np.where(capped, 1.0, other)
        chance = np.where(capped, 1.0, other + turnover_hazard * (wanted / base))
        over = (chance > 1.0) & ~capped
        if not over.any():
            return chance
        capped |= over
