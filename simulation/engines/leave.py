"""Who takes unpaid leave, from when and for how long; pay and hours of the year are prorated."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    people = state.people.select(_READ).filter(employed() & pl.col("opened_year"))
    rate, fewest = float(hours.leave_rate), int(hours.leave_min_days)
    span = int(hours.leave_max_days) - fewest + 1
    taken = people.with_columns(uniform(people, Purpose.LEAVE, year), chance=pl.lit(rate)).filter(
        pl.col("leave") < rate
    )
    length = pl.lit(uniform(taken, Purpose.LEAVE_DAYS, year))
    taken = taken.with_columns(days=fewest + (length * span).floor().cast(pl.Int32))
    return {
        "leave": decided(
            _dated(taken, year),
            "leave",
            rule="workforce.hours.leave_rate",
            probability=pl.col("chance"),
            draw=pl.col("leave"),
        )
    }


_READ = (*IDENTITY, "termination_date", "opened_year")
"""What is read of the people: only this is copied when they are filtered."""


def _dated(taken: pl.DataFrame, year: int) -> pl.DataFrame:
    latest = pl.lit(year_end(year)) - pl.duration(days=pl.col("days") - 1)
    start = day_between(
        pl.lit(year_start(year)), latest, pl.lit(uniform(taken, Purpose.LEAVE_DAYS, year, k=1))
    )
    return taken.with_columns(effective_date=start)
