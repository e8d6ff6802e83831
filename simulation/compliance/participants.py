"""Who is in which test: each has a population of its own, and excludable employees may stand apart.

IRC 410(a)(1), 410(b)(4)(B), 401(k)(3)(F); Reg. 1.401(k)-2(a)(1)(iii).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.dates import year_end
from simulation.rules.eligibility import ENTRY_PATTERNS, MAXIMUM_AGE, EntryDates, entry_by_elapsed_time

if TYPE_CHECKING:
    from simulation.compliance.people import Column, People
    from simulation.parameters.plan.match import Match
    from simulation.rules.rounding import Truths

ALL: Final = "all"
STATUTORY: Final = "statutory employees"
EXCLUDABLE: Final = "otherwise excludable"
BARGAINED: Final = "collectively bargained"

UNION: Final = "union"
"""The class of collectively bargained employees."""

LONGEST_SERVICE_MONTHS: Final = 12
"""The longest wait that a plan with deferrals may ask for: IRC 401(k)(2)(D)."""


def last_days(people: People, year: int) -> Column:
    """Return everybody's last day at work in the year."""
    return people.days("termination_date", year_end(year))


def may_defer(people: People, year: int) -> Truths:
    """Tell who was at work in the year on or after the day of entering the plan."""
    able: Truths = people["worked"] & (people["entry_date"] <= last_days(people, year))
    return able


def shares_employer_money(people: People, year: int) -> Truths:
    """Tell who was at work on or after the day from which employer money is shared in."""
    able: Truths = people["worked"] & (people["employer_entry_date"] <= last_days(people, year))
    return able


def may_be_matched(people: People, year: int, match: Match) -> Truths:
    """Tell who may be matched: who shares in employer money and meets what an annual match asks for.

    A match that is paid by payroll asks for nothing; its conditions are those of the true-up.
    """
    there = shares_employer_money(people, year)
    if match.period != "annual":
        return there
    enough: Truths = there & (people["hours"] >= match.minimum_hours)
    return enough & people["employed_at_end"] if match.last_day else enough


def enters_after(people: People, year: int, *, age: int, months: int, dates: EntryDates) -> Truths:
    """Tell who would not have entered a plan by the last day, by age and months of elapsed service."""

    def entries(frame: pl.DataFrame) -> Column:
        entry = entry_by_elapsed_time(
            pl.col("birth_date"), pl.col("hire_date"), age=age, months=months, dates=dates
        )
        return frame.select(entry=entry)["entry"].to_numpy()

    key = ("entry", age, months, dates)
    entry = people.worked_out(key, entries, "birth_date", "hire_date")
    entered: Truths = entry <= last_days(people, year)
    return ~entered


def otherwise_excludable(people: People, year: int) -> Truths:
    """Tell who would not have entered by the last day under the longest wait that the law allows.

    Age 21 and a year of service, entry on 1 January and 1 July.
    """
    return enters_after(
        people, year, age=MAXIMUM_AGE, months=LONGEST_SERVICE_MONTHS, dates=ENTRY_PATTERNS["semi_annual"]
    )


def bargained(people: People) -> Truths:
    """Tell who is collectively bargained, whose part of a plan is one of its own: Reg. 1.410(b)-7(c)(4)."""
    return people.among("employee_class", [UNION])


def groups(people: People, year: int, excludable: str) -> Iterator[tuple[str, People]]:
    """Yield each group that is tested by itself, by name, as ``plan.testing.excludable`` has it."""
    if excludable == "together":
        yield ALL, people
        return
    young = otherwise_excludable(people, year)
    if excludable == "separately":
        yield STATUTORY, people.where(~young)
        yield EXCLUDABLE, people.where(young)
    else:
        yield ALL, people.where(~young | people["is_hce"])
