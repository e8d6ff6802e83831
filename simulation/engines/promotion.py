"""Who moves up a level, when, and with what raise drawn; what is paid is the compensation engine's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.dates import day_in, year_start
from simulation.engines.decided import decided
from simulation.hazards import expected_number, stepped, steps_of
from simulation.rng import Purpose, uniform
from simulation.state import IDENTITY, age, employed, service
from simulation.units import BP, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the promotions of the year among people who stay through it."""
    people = _with_chance(context, state)
    year, promotion = context.year, context.scenario.workforce.promotion
    spread = basis_points(promotion.raise_spread)
    chosen = people.with_columns(uniform(people, Purpose.PROMOTION, year)).filter(
        pl.col("promotion") < pl.col("chance")
    )
    when = pl.lit(uniform(chosen, Purpose.PROMOTION_DATE, year))
    draw = pl.lit(uniform(chosen, Purpose.PROMOTION_RAISE, year))
    offset = ((2 * draw - 1) * spread).round().cast(pl.Int32)
    moved = chosen.with_columns(
        effective_date=day_in(year, when, tuple(promotion.month_weights)),
        from_level="job_level",
        to_level=pl.col("job_level") + 1,
        raise_rate_bp=(pl.col("promotion_raise_bp") + offset).clip(lower_bound=0),
    )
    return {
        "promotion": decided(
            moved,
            "promotion",
            rule="workforce.promotion.by_level",
            probability=pl.col("chance"),
            draw=pl.col("promotion"),
        )
    }


def _with_chance(context: YearContext, state: State) -> pl.DataFrame:
    """Return the people who may move up, with ``chance`` and their level's ``promotion_raise_bp``.

    The hazard is level x age x service. Where a rate for all staff is asked, the hazards are scaled so
    that they add up to that share of the opening headcount, seed by seed.
    """
    promotion, on = context.scenario.workforce.promotion, year_start(context.year)
    by_level = pl.col("promotion_probability_bp") * (1 / BP)
    hazard = (
        by_level
        * stepped(age(on), steps_of(promotion.age_multiplier, "from_age", "multiplier"))
        * stepped(service(on), steps_of(promotion.tenure_multiplier, "from_years", "multiplier"))
    )
    ready = employed() & (service(on) >= promotion.minimum_service_years)
    opened = state.people.select(_READ).filter("opened_year")
    rated = opened.join(context.levers, on="job_level", maintain_order="left").with_columns(
        hazard=pl.when(ready).then(hazard).otherwise(0.0).clip(0.0, 1.0)
    )
    if promotion.rate is not None:
        rated = rated.with_columns(hazard=pl.col("hazard") * _factor(rated, float(promotion.rate)))
    return rated.with_columns(chance=pl.col("hazard").clip(0.0, 1.0)).filter(pl.col("hazard") > 0.0)


_READ = (*IDENTITY, "birth_date", "service_date", "job_level", "termination_date", "opened_year")
"""What is read of the people: only this is copied when they are filtered."""


def _factor(rated: pl.DataFrame, rate: float) -> pl.Expr:
    """Return what scales the hazards of levels without a levers row to the asked rate of their staff."""
    scaled = rated.filter("promotion_scaled").group_by("seed")
    sums = scaled.agg(staff=pl.len(), expected=expected_number(pl.col("hazard")))
    factors = {
        seed: rate * staff / expected if expected else 0.0 for seed, staff, expected in sums.iter_rows()
    }
    by_seed = pl.col("seed").replace_strict(factors, default=1.0, return_dtype=pl.Float64)
    return pl.when("promotion_scaled").then(by_seed).otherwise(1.0)
