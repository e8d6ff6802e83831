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
from simulation.rng import Purpose, uniform, uniforms
from simulation.units import BP, divide_half_up

if TYPE_CHECKING:
    import numpy.typing as npt

    from simulation.context import YearContext
    from simulation.profile import Column

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
        {"job_level": levels[first], "slot": np.tile(slot, len(weights))[first]}
    ).with_row_index("order")


def people(context: YearContext, count: int) -> pl.DataFrame:
    """Return the first ``count`` slots of the year for every seed of the batch, each as a whole person.

    One row a seed and slot in opening order: the columns of a hire event, ``person_key`` and ``order``.
    """
    year, profile = context.year, context.profile
    turns = sequence(level_weights(context), count).with_columns(employee_id=slot_ids(year))
    turns = turns.with_columns(person_keys(turns["employee_id"]))
    slots = context.seed_frame().join(turns, how="cross").sort("seed", "order")

    draws = dict(zip(_DRAWN, uniforms(slots, _DRAWN, year), strict=True))

    def pick(column: Column, purpose: Purpose) -> npt.NDArray[np.int64]:
        return column.pick(slots["job_level"].to_numpy().astype(np.int64), draws[purpose])

    hire_date = day_in(year, pl.lit(pl.Series(draws[Purpose.HIRE_DATE])), _months(context))
    places = pl.Series(pick(profile.department, Purpose.HIRE_DEPARTMENT))
    return (
        slots.with_columns(
            hire_date=hire_date,
            age_days=pl.Series(pick(profile.age_days, Purpose.HIRE_AGE)),
            pay=pl.Series(pick(profile.pay_cents, Purpose.HIRE_PAY)),
            department=places.replace_strict(range(len(profile.departments)), profile.departments),
            scheduled_hours=_hours(context, slots, pick(profile.scheduled_hours, Purpose.HIRE_PART_TIME)),
        )
        .with_columns(birth_date=pl.col("hire_date") - pl.duration(days="age_days"))
        .with_columns(annual_compensation_cents=_starting_pay(context, slots))
        .with_columns(
            performance_rating=pl.lit(None, dtype=pl.Int8),
            employee_class=pl.lit("regular"),
            service_date="hire_date",
        )
    )


_DRAWN = (
    Purpose.HIRE_DATE,
    Purpose.HIRE_AGE,
    Purpose.HIRE_PAY,
    Purpose.HIRE_DEPARTMENT,
    Purpose.HIRE_PART_TIME,
)
"""What is drawn of a new person."""


def _months(context: YearContext) -> tuple[int, ...]:
    return tuple(context.scenario.workforce.hiring.month_weights)


def _hours(
    context: YearContext, slots: pl.DataFrame, from_census: npt.NDArray[np.int64]
) -> pl.Series | pl.Expr:
    share = context.scenario.workforce.hiring.part_time_share
    if share is None:
        return pl.Series(from_census, dtype=pl.Int32)
    full = context.scenario.workforce.hours.full_time_hours
    part = uniform(slots, Purpose.HIRE_PART_TIME, context.year) < float(share)
    return pl.when(part).then(full // HALF_TIME).otherwise(full).cast(pl.Int32)


def _starting_pay(context: YearContext, slots: pl.DataFrame) -> pl.Expr:
    """Return the yearly pay: the census's, moved with the pay structure, adjusted, held in its band."""
    levels = slots.select("job_level").join(
        context.levers.join(context.structure, on="job_level").join(
            context.bands, on="job_level", how="left"
        ),
        on="job_level",
        how="left",
        maintain_order="left",
    )
    column = {name: pl.lit(levels[name]) for name in levels.columns}
    indexed = divide_half_up(pl.col("pay") * column["index"], INDEX_ONE)
    asked = divide_half_up(indexed * column["new_hire_adjustment_bp"].cast(pl.Int64), BP)
    if not context.scenario.compensation.bands.allow_exceed:
        asked = pl.min_horizontal(pl.max_horizontal(asked, column["minimum_cents"]), column["maximum_cents"])
    full = context.scenario.workforce.hours.full_time_hours
    dollars = divide_half_up(asked * pl.col("scheduled_hours").cast(pl.Int64), full * WHOLE_DOLLAR)
    return pl.max_horizontal(dollars, pl.lit(1)) * WHOLE_DOLLAR
