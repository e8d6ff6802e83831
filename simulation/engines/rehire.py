"""Which former employees come back: at their old pay, raised to the band, their service restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation import headcount
from simulation.dates import day_in
from simulation.engines.decided import decided
from simulation.job_levels import of_levels
from simulation.rehiring import candidates
from simulation.rng import Purpose, uniform
from simulation.rules.days import ONE_DAY
from simulation.rules.rounding import half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the rehires of the year: no more than there is room for, the lowest draws first."""
    people = candidates(context, state)
    drawn = people.hstack([uniform(people, Purpose.REHIRE, context.year).alias("draw")])
    back = drawn.filter(pl.col("draw") < pl.col("chance")).sort("seed", "draw", "employee_id")
    if back.is_empty():
        return {}
    return {"rehire": _events(context, _as_many_as_fit(context, state, back))}


def _as_many_as_fit(context: YearContext, state: State, back: pl.DataFrame) -> pl.DataFrame:
    """Return the first of each seed: to the target where it must be met, and within the limit."""
    hiring, exact = context.scenario.workforce.hiring, context.scenario.workforce.growth.mode == "exact"
    counts = headcount.opening(context, state)
    room = np.full_like(counts.present, 2**31 if hiring.limit is None else hiring.limit)
    if exact:
        room = np.minimum(np.maximum(headcount.target(context, counts) - counts.present, 0), room)
    seeds = back["seed"].to_numpy()
    nth = np.arange(back.height) - np.searchsorted(seeds, seeds)
    return back[np.flatnonzero(nth < room[np.searchsorted(counts.seed, seeds)])]


def _events(context: YearContext, back: pl.DataFrame) -> pl.DataFrame:
    full, hours = context.scenario.workforce.hours.full_time_hours, back["scheduled_hours"].to_numpy()
    least = of_levels(context.bands, "minimum_cents")[back["job_level"].to_numpy()]
    pay = np.maximum(back["compensation_cents"].to_numpy(), half_up(least * hours, full))
    when = uniform(back, Purpose.REHIRE_DATE, context.year).to_numpy()
    on = day_in(context.year, when, tuple(context.scenario.workforce.hiring.month_weights))
    return decided(
        back,
        "rehire",
        rule="workforce.rehire.rate",
        amount=pay,
        probability=back["chance"],
        draw=back["draw"],
        effective_date=on,
        annual_compensation_cents=pay,
        service_date=back["service_date"].to_numpy() + (on - back["termination_date"].to_numpy()) - ONE_DAY,
    )
