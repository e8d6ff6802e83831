"""Raises: cost of living, merit, market and promotion, each on its day, one upon the other.

A year's raises of one person are applied in the order of their dates, so that a July promotion builds on
an April merit raise. Bands hold pay at their maximum unless the scenario lets it pass; nobody is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.dates import day_in
from simulation.engines.decided import decided
from simulation.events import empty
from simulation.rng import Purpose, uniform
from simulation.state import KEYS, last_day
from simulation.units import BP, CENTS_PER_DOLLAR, basis_points, divide_half_up, share

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from simulation.context import YearContext
    from simulation.parameters import Effective
    from simulation.state import State

KINDS = ("cola", "merit", "market", "promotion")
"""In the order in which raises of one day are applied."""

DAYS = 365
"""Merit of somebody new to the job is paid for the days served of this many before it."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the raises of people who were there on 1 January and still are on the raise's day."""
    people = _people(context, state)
    asked = pl.concat(
        [_cola(context, people), _merit(context, people), _market(context, people), _promotion(people)]
    )
    last = people.select(*KEYS, last=last_day(context.year))
    on_time = asked.join(last, on=KEYS, maintain_order="left").filter(
        pl.col("effective_date") <= pl.col("last")
    )
    return {"raise": _one_upon_the_other(context, people, on_time.drop("last"))}


def _people(context: YearContext, state: State) -> pl.DataFrame:
    return state.people.filter("opened_year").join(
        context.levers.drop("promotion_raise_bp"), on="job_level", maintain_order="left"
    )


def _asks(people: pl.DataFrame, kind: str, day: date | pl.Expr, rate_bp: pl.Expr) -> pl.DataFrame:
    """Return what one kind asks for: who, when, at what rate."""
    return people.select(
        *KEYS,
        kind=pl.lit(kind),
        order=pl.lit(KINDS.index(kind), dtype=pl.Int8),
        effective_date=pl.lit(day) if not isinstance(day, pl.Expr) else day,
        rate_bp=rate_bp.cast(pl.Int32),
    )


def _day(context: YearContext, people: pl.DataFrame, kind: str, effective: Effective) -> pl.Expr:
    """Return the day of a raise: the same for all, or drawn over the months."""
    if isinstance(effective, str):
        return pl.lit(effective.in_year(context.year))
    draw = uniform(people, Purpose.RAISE_DATE, context.year, k=KINDS.index(kind))
    return day_in(context.year, pl.lit(draw), tuple(effective))


