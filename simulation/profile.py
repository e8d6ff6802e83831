"""What a census says of the people whom the employer hires: the source of new hires' pay, age and place.

Taken once from the opening census, so that it is the same in every scenario and seed. Values are order
statistics: a draw picks a real person's figure, so that no curve has to be fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.frames import JOB_LEVELS
from simulation.units import divide_half_up

RECENT_YEARS = 5
FEWEST_RECENT = 30
"""Recent hires describe hiring best; below this many the whole census does."""


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute, sorted within each level, the levels laid end to end."""

    values: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    count: npt.NDArray[np.int64]

    def pick(self, levels: npt.NDArray[np.int64], draw: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return one value a row: the order statistic of its level that the draw points at."""
        position = levels - JOB_LEVELS.start
        offset = np.minimum((draw * self.count[position]).astype(np.int64), self.count[position] - 1)
        return self.values[self.first[position] + offset]


class HiringProfile(NamedTuple):
    """New hires by level: mix, full-time pay, days of age when hired, department and hours.

    ``departments`` are the names that the ``department`` column's numbers stand for.
    """

    level_counts: dict[int, int]
    pay_cents: Column
    age_days: Column
    department: Column
    scheduled_hours: Column
    departments: tuple[str, ...]


def hiring_profile(census: pl.DataFrame, full_time_hours: int) -> HiringProfile:
    """Return the profile of a census frame (``CensusFrame``), recent hires first."""
    names = tuple(census["department"].unique().sort())
    people = census.select(
        "job_level",
        "scheduled_hours",
        pay=divide_half_up(
            pl.col("compensation_cents") * full_time_hours, pl.col("scheduled_hours").cast(pl.Int64)
        ),
        age=(pl.col("hire_date") - pl.col("birth_date")).dt.total_days(),
        place=pl.col("department").replace_strict(names, range(len(names)), return_dtype=pl.Int64),
        recent=pl.col("hire_date").dt.year() > pl.col("hire_date").dt.year().max() - RECENT_YEARS,
    )
    recent = people.filter("recent")
    base = recent if recent.height >= FEWEST_RECENT else people
    return HiringProfile(
        level_counts=dict(base["job_level"].value_counts().sort("job_level").iter_rows()),
        pay_cents=_column(people, base, "pay"),
        age_days=_column(people, base, "age"),
        department=_column(people, base, "place"),
        scheduled_hours=_column(people, base, "scheduled_hours"),
        departments=names,
    )


def _column(people: pl.DataFrame, base: pl.DataFrame, name: str) -> Column:
    """Return one attribute by level; a level without hires is described by all its people, or by all."""
    parts = _by_level(base, name)
    if not all(map(len, parts)):
        every = np.sort(people[name].to_numpy().astype(np.int64))
        levels = zip(parts, _by_level(people, name), strict=True)
        parts = [next(part for part in (*choices, every) if len(part)) for choices in levels]
    count = np.array([len(part) for part in parts], dtype=np.int64)
    return Column(np.concatenate(parts), np.concatenate([[0], np.cumsum(count)[:-1]]), count)


def _by_level(people: pl.DataFrame, name: str) -> list[npt.NDArray[np.int64]]:
    """Return one attribute of the people of each level, sorted."""
    values, levels = people[name].to_numpy().astype(np.int64), people["job_level"].to_numpy()
    order = np.lexsort((values, levels))
    return np.split(values[order], np.searchsorted(levels[order], JOB_LEVELS[1:]))
