"""Future hires: a requisition slot (year, level, n-th) is a person, whole, before anybody opens it.

Who fills a slot is a function of the seed and the slot alone, so that hire 17 of 2027 is the same person
in every scenario with that seed. How many slots are opened is the hiring engine's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.context import INDEX_ONE
from simulation.dates import day_in
from simulation.hazards import level_weights
from simulation.ids import person_keys, slot_ids
from simulation.job_levels import of_levels
from simulation.rng import Purpose, uniform, uniforms
from simulation.rules.days import ONE_DAY
from simulation.rules.rounding import half_up
from simulation.units import BP

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.rules.rounding import Whole

WHOLE_DOLLAR = 100
HALF_TIME = 2
"""A part-timer works half of full time where the census does not say."""


def sequence(weights: dict[int, float], count: int) -> pl.DataFrame:
    """Return the first requisitions of a year in the order of opening: ``order``, ``job_level``, ``slot``.

    Levels take turns in proportion to their weights (Webster's divisors), so that any first n of them are
    as near to the mix as n allows.
    """
    slot = np.arange(1, count + 1, dtype=np.int32)
    turns = (slot - 0.5) * (1 / np.array([*weights.values()]))[:, None]
    # A stable sort: levels whose turns come together keep their order.
    first = np.argsort(turns.ravel(), kind="stable")[:count]
    levels = np.repeat(np.array([*weights], dtype=np.int8), count)
    return pl.DataFrame(
        {
            "order": np.arange(count, dtype=np.uint32),
            "job_level": levels[first],
            "slot": np.tile(slot, len(weights))[first],
        }
    )


def people(context: YearContext, count: int) -> pl.DataFrame:
    """Return the first ``count`` slots of the year for every seed of the batch, each as a whole person.

    One row a seed and slot in opening order: the columns of a hire event that are not the same for all,
    ``person_key`` and ``order``.
    """
    year, profile = context.year, context.profile
    turns = sequence(level_weights(context), count).with_columns(employee_id=slot_ids(year))
    seeds = np.sort(np.array(context.seeds, dtype=np.uint64))
    slots = turns.hstack([person_keys(turns["employee_id"])])[np.tile(np.arange(count), len(seeds))]
    slots = slots.hstack([pl.Series("seed", np.repeat(seeds, count))])
    draws = dict(zip(_DRAWN, uniforms(slots, _DRAWN, year), strict=True))
    level = slots["job_level"].to_numpy().astype(np.int64)
    hired = day_in(year, draws[Purpose.HIRE_DATE], tuple(context.scenario.workforce.hiring.month_weights))
    aged = profile.age_days.pick(level, draws[Purpose.HIRE_AGE])
    usual = profile.pay_cents.pick(level, draws[Purpose.HIRE_PAY])
    hours = _hours(context, slots, profile.scheduled_hours.pick(level, draws[Purpose.HIRE_PART_TIME]))
    names = pl.Series("department", profile.departments, dtype=pl.String)
    return slots.hstack(
        [
            pl.Series("hire_date", hired),
            pl.Series("service_date", hired),
            pl.Series("birth_date", hired - aged * ONE_DAY),
            pl.Series("scheduled_hours", hours, dtype=pl.Int32),
            pl.Series("annual_compensation_cents", _starting_pay(context, level, usual, hours)),
            names[profile.department.pick(level, draws[Purpose.HIRE_DEPARTMENT])],
        ]
    )


_DRAWN = (
    Purpose.HIRE_DATE,
    Purpose.HIRE_AGE,
    Purpose.HIRE_PAY,
    Purpose.HIRE_DEPARTMENT,
    Purpose.HIRE_PART_TIME,
)
"""What is drawn of a new person."""


def _hours(context: YearContext, slots: pl.DataFrame, from_census: Whole) -> Whole:
    share = context.scenario.workforce.hiring.part_time_share
    if share is None:
        return from_census
    full = context.scenario.workforce.hours.full_time_hours
    draw = uniform(slots, Purpose.HIRE_PART_TIME, context.year).to_numpy()
    return np.where(draw < float(share), full // HALF_TIME, full)


def _starting_pay(context: YearContext, level: Whole, usual: Whole, hours: Whole) -> Whole:
    """Return the yearly pay: the census's, moved with the pay structure, adjusted, held in its band."""
    indexed = half_up(usual * of_levels(context.structure, "index")[level], INDEX_ONE)
    asked = half_up(indexed * of_levels(context.levers, "new_hire_adjustment_bp")[level], BP)
    if not context.scenario.compensation.bands.allow_exceed:
        least, most = (
            of_levels(context.bands, name, absent)[level]
            for name, absent in (("minimum_cents", 0), ("maximum_cents", _NO_MAXIMUM))
        )
        asked = np.minimum(np.maximum(asked, least), most)
    full = context.scenario.workforce.hours.full_time_hours
    return np.maximum(half_up(asked * hours, full * WHOLE_DOLLAR), 1) * WHOLE_DOLLAR


_NO_MAXIMUM = int(np.iinfo(np.int64).max)
