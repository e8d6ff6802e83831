"""Raises: cost of living, merit, market and promotion, each on its day, one upon the other.

A year's raises of one person are applied in the order of their dates, so that a July promotion builds on
an April merit raise. Bands hold pay at their maximum unless the scenario lets it pass; nobody is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import polars as pl

from simulation.dates import day_in, day_number
from simulation.engines.decided import decided
from simulation.events import empty
from simulation.job_levels import of_levels
from simulation.rng import Purpose, uniform
from simulation.rules.rounding import Truths, Whole, Wholes, half_up
from simulation.state import IDENTITY
from simulation.units import BP, CENTS_PER_DOLLAR, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters import Effective
    from simulation.state import State

KINDS: Final = ("cola", "merit", "market", "promotion")
"""In the order in which raises of one day are applied."""

MARKET, PROMOTION = KINDS.index("market"), KINDS.index("promotion")

DAYS = 365
"""Merit of somebody new to the job is paid for the days served of this many before it."""


class Asked(NamedTuple):
    """The raises asked for, one row a person and one column each: place of the kind, day, rate (bp).

    A market adjustment's rate is the share of the way to the midpoint; all others are of pay.
    """

    kind: Whole
    day: Whole
    rate_bp: Whole


class Bands(NamedTuple):
    """This year's pay limits of each person's level and hours, in cents; noughts where there is no band."""

    minimum: Whole
    midpoint: Whole
    maximum: Whole


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the raises of people who were there on 1 January and still are on the raise's day."""
    people = state.people[_READ].lazy().filter("opened_year").select(_NUMBERS).collect()
    if people.is_empty():
        return {"raise": empty("raise")}
    asked = _in_order(_asked(context, people))
    return {"raise": _events(people, asked, _pays(context, people, asked))}


_READ = [
    *IDENTITY,
    "hire_date",
    "job_level",
    "compensation_cents",
    "scheduled_hours",
    "performance_rating",
    "termination_date",
    "opened_year",
    "opening_compensation_cents",
    "promotion_date",
    "promotion_raise_bp",
]
"""What is read of the people: only this is copied when they are filtered."""

NEVER: Final = 2_000_000
"""The day of what does not happen, later than any other."""


def _day_or_never(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int32).cast(pl.Int64).fill_null(NEVER)


_NUMBERS = (
    *map(pl.col, IDENTITY),
    _day_or_never("hire_date").alias("hired"),
    _day_or_never("termination_date").alias("last"),
    _day_or_never("promotion_date").alias("promoted"),
    pl.col("job_level").cast(pl.Int64).alias("level"),
    pl.col("scheduled_hours").cast(pl.Int64).alias("hours"),
    pl.col("performance_rating").cast(pl.Int64).fill_null(0).alias("rating"),
    pl.col("promotion_raise_bp").cast(pl.Int64).fill_null(0).alias("promotion_bp"),
    pl.col("compensation_cents").alias("pay"),
    pl.col("opening_compensation_cents").alias("opening_pay"),
)
"""People as whole numbers without nulls: days as numbers, no rating as nought."""


def _asked(context: YearContext, people: pl.DataFrame) -> Asked:
    """Return the asks of each kind in the order of ``KINDS``; what comes after the last day has no rate."""
    pay = context.scenario.compensation
    last, promoted, level = (people[name].to_numpy() for name in ("last", "promoted", "level"))
    merit_day = _day(context, people, "merit", pay.merit.effective)
    days = (
        _day(context, people, "cola", pay.cola.effective),
        merit_day,
        _day(context, people, "market", pay.market.effective),
        promoted,
    )
    rates = (
        of_levels(context.levers, "cola_bp")[level],
        _merit(context, people, merit_day),
        basis_points(pay.market.share_of_gap),
        people["promotion_bp"].to_numpy(),
    )
    day = np.stack(np.broadcast_arrays(*days), axis=1)
    rate_bp = np.stack(np.broadcast_arrays(*rates), axis=1)
    on_time = day <= last[:, None]
    return Asked(np.broadcast_to(np.arange(len(KINDS)), day.shape), day, np.where(on_time, rate_bp, 0))


def _day(context: YearContext, people: pl.DataFrame, kind: str, effective: Effective) -> Wholes:
    """Return the day of a raise: the same for all, or drawn over the months."""
    if isinstance(effective, str):
        return day_number(effective.in_year(context.year))
    draw = uniform(people, Purpose.RAISE_DATE, context.year, k=KINDS.index(kind)).to_numpy()
    return day_in(context.year, draw, tuple(effective)).astype(np.int64)


