"""What a year made of the workforce: headcount, comings and goings, promotions, pay and its growth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from simulation.metrics.metric import Counted, Metric, Summed, Unit, growth, ratio
from simulation.state import employed, hired_in_year, left_in, worked_in_year


def _new_hire(year: int) -> pl.Expr:
    return hired_in_year() & (pl.col("hire_date").dt.year() == year)


def _full_year(year: int) -> pl.Expr:
    return pl.col("opened_year") & ~left_in(year)


def _promoted(_: int) -> pl.Expr:
    return pl.col("promotion_date").is_not_null()


PEOPLE: Final[Mapping[str, Counted]] = {
    "opening": lambda _: pl.col("opened_year"),
    "closing": lambda _: employed(),
    "came": lambda _: hired_in_year(),
    "new": _new_hire,
    "left": left_in,
    "laid_off": lambda year: left_in(year) & (pl.col("termination_reason") == "layoff"),
    "new_and_left": lambda year: _new_hire(year) & left_in(year),
    "promoted": _promoted,
    "paid": lambda _: worked_in_year(),
    "paid_before": lambda _: pl.col("paid_last_year"),
    "all_year": _full_year,
    "all_year_before": lambda _: pl.col("prior_full_year"),
}
"""Who is counted, by total: a condition on the people of a seed at year end."""

PAID: Final = "paid_cents"
"""The column, worked out for the year, of what was paid in it."""

CENTS: Final[Mapping[str, Summed]] = {
    "pay": ((PAID,), "paid"),
    "pay_before": (("prior_year_compensation_cents",), "paid_before"),
    "pay_all_year": ((PAID,), "all_year"),
    "pay_all_year_before": (("prior_year_compensation_cents",), "all_year_before"),
    "closing_rate": (("compensation_cents",), "closing"),
    "incumbent_rate": (("compensation_cents",), "all_year"),
    "incumbent_rate_before": (("opening_compensation_cents",), "all_year"),
}
"""What is summed in cents, and over whom."""

WORKFORCE: Final = (
    Metric(
        "headcount_start",
        "Opening headcount",
        Unit.PEOPLE,
        "Employed when 1 January begins.",
        lambda n: n["opening"],
    ),
    Metric(
        "headcount_end",
        "Closing headcount",
        Unit.PEOPLE,
        "Employed when 31 December ends.",
        lambda n: n["closing"],
    ),
    Metric(
        "hires",
        "Hires",
        Unit.PEOPLE,
        "People who came in the year, rehired people included.",
        lambda n: n["came"],
    ),
    Metric(
        "rehires",
        "Rehires",
        Unit.PEOPLE,
        "Former employees who came back in the year.",
        lambda n: n["came"] - n["new"],
    ),
    Metric(
        "terminations",
        "Terminations",
        Unit.PEOPLE,
        "People whose last day lies in the year.",
        lambda n: n["left"],
    ),
    Metric(
        "layoffs",
        "Layoffs",
        Unit.PEOPLE,
        "Terminations by a reduction in force.",
        lambda n: n["laid_off"],
    ),
    Metric(
        "termination_rate",
        "Turnover",
        Unit.RATE,
        "Terminations over the mean of opening and closing headcount.",
        lambda n: ratio(2 * n["left"], n["opening"] + n["closing"]),
    ),
    Metric(
        "new_hire_termination_rate",
        "New-hire turnover",
        Unit.RATE,
        "Share of the year's new hires who leave before it ends.",
        lambda n: ratio(n["new_and_left"], n["new"]),
    ),
    Metric(
        "promotions",
        "Promotions",
        Unit.PEOPLE,
        "People who moved up a level in the year.",
        lambda n: n["promoted"],
    ),
    Metric(
        "promotion_rate",
        "Promotion rate",
        Unit.RATE,
        "Promotions over opening headcount.",
        lambda n: ratio(n["promoted"], n["opening"]),
    ),
    Metric(
        "total_compensation",
        "Total compensation",
        Unit.DOLLARS,
        "Base pay paid in the year.",
        lambda n: n["pay"],
    ),
    Metric(
        "average_compensation",
        "Average pay",
        Unit.DOLLARS,
        "Mean annual rate of pay of people employed when the year ends.",
        lambda n: ratio(n["closing_rate"], n["closing"]),
    ),
    Metric(
        "compensation_growth_all",
        "Pay growth, all",
        Unit.RATE,
        "Mean pay of everybody paid in the year over the year before, parts of years as they are; "
        "none for the first year, because a census does not hold last year's leavers.",
        lambda n: growth(ratio(n["pay"], n["paid"]), ratio(n["pay_before"], n["paid_before"])),
    ),
    Metric(
        "compensation_growth_full_year",
        "Pay growth, full-year",
        Unit.RATE,
        "Mean pay of people employed all year over the same mean of the year before.",
        lambda n: growth(
            ratio(n["pay_all_year"], n["all_year"]),
            ratio(n["pay_all_year_before"], n["all_year_before"]),
        ),
    ),
    Metric(
        "compensation_growth_incumbent",
        "Pay growth, incumbents",
        Unit.RATE,
        "Annual rate of pay of people employed at both ends of the year, end over beginning.",
        lambda n: growth(ratio(n["incumbent_rate"], 1), ratio(n["incumbent_rate_before"], 1)),
    ),
)
