"""The year summary's metrics as a table: name, title, unit and formula over the state at year end.

Each formula is an expression over the people of one seed and year. Sums are of whole cents, so they do not
depend on the order or the number of threads; means and rates are rounded once, when they are stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from simulation.state import employed, hired_in_year, left_in, paid_cents, worked_in_year


class Unit(StrEnum):
    """What a metric is counted in."""

    PEOPLE = "people"
    DOLLARS = "dollars"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table; ``formula`` gives cents for dollars, and the number itself otherwise."""

    name: str
    title: str
    unit: Unit
    definition: str
    formula: Callable[[int], pl.Expr]


def _count(who: pl.Expr) -> pl.Expr:
    return who.sum().cast(pl.Int64)


def _ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole)


def _mean(cents: pl.Expr, who: pl.Expr) -> pl.Expr:
    """Return a mean of whole cents: one exact sum, one division."""
    return _ratio(cents.filter(who).sum(), _count(who))


def _new_hire(year: int) -> pl.Expr:
    return hired_in_year() & (pl.col("hire_date").dt.year() == year)


def _full_year(year: int) -> pl.Expr:
    return pl.col("opened_year") & ~left_in(year)


def _mean_growth(now: pl.Expr, before: pl.Expr, who: pl.Expr, who_before: pl.Expr) -> pl.Expr:
    mean_before = _mean(before, who_before)
    return pl.when(mean_before > 0).then(_mean(now, who) / mean_before - 1)


def _turnover(year: int) -> pl.Expr:
    ends = _count(pl.col("opened_year")) + _count(employed())
    return _ratio(2 * _count(left_in(year)), ends)


def _incumbent(year: int) -> pl.Expr:
    stayed = _full_year(year)
    before = pl.col("opening_compensation_cents").filter(stayed).sum()
    return pl.when(before > 0).then(pl.col("compensation_cents").filter(stayed).sum() / before - 1)


def _all_growth(year: int) -> pl.Expr:
    prior = pl.col("prior_year_compensation_cents")
    return _mean_growth(paid_cents(year), prior, worked_in_year(), prior > 0)


def _full_year_growth(year: int) -> pl.Expr:
    prior = pl.col("prior_year_compensation_cents")
    return _mean_growth(paid_cents(year), prior, _full_year(year), pl.col("prior_full_year"))


METRICS: Final = (
    Metric(
        "headcount_start",
        "Opening headcount",
        Unit.PEOPLE,
        "Employed when 1 January begins.",
        lambda _: _count(pl.col("opened_year")),
    ),
    Metric(
        "headcount_end",
        "Closing headcount",
        Unit.PEOPLE,
        "Employed when 31 December ends.",
        lambda _: _count(employed()),
    ),
    Metric(
        "hires",
        "Hires",
        Unit.PEOPLE,
        "People who came in the year, rehired people included.",
        lambda _: _count(hired_in_year()),
    ),
    Metric(
        "rehires",
        "Rehires",
        Unit.PEOPLE,
        "Former employees who came back in the year.",
        lambda year: _count(hired_in_year()) - _count(_new_hire(year)),
    ),
    Metric(
        "terminations",
        "Terminations",
        Unit.PEOPLE,
        "People whose last day lies in the year.",
        lambda year: _count(left_in(year)),
    ),
    Metric(
        "layoffs",
        "Layoffs",
        Unit.PEOPLE,
        "Terminations by a reduction in force.",
        lambda year: _count(left_in(year) & (pl.col("termination_reason") == "layoff")),
    ),
    Metric(
        "termination_rate",
        "Turnover",
        Unit.RATE,
        "Terminations over the mean of opening and closing headcount.",
        _turnover,
    ),
    Metric(
        "new_hire_termination_rate",
        "New-hire turnover",
        Unit.RATE,
        "Share of the year's new hires who leave before it ends.",
        lambda year: _ratio(_count(_new_hire(year) & left_in(year)), _count(_new_hire(year))),
    ),
    Metric(
        "promotions",
        "Promotions",
        Unit.PEOPLE,
        "People who moved up a level in the year.",
        lambda _: _count(pl.col("promotion_date").is_not_null()),
    ),
    Metric(
        "promotion_rate",
        "Promotion rate",
        Unit.RATE,
        "Promotions over opening headcount.",
        lambda _: _ratio(_count(pl.col("promotion_date").is_not_null()), _count(pl.col("opened_year"))),
    ),
    Metric(
        "total_compensation",
        "Total compensation",
        Unit.DOLLARS,
        "Base pay paid in the year.",
        lambda year: paid_cents(year).sum(),
    ),
    Metric(
        "average_compensation",
        "Average pay",
        Unit.DOLLARS,
        "Mean annual rate of pay of people employed when the year ends.",
        lambda _: _mean(pl.col("compensation_cents"), employed()),
    ),
    Metric(
        "compensation_growth_all",
        "Pay growth, all",
        Unit.RATE,
        "Mean pay of everybody paid in the year over the year before; parts of years as they are.",
        _all_growth,
    ),
    Metric(
        "compensation_growth_full_year",
        "Pay growth, full-year",
        Unit.RATE,
        "Mean pay of people employed all year over the same mean of the year before.",
        _full_year_growth,
    ),
    Metric(
        "compensation_growth_incumbent",
        "Pay growth, incumbents",
        Unit.RATE,
        "Annual rate of pay of people employed at both ends of the year, end over beginning.",
        _incumbent,
    ),
)
"""Every metric that a store of this version holds."""

BY_NAME: Final = {metric.name: metric for metric in METRICS}
