"""Who takes unpaid leave, from when and for how long; pay and hours of the year are prorated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import year_end, year_start
from simulation.engines.decided import decided
from simulation.rng import Purpose, uniform
from simulation.rules.days import ONE_DAY, day_between
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
    taken = people[IDENTITY][taking]
    length = uniform(taken, Purpose.LEAVE_DAYS, year).to_numpy()
    days = fewest + np.floor(length * span).astype(np.int64)
    first = np.full(len(days), np.datetime64(year_start(year)))
    latest = np.datetime64(year_end(year)) - (days - 1) * ONE_DAY
    start = uniform(taken, Purpose.LEAVE_DAYS, year, k=1).to_numpy()
    return {
        "leave": decided(
            taken,
            "leave",
            rule="workforce.hours.leave_rate",
            probability=rate,
            draw=draw[taking],
            effective_date=day_between(first, latest, start),
            days=days,
        )
    }


_READ = [*IDENTITY, "termination_date", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""

_PRESENT = employed() & pl.col("opened_year")