def _merit(context: YearContext, people: pl.DataFrame, merit_day: Wholes) -> Whole:
    """Return the level's merit rate times the rating's multiplier, held to the budget, for days served.

    No rating counts as a multiplier of one.
    """
    merit = context.scenario.compensation.merit
    multipliers = {rating: basis_points(value) for rating, value in merit.rating_multiplier.items()}
    level, rating = people["level"].to_numpy(), people["rating"].to_numpy()
    multiplier = np.array([multipliers.get(value, BP) for value in range(rating.max() + 1)])[rating]
    rate = half_up(of_levels(context.levers, "merit_bp")[level] * multiplier, BP)
    if merit.budget is not None:
        rate = _to_budget(context, people, rate, basis_points(merit.budget))
    return half_up(rate * _days_served(people, merit_day), DAYS) if merit.prorate_new_hires else rate


def _to_budget(context: YearContext, people: pl.DataFrame, rate_bp: Whole, budget_bp: int) -> Whole:
    """Return merit rates scaled so that, paid to all, they cost the budget's share of opening payroll.

    Only levels whose rate is not set by a levers file are scaled, against their own payroll.
    """
    scaled = of_levels(context.levers, "merit_scaled")[people["level"].to_numpy()]
    pay = people["opening_pay"].to_numpy() // CENTS_PER_DOLLAR * scaled
    _, begins, counts = np.unique(people["seed"].to_numpy(), return_index=True, return_counts=True)
    budget, unscaled = np.add.reduceat(pay, begins) * budget_bp, np.add.reduceat(pay * rate_bp, begins)
    factor = np.repeat(budget * _FACTOR_ONE // np.maximum(unscaled, 1), counts)
    return np.where(scaled, half_up(rate_bp * factor, _FACTOR_ONE), rate_bp)


_FACTOR_ONE = 10_000


def _days_served(people: pl.DataFrame, merit_day: Wholes) -> Whole:
    """Return the days since hire or this year's promotion, at most a year's."""
    promoted, hired = people["promoted"].to_numpy(), people["hired"].to_numpy()
    return np.clip(merit_day - np.where(promoted < merit_day, promoted, hired), 0, DAYS)


def _in_order(asked: Asked) -> Asked:
    """Return the asks of each person by their days, those of one day in the order of ``KINDS``."""
    order = np.argsort(asked.day * len(KINDS) + asked.kind, axis=1)
    return Asked(order, *(np.take_along_axis(part, order, axis=1) for part in (asked.day, asked.rate_bp)))


def _pays(context: YearContext, people: pl.DataFrame, asked: Asked) -> list[Whole]:
    """Return annual pay before the first ask and after each, held in the bands of that day's level."""
    level, promoted = people["level"].to_numpy(), people["promoted"].to_numpy()
    before, after = (_bands(context, people, of) for of in (level - (promoted < NEVER), level))
    pays = [people["pay"].to_numpy()]
    for kind, day, rate_bp in zip(asked.kind.T, asked.day.T, asked.rate_bp.T, strict=True):
        moved = day >= promoted
        bands = Bands(*(np.where(moved, getattr(after, of), getattr(before, of)) for of in Bands._fields))
        raised = _raised(pays[-1], kind, rate_bp, bands)
        if not context.scenario.compensation.bands.allow_exceed:
            raised = np.minimum(raised, np.maximum(bands.maximum, pays[-1]))
        pays.append(raised)
    return pays


def _bands(context: YearContext, people: pl.DataFrame, level: Whole) -> Bands:
    """Return the bands of levels for each person's hours."""
    full, hours = context.scenario.workforce.hours.full_time_hours, people["hours"].to_numpy()
    return Bands(
        *(half_up(of_levels(context.bands, f"{of}_cents")[level] * hours, full) for of in Bands._fields)
    )


def _raised(pay: Whole, kind: Whole, rate_bp: Whole, bands: Bands) -> Whole:
    """Return the pay after one raise each; a promotion lifts to the new level's minimum."""
    gap = np.maximum(bands.midpoint - pay, 0)
    raised = pay + half_up(np.where(kind == MARKET, gap, pay) * rate_bp, BP)
    lifted: Truths = (kind == PROMOTION) & (rate_bp > 0)
    return np.where(lifted, np.maximum(raised, bands.minimum), raised)


def _events(people: pl.DataFrame, asked: Asked, pays: list[Whole]) -> pl.DataFrame:
    """Return the raises, turn by turn; an ask that changes nothing is no event."""
    pay = np.stack(pays)
    turns, rows = (place.astype(np.uint32) for place in np.nonzero(pay[1:] > pay[:-1]))
    kinds, before, after = asked.kind[rows, turns].astype(np.uint32), pay[turns, rows], pay[turns + 1, rows]
    return decided(
        people[["seed", "person", "employee_id"]][rows],
        "raise",
        rule=_RULE[kinds],
        amount=after - before,
        effective_date=asked.day[rows, turns].astype("datetime64[D]"),
        kind=_KIND[kinds],
        rate_bp=asked.rate_bp[rows, turns],
        previous_compensation_cents=before,
        new_compensation_cents=after,
    )


_KIND = pl.Series("kind", KINDS, dtype=pl.Categorical)
_RULE = pl.Series("rule", [f"compensation.{kind}" for kind in KINDS], dtype=pl.Categorical)
