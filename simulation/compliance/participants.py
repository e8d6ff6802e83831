"""Who is in which test: each has a population of its own, and excludable employees may stand apart.

IRC 410(a)(1), 410(b)(4)(B), 401(k)(3)(F); Reg. 1.401(k)-2(a)(1)(iii).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import year_end
from simulation.rules.eligibility import ENTRY_PATTERNS, MAXIMUM_AGE, entry_by_elapsed_time

if TYPE_CHECKING:
    from simulation.parameters.plan.match import Match

ALL: Final = "all"
STATUTORY: Final = "statutory employees"
EXCLUDABLE: Final = "otherwise excludable"

LONGEST_SERVICE_MONTHS: Final = 12
"""The longest wait that a plan with deferrals may ask for: IRC 401(k)(2)(D)."""


def last_day(year: int) -> pl.Expr:
    """Return the last day at work in the year."""
    return pl.coalesce("termination_date", pl.lit(year_end(year)))


def may_defer(year: int) -> pl.Expr:
    """Tell who was at work in the year on or after the day of entering the plan."""
    return pl.col("worked") & (pl.col("entry_date") <= last_day(year)).fill_null(value=False)


def shares_employer_money(year: int) -> pl.Expr:
    """Tell who was at work on or after the day from which employer money is shared in."""
    return pl.col("worked") & (pl.col("employer_entry_date") <= last_day(year)).fill_null(value=False)


def may_be_matched(year: int, match: Match) -> pl.Expr:
    """Tell who may be matched: who shares in employer money and meets what an annual match asks for.

    A match that is paid by payroll asks for nothing; its conditions are those of the true-up.
    """
    there = shares_employer_money(year)
    if match.period != "annual":
        return there
    enough = there & (pl.col("hours") >= match.minimum_hours)
    return enough & pl.col("employed_at_end") if match.last_day else enough


def otherwise_excludable(year: int) -> pl.Expr:
    """Tell who would not have entered by the last day under the longest wait that the law allows.

    Age 21 and a year of service, entry on 1 January and 1 July.
    """
    entry = entry_by_elapsed_time(
        pl.col("birth_date"),
        pl.col("hire_date"),
        age=MAXIMUM_AGE,
        months=LONGEST_SERVICE_MONTHS,
        dates=ENTRY_PATTERNS["semi_annual"],
    )
    return (entry > last_day(year)).fill_null(value=True)


def groups(people: pl.DataFrame, year: int, excludable: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each group that is tested by itself, by name, as ``plan.testing.excludable`` has it."""
    if excludable == "together":
        yield ALL, people
        return
    young = people.select(otherwise_excludable(year).alias("young"))["young"]
    if excludable == "separately":
        yield STATUTORY, people.filter(~young)
        yield EXCLUDABLE, people.filter(young)
    else:
        yield ALL, people.filter(~young | people["is_hce"])
