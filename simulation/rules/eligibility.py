"""When an employee may take part: age, service and entry dates. Code section 410(a); 29 CFR 2530.202-2.

Column expressions of dates. A requirement is met on a first day: a birthday, an anniversary of hire, the end
of a wait in days. Entry is on the first entry date on or after the latest of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Final, TypeAlias

import polars as pl

from simulation.rules.periods import months_after, period_end
from simulation.rules.service import YEAR_OF_SERVICE_HOURS

EntryDates: TypeAlias = Sequence[tuple[int, int]]
"""Month and day of each entry date of a year; none at all is immediate entry."""

ENTRY_PATTERNS: Final[Mapping[str, EntryDates]] = {
    "immediate": (),
    "monthly": tuple((month, 1) for month in range(1, 13)),
    "quarterly": ((1, 1), (4, 1), (7, 1), (10, 1)),
    "semi_annual": ((1, 1), (7, 1)),
    "annual": ((1, 1),),
}

MAXIMUM_AGE: Final = 21
"""No plan may ask for a higher age."""
LONGEST_DELAY_MONTHS: Final = 6
YEARS: Final = range(1900, 2200)
"""Years with entry dates; a day after the last of them has none."""
NEVER: Final = date.max


def age_attained(birth: pl.Expr, age: int) -> pl.Expr:
    """Return the birthday on which an age in years is reached."""
    return months_after(birth, 12 * age)


def elapsed_service_met(hire: pl.Expr, months: int = 0, days: int = 0) -> pl.Expr:
    """Return the first day after the wait: so many months from hire, and so many days on."""
    return months_after(hire, months).dt.offset_by(f"{days}d")


def initial_period_end(hire: pl.Expr) -> pl.Expr:
    """Return the last day of the first computation period: twelve months from hire."""
    return period_end(hire, 12)


def later_plan_year_counts(hire: pl.Expr, year: int) -> pl.Expr:
    """Tell whether a plan year is a computation period of a plan that shifts to plan years.

    The first to count holds the first anniversary of hire, and overlaps the initial period:
    29 CFR 2530.202-2(b)(2).
    """
    return months_after(hire, 12).dt.year() <= year


def hours_service_completed(
    periods: Iterable[tuple[pl.Expr, pl.Expr]], required: int = YEAR_OF_SERVICE_HOURS
) -> pl.Expr:
    """Return the end of the first computation period with the required hours, or null while there is none.

    ``periods`` are pairs of last day and hours, in any order; a null day or null hours do not count.
    """
    return pl.min_horizontal([pl.when(hours >= required).then(end) for end, hours in periods])


def shifted_service_completed(
    hire: pl.Expr,
    initial_hours: pl.Expr,
    plan_year_hours: Mapping[int, pl.Expr],
    required: int = YEAR_OF_SERVICE_HOURS,
) -> pl.Expr:
    """Return the day on which a year of service is completed by hours, or null while it is not.

    The first twelve months count by ``initial_hours``, then plan years by theirs, the first of which holds
    the first anniversary.
    """
    later = [
        (pl.when(later_plan_year_counts(hire, year)).then(pl.date(year, 12, 31)), hours)
        for year, hours in plan_year_hours.items()
    ]
    return hours_service_completed([(initial_period_end(hire), initial_hours), *later], required)


def next_entry_date(day: pl.Expr, dates: EntryDates, *, coincident: bool = True) -> pl.Expr:
    """Return the first entry date on or after a day; strictly after it if not ``coincident``."""
    if not dates:
        return day
    entries, and_none = _entries(tuple(dates))
    row = entries.search_sorted(day.fill_null(NEVER), side="left" if coincident else "right")
    return and_none.gather(row)


@cache
def _entries(dates: tuple[tuple[int, int], ...]) -> tuple[pl.Expr, pl.Expr]:
    """Return every entry date of the years that a plan can meet, in order, and the same with none after."""
    entries = [date(year, *month_and_day) for year in YEARS for month_and_day in sorted(dates)]
    return pl.lit(pl.Series(entries)), pl.lit(pl.Series([*entries, None]))


def entry_date(age_met: pl.Expr, service_met: pl.Expr, dates: EntryDates) -> pl.Expr:
    """Return the entry date: the first on or after the later of age and service; null while either is."""
    both = pl.when(age_met.is_not_null() & service_met.is_not_null())
    return next_entry_date(both.then(pl.max_horizontal(age_met, service_met)), dates)


def entry_by_elapsed_time(
    birth: pl.Expr, hire: pl.Expr, *, age: int, months: int, dates: EntryDates
) -> pl.Expr:
    """Return the entry date of a plan that asks for an age in years and months of elapsed service."""
    return entry_date(age_attained(birth, age), elapsed_service_met(hire, months), dates)


def latest_lawful_entry(satisfied: pl.Expr, plan_year: tuple[int, int] = (1, 1)) -> pl.Expr:
    """Return the latest entry date the law allows, whatever the plan asks for.

    The earlier of the first day of the next plan year and six months after the day on which age 21 and a year
    of service are satisfied: section 410(a)(4). ``plan_year`` is the month and day on which plan years begin.
    """
    next_year = next_entry_date(satisfied, (plan_year,), coincident=False)
    return pl.min_horizontal(next_year, months_after(satisfied, LONGEST_DELAY_MONTHS))
