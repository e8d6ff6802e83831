"""Raises: cost of living, merit, market and promotion, each on its day, one upon the other.

A year's raises of one person are applied in the order of their dates, so that a July promotion builds on
an April merit raise. Bands hold pay at their maximum unless the scenario lets it pass; nobody is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.dates import day_in
from simulation.engines.decided import decided
from simulation.rng import Purpose, uniform
from simulation.state import IDENTITY, KEYS, last_day
from simulation.units import BP, CENTS_PER_DOLLAR, basis_points, divide_half_up, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters import Effective
    from simulation.state import State

KINDS = ("cola", "merit", "market", "promotion")
"""In the order in which raises of one day are applied."""

DAYS = 365
"""Merit of somebody new to the job is paid for the days served of this many before it."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the raises of people who were there on 1 January and still are on the raise's day."""
    people = (
        state.people.select(_READ)
        .filter("opened_year")
        .join(context.levers.drop("promotion_raise_bp"), on="job_level", maintain_order="left")
    )
    asked = _in_order(_asked(context, people), last_day(context.year))
    for turn in range(len(KINDS)):
        asked = asked.with_columns(_new_pay(context, turn).alias(f"pay_{turn + 1}"))
    return {"raise": pl.concat([_events(asked, turn) for turn in range(len(KINDS))])}


_READ = (
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
)
"""What is read of the people: only this is copied when they are filtered."""


