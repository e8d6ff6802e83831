"""Who may take part in the plan, and from which day: deferrals first, employer money after a wait of its own.

An entry date is said in the year it falls in; of people who met the conditions before the simulation, in its
first year. Who leaves before the day does not enter.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import completed_years, year_end, year_start
from simulation.engines.decided import decided
from simulation.rules.eligibility import (
    ENTRY_PATTERNS,
    age_attained,
    elapsed_service_met,
    entry_date,
    hours_service_completed,
    later_plan_year_counts,
    next_entry_date,
)
from simulation.rules.long_term_part_time import FIRST_PERIOD_BEGINS, eligible_after
from simulation.rules.periods import day_after, months_after, period_end
from simulation.rules.service import YEAR_OF_SERVICE_HOURS, long_term_year, year_of_service
from simulation.state import KEYS, last_day, worked_in_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters.plan import Eligibility
    from simulation.state import State

YEAR_MONTHS: Final = 12

_READ: Final = (
    *KEYS,
    "employee_id",
    "birth_date",
    "service_date",
    "employee_class",
    "scheduled_hours",
    "hours",
    "years_of_service",
    "part_time_years",
    "entry_date",
    "employer_entry_date",
    "election",
    "deferral_bp",
    "roth_deferral_bp",
    "was_rehired",
    "opened_year",
    "start_date",
    "termination_date",
)
"""What is read of the people: only this is copied when they are filtered."""


_CAME_BACK: Final = pl.col("was_rehired") & ~pl.col("opened_year")
"""Who was rehired in the open year."""
_FIRST: Final = pl.col("entry_date").is_null() | _CAME_BACK
_WAITING: Final = worked_in_year() & (_FIRST | pl.col("employer_entry_date").is_null())


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return one event for everybody who enters, re-enters or comes to share in employer money this year."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled:
        return {}
    asked, last = plan.eligibility, pl.col("last")
    outside = pl.col("employee_class").is_in(list(asked.excluded_classes))
    waiting = state.people.select(_WAITING & ~outside).to_series().fill_null(value=False)
    people = state.people[_READ][np.flatnonzero(waiting)]
    in_full = _in_full(people, asked, asked.service_months, year)
    same = asked.months_for_employer_money == asked.service_months
    for_employer = in_full if same else _in_full(people, asked, asked.months_for_employer_money, year)
    dated = people.hstack([in_full.alias("in_full"), for_employer.alias("employer_in_full")]).with_columns(
        first=_FIRST, entry=_entry(asked, year), employer=_EMPLOYER_ENTRY, last=last_day(year)
    )
    shares = pl.col("employer") <= last
    new = pl.col("first") | (pl.col("employer_entry_date").is_null() & shares)
    said = dated.filter(new & (pl.col("entry") <= last)).select(
        *(*KEYS, "employee_id"),
        effective_date=pl.max_horizontal(
            pl.when("first").then("entry").otherwise("employer"), pl.lit(year_start(year))
        ),
        entry_date="entry",
        employer_entry_date=pl.when(shares).then("employer"),
    )
    return {"eligibility": decided(said, "eligibility", rule="plan.eligibility")}


def _entry(asked: Eligibility, year: int) -> pl.Expr:
    """Return from when deferrals are allowed; null while it cannot be said.

    Former participants come back on the day of rehire, and who defers by the census has entered before: on
    1 January at the latest.
    """
    deferring = pl.col("deferral_bp").fill_null(0) + pl.col("roth_deferral_bp").fill_null(0) > 0
    by_census = pl.when((pl.col("election") == "census") & deferring).then(pl.lit(year_start(year)))
    ways = [pl.col("in_full"), by_census]
    if asked.service_method == "hours" and asked.service_months and asked.long_term_part_time:
        ways.append(_long_term(asked, year))
    return (
        pl.when(pl.col("entry_date").is_null())
        .then(pl.min_horizontal(ways))
        .when(_CAME_BACK)
        .then("start_date")
        .otherwise("entry_date")
    )


_EMPLOYER_ENTRY: Final = (
    pl.when(pl.col("employer_entry_date").is_null())
    .then("employer_in_full")
    .when(_CAME_BACK)
    .then("start_date")
    .otherwise("employer_entry_date")
)
"""From when employer money is shared in: never by long-term part-time service alone."""


def _in_full(people: pl.DataFrame, asked: Eligibility, months: int, year: int) -> pl.Series:
    """Return the entry date by age and so many months of service; nobody enters before they come back."""
    met = people.select(
        age=_age_met(asked),
        served=_service_met(asked, months, year),
        since=pl.when("was_rehired").then("start_date"),
    )
    return met.select(entry_date(pl.col("age"), _BACK_AND_SERVED, ENTRY_PATTERNS[asked.entry])).to_series()


_BACK_AND_SERVED: Final = pl.when(pl.col("served").is_not_null()).then(pl.max_horizontal("served", "since"))


def _age_met(asked: Eligibility) -> pl.Expr:
    return age_attained(pl.col("birth_date"), asked.minimum_age)


def _service_met(asked: Eligibility, months: int, year: int) -> pl.Expr:
    if asked.service_method == "elapsed" or not months:
        return elapsed_service_met(pl.col("service_date"), months)
    return day_after(_hours_completed(months, year))


def _hours_completed(months: int, year: int) -> pl.Expr:
    """Return the last day of the period in which service by hours was completed, or null while it is not.

    The first period runs from hire at scheduled hours; later ones are plan years, of which the state keeps
    how many had 1,000 hours. More than twelve months are two periods.
    """
    hire, needed = pl.col("service_date"), -(-months // YEAR_MONTHS)
    initial = pl.col("scheduled_hours").cast(pl.Int64) * min(months, YEAR_MONTHS) // YEAR_MONTHS
    end = (
        period_end(hire, months)
        if needed == 1
        else pl.date(months_after(hire, YEAR_MONTHS).dt.year(), 12, 31)
    )
    before = pl.col("years_of_service") - year_of_service(pl.col("hours")).cast(pl.Int32)
    credited = (before >= needed) & later_plan_year_counts(hire, year - 1)
    return pl.min_horizontal(
        hours_service_completed([(end, initial)], YEAR_OF_SERVICE_HOURS),
        pl.when(credited).then(pl.lit(year_end(year - 1))),
    )


def _long_term(asked: Eligibility, year: int) -> pl.Expr:
    """Return the entry date of a long-term part-timer whose run of years closed with the last plan year."""
    closed = year_end(year - 1)
    since = pl.when("was_rehired").then("start_date")
    day = eligible_after(pl.lit(closed), _part_time_run(closed), _age_met(asked))
    entered = pl.when(day.is_not_null()).then(pl.max_horizontal(day, since))
    return next_entry_date(entered, ENTRY_PATTERNS[asked.entry])


def _part_time_run(closed: date) -> pl.Expr:
    """Return how many plan years in a row, up to one that has closed, had part-time hours that count.

    The state's run holds the open year too. Where its hours have broken the run, as a leaver's do, the run
    is taken from the schedule.
    """
    goes_on = long_term_year(pl.col("hours"))
    by_schedule = pl.when(long_term_year(pl.col("scheduled_hours"))).then(
        completed_years("service_date", closed)
    )
    run = pl.when(goes_on).then(pl.col("part_time_years") - 1).otherwise(by_schedule.otherwise(0))
    return pl.min_horizontal(run, pl.lit(closed.year - FIRST_PERIOD_BEGINS.year + 1))
