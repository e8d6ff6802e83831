"""Who moves up a level, when, and with what raise drawn; what is paid is the compensation engine's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import day_in, years_on_new_year
from simulation.engines.decided import decided
from simulation.hazards import by_years, expected_number
from simulation.job_levels import of_levels
from simulation.rng import Purpose, uniform, uniforms
from simulation.state import IDENTITY
from simulation.units import BP, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.hazards import Floats
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the promotions of the year among people who stay through it."""
    year, promotion = context.year, context.scenario.workforce.promotion
    people = state.people[_READ].filter("opened_year")
    chance = _chance(context, people)
    able = np.flatnonzero(chance).astype(np.uint32)
    draw = uniform(people[["seed", "person_key"]][able], Purpose.PROMOTION, year).to_numpy()
    drawn = np.flatnonzero(draw < chance[able])
    moved = people[[*IDENTITY, "job_level"]][able[drawn]]
    when, size = uniforms(moved, (Purpose.PROMOTION_DATE, Purpose.PROMOTION_RAISE), year)
    offset = np.rint((2 * size - 1) * basis_points(promotion.raise_spread)).astype(np.int64)
    level = moved["job_level"].to_numpy()
    usual = of_levels(context.levers, "promotion_raise_bp")[level]
    return {
        "promotion": decided(
            moved,
            "promotion",
            rule="workforce.promotion.by_level",
            probability=chance[able[drawn]],
            draw=draw[drawn],
            effective_date=day_in(year, when, tuple(promotion.month_weights)),
            from_level=level,
            to_level=level + 1,
            raise_rate_bp=np.maximum(usual + offset, 0),
        )
    }


_READ = [*IDENTITY, "birth_date", "service_date", "job_level", "termination_date", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""


def _chance(context: YearContext, people: pl.DataFrame) -> Floats:
    """Return each person's chance of moving up a level.

    The hazard is level x age x service. Where a rate for all staff is asked, the hazards are scaled so
    that they add up to that share of the opening headcount, seed by seed.
    """
    promotion, year = context.scenario.workforce.promotion, context.year
    level = people["job_level"].to_numpy()
    ages, services = (years_on_new_year(people[name], year) for name in ("birth_date", "service_date"))
    hazard: Floats = (
        (of_levels(context.levers, "promotion_probability_bp") * (1 / BP))[level]
        * by_years(promotion.age_multiplier, "from_age", "multiplier")[ages]
        * by_years(promotion.tenure_multiplier, "from_years", "multiplier")[services]
    )
    left = ~np.isnat(people["termination_date"].to_numpy())
    hazard = np.where(left | (services < promotion.minimum_service_years), 0.0, hazard).clip(0.0, 1.0)
    if promotion.rate is not None:
        hazard *= _factor(context, people, hazard)
    return hazard.clip(0.0, 1.0)


def _factor(context: YearContext, people: pl.DataFrame, hazard: Floats) -> Floats:
    """Return what scales the hazards of levels without a levers row to the asked rate of their staff."""
    rate = float(context.scenario.workforce.promotion.rate or 0)
    scaled = of_levels(context.levers, "promotion_scaled")[people["job_level"].to_numpy()] > 0
    seeds = people["seed"].to_numpy()
    staff = pl.DataFrame({"seed": seeds[scaled], "hazard": hazard[scaled]})
    sums = staff.group_by("seed").agg(staff=pl.len(), expected=expected_number(pl.col("hazard")))
    factors = np.ones(people.height)
    for seed, count, expected in sums.iter_rows():
        factors[scaled & (seeds == seed)] = rate * count / expected if expected else 0.0
    return factors
