"""Which former employees come back: at their old pay, raised to the band, their service restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    if people.is_empty():
        return {}
    months = tuple(context.scenario.workforce.hiring.month_weights)
    back = (
        people.with_columns(
            draw=uniform(people, Purpose.REHIRE, context.year),
            effective_date=day_in(
                context.year, pl.lit(uniform(people, Purpose.REHIRE_DATE, context.year)), months
            ),
        )
        .filter(pl.col("draw") < pl.col("chance"))
        .join(_room(context, state), on="seed")
        .sort("seed", "draw", "employee_id")
        .filter(pl.int_range(pl.len()).over("seed") < pl.col("room"))
    )
    return {"rehire": _events(context, back)}


def _room(context: YearContext, state: State) -> pl.DataFrame:
    """Return the places open by seed: to the target where it must be met, and within the limit."""
    workforce = context.scenario.workforce
    most = pl.lit(2**31 if workforce.hiring.limit is None else workforce.hiring.limit, dtype=pl.Int64)
    to_target = pl.max_horizontal(headcount.target(context) - pl.col("present"), pl.lit(0))
    room = pl.min_horizontal(to_target, most) if workforce.growth.mode == "exact" else most
    return headcount.opening(context, state).select("seed", room=room)


def _events(context: YearContext, back: pl.DataFrame) -> pl.DataFrame:
    full = context.scenario.workforce.hours.full_time_hours
    floor = divide_half_up(pl.col("minimum_cents") * pl.col("scheduled_hours").cast(pl.Int64), full)
    gone = pl.col("effective_date") - pl.col("termination_date")
    return decided(
        back.join(context.bands, on="job_level", how="left").with_columns(
            annual_compensation_cents=pl.max_horizontal("compensation_cents", floor),
            service_date=pl.col("service_date") + gone - pl.duration(days=1),
        ),
        "rehire",
        rule="workforce.rehire.rate",
        amount=pl.col("annual_compensation_cents"),
        probability=pl.col("chance"),
        draw=pl.col("draw"),
    )