def _asked(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return people with the day and the rate of each kind of raise, and this year's bands.

    A market adjustment's rate is the share of the way to the midpoint; all others are of pay.
    """
    pay = context.scenario.compensation
    dated = people.with_columns(
        cola_day=_day(context, people, "cola", pay.cola.effective),
        merit_day=_day(context, people, "merit", pay.merit.effective),
        market_day=_day(context, people, "market", pay.market.effective),
        promotion_day="promotion_date",
    )
    rated = dated.with_columns(merit_rate=_rated_merit(context))
    if pay.merit.budget is not None:
        rated = rated.with_columns(merit_rate=_to_budget(basis_points(pay.merit.budget)))
    if pay.merit.prorate_new_hires:
        rated = rated.with_columns(merit_rate=divide_half_up(pl.col("merit_rate") * _days_served(), DAYS))
    moved = pl.col("promotion_date").is_not_null().cast(pl.Int8)
    return rated.with_columns(
        cola_rate=pl.col("cola_bp").cast(pl.Int64),
        market_rate=pl.lit(basis_points(pay.market.share_of_gap), dtype=pl.Int64),
        promotion_rate=pl.col("promotion_raise_bp").cast(pl.Int64),
        **_bands(context, "old", pl.col("job_level") - moved),
        **_bands(context, "new", pl.col("job_level")),
    )


def _day(context: YearContext, people: pl.DataFrame, kind: str, effective: Effective) -> pl.Expr:
    """Return the day of a raise: the same for all, or drawn over the months."""
    if isinstance(effective, str):
        return pl.lit(effective.in_year(context.year))
    draw = uniform(people, Purpose.RAISE_DATE, context.year, k=KINDS.index(kind))
    return day_in(context.year, pl.lit(draw), tuple(effective))


def _rated_merit(context: YearContext) -> pl.Expr:
    """Return the level's merit rate times the rating's multiplier; no rating counts as one."""
    table = context.scenario.compensation.merit.rating_multiplier
    by_rating = {rating: basis_points(value) for rating, value in table.items()}
    multiplier = pl.col("performance_rating").replace_strict(by_rating, default=BP, return_dtype=pl.Int64)
    return divide_half_up(pl.col("merit_bp").cast(pl.Int64) * multiplier.fill_null(BP), BP)


def _to_budget(budget_bp: int) -> pl.Expr:
    """Return merit rates scaled so that, paid to all, they cost the budget's share of opening payroll.

    Only levels whose rate is not set by a levers file are scaled, against their own payroll.
    """
    scaled, pay = pl.col("merit_scaled"), pl.col("opening_compensation_cents") // CENTS_PER_DOLLAR
    budget = (pay * scaled).sum().over("seed") * budget_bp
    unscaled = (pay * pl.col("merit_rate") * scaled).sum().over("seed")
    factor = budget * _FACTOR_ONE // pl.max_horizontal(unscaled, pl.lit(1))
    rate = divide_half_up(pl.col("merit_rate") * factor, _FACTOR_ONE)
    return pl.when(scaled).then(rate).otherwise(pl.col("merit_rate"))


_FACTOR_ONE = 10_000


def _days_served() -> pl.Expr:
    """Return the days since hire or this year's promotion, at most a year's."""
    promoted = pl.col("promotion_day") < pl.col("merit_day")
    since = pl.when(promoted).then(pl.col("promotion_day")).otherwise(pl.col("hire_date"))
    return (pl.col("merit_day") - since).dt.total_days().clip(0, DAYS)


def _bands(context: YearContext, prefix: str, level: pl.Expr) -> dict[str, pl.Expr]:
    """Return this year's band limits of a level for each person's hours; null where there is no band."""
    full = context.scenario.workforce.hours.full_time_hours
    hours = pl.col("scheduled_hours").cast(pl.Int64)
    return {
        f"{prefix}_{limit}": divide_half_up(
            level.replace_strict(
                context.bands["job_level"],
                context.bands[f"{limit}_cents"],
                default=None,
                return_dtype=pl.Int64,
            )
            * hours,
            full,
        )
        for limit in ("minimum", "midpoint", "maximum")
    }


def _in_order(asked: pl.DataFrame, last: pl.Expr) -> pl.DataFrame:
    """Return people with their asks laid out by turn: ``kind_0``, ``day_0``, ``rate_0`` is the first.

    An ask of nothing, or dated after the last day, has a turn too, but asks for no rate.
    """
    on_time = asked.with_columns(
        pl.when(pl.col(f"{kind}_day") <= last).then(pl.col(f"{kind}_rate")).fill_null(0).alias(f"{kind}_rate")
        for kind in KINDS
    ).with_columns(
        (_day_number(kind) * len(KINDS) + place).alias(f"{kind}_place") for place, kind in enumerate(KINDS)
    )
    turns = on_time.with_columns(
        pl.sum_horizontal(
            (pl.col(f"{other}_place") < pl.col(f"{kind}_place")).cast(pl.Int8) for other in KINDS
        ).alias(f"{kind}_turn")
        for kind in KINDS
    )
    return turns.with_columns(
        _of_turn(turn, part).alias(f"{part}_{turn}") for turn in range(len(KINDS)) for part in ("day", "rate")
    ).with_columns(
        *(_kind_of_turn(turn).alias(f"kind_{turn}") for turn in range(len(KINDS))),
        pay_0=pl.col("compensation_cents"),
    )


def _day_number(kind: str) -> pl.Expr:
    never = 2_000_000
    return pl.col(f"{kind}_day").cast(pl.Int32).fill_null(never)


def _of_turn(turn: int, part: str) -> pl.Expr:
    return pl.coalesce(
        pl.when(pl.col(f"{kind}_turn") == turn).then(pl.col(f"{kind}_{part}")) for kind in KINDS
    )


def _kind_of_turn(turn: int) -> pl.Expr:
    return pl.coalesce(pl.when(pl.col(f"{kind}_turn") == turn).then(pl.lit(kind)) for kind in KINDS)


def _new_pay(context: YearContext, turn: int) -> pl.Expr:
    """Return the pay after one turn, held in the bands of the level that somebody has on that day."""
    now, rate, kind = pl.col(f"pay_{turn}"), pl.col(f"rate_{turn}"), pl.col(f"kind_{turn}")
    moved = (pl.col(f"day_{turn}") >= pl.col("promotion_day")).fill_null(value=False)

    def band(limit: str) -> pl.Expr:
        return pl.when(moved).then(pl.col(f"new_{limit}")).otherwise(pl.col(f"old_{limit}"))

    gap = pl.max_horizontal(band("midpoint") - now, pl.lit(0))
    raised = now + share(pl.when(kind == "market").then(gap).otherwise(now), rate)
    promoted = (kind == "promotion") & (rate > 0)
    raised = pl.when(promoted).then(pl.max_horizontal(raised, band("minimum"))).otherwise(raised)
    if context.scenario.compensation.bands.allow_exceed:
        return raised
    return pl.min_horizontal(raised, pl.max_horizontal(band("maximum"), now))


def _events(asked: pl.DataFrame, turn: int) -> pl.DataFrame:
    """Return the raises of one turn; an ask that changes nothing is no event."""
    before, after = pl.col(f"pay_{turn}"), pl.col(f"pay_{turn + 1}")
    raised = asked.filter(after > before).select(
        *KEYS,
        "employee_id",
        effective_date=f"day_{turn}",
        kind=f"kind_{turn}",
        rate_bp=f"rate_{turn}",
        previous_compensation_cents=before,
        new_compensation_cents=after,
    )
    return decided(
        raised,
        "raise",
        rule=pl.format("compensation.{}", "kind"),
        amount=pl.col("new_compensation_cents") - pl.col("previous_compensation_cents"),
    )
