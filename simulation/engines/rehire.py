"""Which former employees come back: at their old pay, raised to the band, their service restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation import headcount
from simulation.dates import day_in
from simulation.engines.decided import decided
from simulation.rehiring import candidates
from simulation.rng import Purpose, uniform
from simulation.units import divide_half_up

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
    most = pl.lit(2**31 if hiring.limit is None else hiring.limit, dtype=pl.Int64)
    to_target = pl.max_horizontal(headcount.target(context) - pl.col("present"), pl.lit(0))
    room = pl.min_horizontal(to_target, most) if exact else most
    places = headcount.opening(context, state).select("seed", room=room)
    seeds = back["seed"].to_numpy()
    nth = np.arange(back.height) - np.searchsorted(seeds, seeds)
    open_to_it = places["room"].to_numpy()[np.searchsorted(places["seed"].to_numpy(), seeds)]
    return back[np.flatnonzero(nth < open_to_it)]


def _events(context: YearContext, back: pl.DataFrame) -> pl.DataFrame:
    full = context.scenario.workforce.hours.full_time_hours
    floor = divide_half_up(pl.col("minimum_cents") * pl.col("scheduled_hours").cast(pl.Int64), full)
    when = pl.lit(uniform(back, Purpose.REHIRE_DATE, context.year))
    months = tuple(context.scenario.workforce.hiring.month_weights)
    dated = back.with_columns(
        effective_date=day_in(context.year, when, months),
        minimum_cents=pl.col("job_level").replace_strict(
            context.bands["job_level"], context.bands["minimum_cents"], default=None
        ),
    )
    gone = pl.col("effective_date") - pl.col("termination_date")
    return decided(
        dated.with_columns(
            annual_compensation_cents=pl.max_horizontal("compensation_cents", floor),
            service_date=pl.col("service_date") + gone - pl.duration(days=1),
        ),
        "rehire",
        rule="workforce.rehire.rate",
        amount=pl.col("annual_compensation_cents"),
        probability=pl.col("chance"),
        draw=pl.col("draw"),
    )
