"""Pay of the year before, by which this year's employees are told apart (IRC 414(q), 416(i))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import year_start

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole

LOOKBACK: Final = (
    *("prior_year_compensation_cents", "opening_compensation_cents"),
    *("service_date", "opened_year"),
)
"""What is read of the people."""


def lookback_pay(people: pl.DataFrame, year: int) -> Whole:
    """Return what each person was paid in the year before, in cents.

    Where a census does not state it, the annual rate of 1 January of who was there all that year. Nought
    for who came later: nothing is annualised.
    """
    there = pl.col("opened_year") & (pl.col("service_date") <= year_start(year - 1))
    rate = pl.when(there).then(pl.col("opening_compensation_cents")).otherwise(0)
    return people.select(pl.coalesce("prior_year_compensation_cents", rate)).to_series().to_numpy()


def served_before(year: int) -> pl.Expr:
    """Tell who worked in the year before: by the run, or by the census in its first year."""
    new_to_run = pl.col("opened_year") & ~pl.col("paid_last_year")
    return pl.col("paid_last_year") | new_to_run & (pl.col("service_date") < year_start(year))