def _cola(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    day = _day(context, people, "cola", context.scenario.compensation.cola.effective)
    return _asks(people, "cola", day, pl.col("cola_bp")).filter(pl.col("rate_bp") > 0)


def _merit(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return merit raises: by level and rating, scaled to the budget, prorated for the new to the job."""
    merit = context.scenario.compensation.merit
    by_rating = {rating: basis_points(value) for rating, value in merit.rating_multiplier.items()}
    rating = (
        pl.col("performance_rating")
        .replace_strict(by_rating, default=BP, return_dtype=pl.Int64)
        .fill_null(BP)
    )
    rated = people.with_columns(
        rated_bp=divide_half_up(pl.col("merit_bp").cast(pl.Int64) * rating, BP),
        day=_day(context, people, "merit", merit.effective),
    )
    if merit.budget is not None:
        rated = rated.with_columns(rated_bp=_to_budget(basis_points(merit.budget)))
    rate = pl.col("rated_bp")
    if merit.prorate_new_hires:
        rate = divide_half_up(rate * _days_served(), DAYS)
    return _asks(rated, "merit", pl.col("day"), rate).filter(pl.col("rate_bp") > 0)


def _to_budget(budget_bp: int) -> pl.Expr:
    """Return merit rates scaled so that, paid to all, they cost the budget's share of opening payroll.

    Only levels whose rate is not set by a levers file are scaled, against their own payroll.
    """
    scaled, pay = pl.col("merit_scaled"), pl.col("opening_compensation_cents") // CENTS_PER_DOLLAR
    asked = (pay * scaled).sum().over("seed") * budget_bp
    as_is = (pay * pl.col("rated_bp") * scaled).sum().over("seed")
    factor = asked * _FACTOR_ONE // pl.max_horizontal(as_is, pl.lit(1))
    rate = divide_half_up(pl.col("rated_bp") * factor, _FACTOR_ONE)
    return pl.when(scaled).then(rate).otherwise(pl.col("rated_bp"))


_FACTOR_ONE = 10_000


def _days_served() -> pl.Expr:
    """Return the days since hire or this year's promotion, at most a year's."""
    promoted = pl.col("promotion_date") < pl.col("day")
    since = pl.when(promoted).then(pl.col("promotion_date")).otherwise(pl.col("hire_date"))
    return (pl.col("day") - since).dt.total_days().clip(0, DAYS)


def _market(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return market adjustments: the asked share of the way from pay to the band's midpoint.

    The rate that is asked for is settled on the day, from the pay of that day; here it is the share.
    """
    market = context.scenario.compensation.market
    share_bp = basis_points(market.share_of_gap)
    day = _day(context, people, "market", market.effective)
    return _asks(people, "market", day, pl.lit(share_bp)).filter(pl.col("rate_bp") > 0)


def _promotion(people: pl.DataFrame) -> pl.DataFrame:
    promoted = people.filter(pl.col("promotion_date").is_not_null())
    return _asks(promoted, "promotion", pl.col("promotion_date"), pl.col("promotion_raise_bp"))


def _one_upon_the_other(context: YearContext, people: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return raise events: each person's asks in date order, each on the pay that the last one left."""
    placed = asked.sort(*KEYS, "effective_date", "order").with_columns(step=pl.int_range(pl.len()).over(KEYS))
    pay = people.select(*KEYS, "scheduled_hours", "job_level", "promotion_date", now="compensation_cents")
    made = []
    for step in range(int(placed["step"].max() or 0) + 1 if placed.height else 0):  # type: ignore[arg-type]
        turn = placed.filter(pl.col("step") == step).join(pay, on=KEYS, maintain_order="left")
        turn = _with_new_pay(context, turn)
        made.append(turn)
        after = turn.select(*KEYS, _after="new_compensation_cents")
        pay = (
            pay.join(after, on=KEYS, how="left", maintain_order="left")
            .with_columns(now=pl.coalesce("_after", "now"))
            .drop("_after")
        )
    if not made:
        return empty("raise")
    return decided(
        pl.concat(made).filter(pl.col("new_compensation_cents") > pl.col("previous_compensation_cents")),
        "raise",
        rule=pl.format("compensation.{}", "kind"),
        amount=pl.col("new_compensation_cents") - pl.col("previous_compensation_cents"),
    )


def _with_new_pay(context: YearContext, turn: pl.DataFrame) -> pl.DataFrame:
    """Return asks with the pay before and after, the bands of the level held on that day applied."""
    before_move = (pl.col("effective_date") < pl.col("promotion_date")).fill_null(value=False)
    full = context.scenario.workforce.hours.full_time_hours
    held = turn.with_columns(job_level=pl.col("job_level") - before_move.cast(pl.Int8)).join(
        context.bands, on="job_level", how="left", maintain_order="left"
    )

    def scheduled(column: str) -> pl.Expr:
        return divide_half_up(pl.col(column) * pl.col("scheduled_hours").cast(pl.Int64), full)

    now, rate = pl.col("now"), pl.col("rate_bp").cast(pl.Int64)
    gap = pl.max_horizontal(scheduled("midpoint_cents") - now, pl.lit(0))
    raised = now + pl.when(pl.col("kind") == "market").then(share(gap, rate)).otherwise(share(now, rate))
    floor = pl.when(pl.col("kind") == "promotion").then(scheduled("minimum_cents"))
    raised = pl.max_horizontal(raised, floor)
    if not context.scenario.compensation.bands.allow_exceed:
        ceiling = pl.max_horizontal(scheduled("maximum_cents"), now)
        raised = pl.min_horizontal(raised, ceiling)
    return held.select(
        *KEYS,
        "kind",
        "effective_date",
        "rate_bp",
        previous_compensation_cents="now",
        new_compensation_cents=raised,
    )
