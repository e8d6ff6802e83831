"""Long-term part-time employees: Code section 401(k)(2)(D) and (15), SECURE 112, SECURE 2.0 section 125.

At least 500 hours in each of several consecutive twelve-month periods, and age 21 by the close of the last.
They may defer; employer money is the plan's choice. Column expressions, one row a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import polars as pl

from simulation.rules.eligibility import EntryDates, next_entry_date
from simulation.rules.periods import day_after
from simulation.rules.service import LONG_TERM_HOURS, run_length

FIRST_PERIOD_BEGINS: Final = date(2021, 1, 1)
"""Periods that begin earlier are ignored: section 401(k)(15)(B)(i)."""

PERIODS_NEEDED: Final = ((3, date(2024, 1, 1)), (2, date(2025, 1, 1)))
"""How many consecutive periods are enough, and the first plan year in which they are."""


class Period(NamedTuple):
    """One computation period of twelve months: first day, last day and hours, a column each."""

    begin: pl.Expr
    end: pl.Expr
    hours: pl.Expr


def counts(period: Period) -> pl.Expr:
    """Tell whether a period has the hours and may be taken into account."""
    return (period.hours >= LONG_TERM_HOURS) & (period.begin >= FIRST_PERIOD_BEGINS)


def consecutive_periods(periods: Sequence[Period]) -> list[pl.Expr]:
    """Return, by period, how many in a row have counted up to it; periods stand in the order of time."""
    runs = [pl.lit(0)]
    for period in periods:
        runs.append(run_length(runs[-1], counts(period)))
    return runs[1:]


def eligible_after(end: pl.Expr, run: pl.Expr, age_met: pl.Expr) -> pl.Expr:
    """Return the first day on which a run of periods that closes on ``end`` makes one eligible, or null.

    Not before the plan year in which so short a run is enough; never if the age is reached after the close.
    """
    ways = [
        pl.when(run >= needed).then(pl.max_horizontal(day_after(end), pl.lit(since)))
        for needed, since in PERIODS_NEEDED
    ]
    return pl.when(age_met <= end).then(pl.min_horizontal(ways))


def service_met(periods: Sequence[Period], age_met: pl.Expr) -> pl.Expr:
    """Return the first day on which somebody is a long-term part-time employee, or null while not."""
    runs = consecutive_periods(periods)
    return pl.min_horizontal(
        [eligible_after(period.end, run, age_met) for period, run in zip(periods, runs, strict=True)]
    )


def eligible_to_defer(periods: Sequence[Period], age_met: pl.Expr, dates: EntryDates) -> pl.Expr:
    """Return the entry date of a long-term part-time employee, or null while there is none."""
    return next_entry_date(service_met(periods, age_met), dates)


def only_deferral(long_term_entry: pl.Expr, full_entry: pl.Expr) -> pl.Expr:
    """Tell whether somebody may defer but has no claim to employer money, as of the first entry.

    ``full_entry`` is the entry date under the plan's own age and service conditions, or null: section
    401(k)(15)(B)(i)(I).
    """
    return full_entry.is_null() | (long_term_entry < full_entry).fill_null(value=False)
