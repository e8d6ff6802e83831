"""Who takes unpaid leave, from when and for how long; pay and hours of the year are prorated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import day_between, year_end, year_start
from simulation.engines.decided import decided
from simulation.rng import Purpose, uniform
from simulation.state import IDENTITY, employed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the leaves of people who work the whole year through."""
    hours, year = context.scenario.workforce.hours, context.year
    people = state.people[_READ].filter(_PRESENT)
    rate, fewest = float(hours.leave_rate), int(hours.leave_min_days)
    span = int(hours.leave_max_days) - fewest + 1
    draw = uniform(people, Purpose.LEAVE, year).to_numpy()
    taking = np.flatnonzero(draw < rate).astype(np.uint32)
    taken = people[list(IDENTITY)][taking]
    length = uniform(taken, Purpose.LEAVE_DAYS, year).to_numpy()
    days = pl.Series("days", fewest + np.floor(length * span).astype(np.int32), dtype=pl.Int32)
    taken = taken.hstack([days, pl.Series("draw", draw[taking])])
    return {
        "leave": decided(
            _dated(taken, year),
            "leave",
            rule="workforce.hours.leave_rate",
            probability=pl.lit(rate),
            draw=pl.col("draw"),
        )
    }


_READ = [*IDENTITY, "termination_date", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""

_PRESENT = employed() & pl.col("opened_year")


def _dated(taken: pl.DataFrame, year: int) -> pl.DataFrame:
    latest = pl.lit(year_end(year)) - pl.duration(days=pl.col("days") - 1)
    start = day_between(
        pl.lit(year_start(year)), latest, pl.lit(uniform(taken, Purpose.LEAVE_DAYS, year, k=1))
    )
    return taken.with_columns(effective_date=start)
