"""Eligibility, entry dates and long-term part-time employees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from simulation.rules.eligibility import (
    ENTRY_PATTERNS,
    MAXIMUM_AGE,
    EntryDates,
    age_attained,
    elapsed_service_met,
    hours_service_completed,
    initial_period_end,
    later_plan_year_counts,
    latest_lawful_entry,
    next_entry_date,
)
from simulation.rules.long_term_part_time import (
    FIRST_PERIOD_BEGINS,
    Period,
    consecutive_periods,
    eligible_to_defer,
    only_deferral,
    service_met,
)
from simulation.rules.periods import day_after, day_before, months_after, period_end
from simulation.rules.service import YEAR_OF_SERVICE_HOURS
from tests.golden.days import day, iso, numbers, value
from tests.golden.registry import Inputs, Results, topic

ORDINALS = ("first", "second", "third", "fourth", "fifth")
CALENDAR = (1, 1)
MONTHS_OF_A_YEAR = 12
YEARS_TO_LOOK_AT = 8


@dataclass(frozen=True)
class Requirement:
    """What a plan asks for: ``age 21 / 1 year 1,000 hours``, ``90 days``, ``6 months``."""

    age: int
    months: int
    days: int
    hours: int
    by_hours: bool

    @classmethod
    def read(cls, text: str) -> Requirement:
        """Return the requirement that a text states; what it leaves out is nought, hours are 1,000."""

        def stated(pattern: str, otherwise: int = 0) -> int:
            found = numbers(pattern, text)
            return found[0] if found else otherwise

        months = 12 * stated(r"(\d+)[- ]year") + stated(r"(\d+)[- ]month")
        return cls(
            age=stated(r"age (\d+)"),
            months=months,
            days=stated(r"(\d+)[- ]day"),
            hours=stated(r"([\d,]+) hours", YEAR_OF_SERVICE_HOURS),
            by_hours=months == MONTHS_OF_A_YEAR or "hours" in text,
        )


@topic("eligibility_entry")
@topic("eligibility_shift")
@topic("eligibility_monthly")
def entry(inputs: Inputs) -> Results:
    """Answer when age and service are met, and the entry date."""
    requirement = Requirement.read(inputs.get("requirement", f"age {MAXIMUM_AGE} / 1 year"))
    satisfied, met = _service(inputs, requirement)
    birthday = _birthday(inputs, requirement.age)
    dates, coincident = _entry_dates(inputs)
    known = pl.when(met.is_not_null())
    since = pl.max_horizontal(birthday, met if coincident else satisfied)
    return {
        "service_satisfied": iso(satisfied),
        "satisfied": iso(known.then(pl.max_horizontal(birthday, satisfied))),
        f"age_{requirement.age}": iso(birthday),
        "entry_date": iso(next_entry_date(known.then(since), dates, coincident=coincident)),
    }


@topic("eligibility_max_wait")
def max_wait(inputs: Inputs) -> Results:
    """Answer whether the plan's entry date is lawful."""
    plan = entry(inputs)
    dates, _ = _entry_dates(inputs)
    by_law = pl.max_horizontal(_birthday(inputs, MAXIMUM_AGE), initial_period_end(day(inputs["hire_date"])))
    latest = iso(latest_lawful_entry(by_law, _plan_year(inputs, dates)))
    lawful = plan["entry_date"] is not None and latest is not None and plan["entry_date"] <= latest
    return {
        "satisfied": plan["satisfied"],
        "latest_lawful_entry": latest,
        "plan_entry": plan["entry_date"],
        "compliant": lawful,
    }


@topic("ltpt")
def long_term_part_time(inputs: Inputs) -> Results:
    """Answer when a part-time employee may defer, and whether employer money is due."""
    requirement = Requirement.read(inputs.get("requirement", ""))
    birthday = _birthday(inputs, MAXIMUM_AGE)
    dates, coincident = _entry_dates(inputs)
    periods = _periods(inputs)
    met = service_met(periods, birthday)
    long_term = eligible_to_defer(periods, birthday, dates)
    completed = hours_service_completed([(period.end, period.hours) for period in periods], requirement.hours)
    in_full = pl.when(completed.is_not_null()).then(pl.max_horizontal(day_after(completed), birthday))
    full = next_entry_date(in_full, dates, coincident=coincident)
    return {
        "periods_satisfied": value(pl.max_horizontal(consecutive_periods(periods))),
        "satisfied": iso(day_before(met)),
        "eligible_to_defer": iso(pl.min_horizontal(long_term, full)),
        "employer_contributions_required": not value(only_deferral(long_term, full)),
    }


def _birthday(inputs: Inputs, age: int) -> pl.Expr:
    """Return the birthday, or the day of hire where no birth date is given."""
    birth = inputs.get("birth_date")
    return age_attained(day(birth), age) if birth and age else day(inputs["hire_date"])


def _service(inputs: Inputs, requirement: Requirement) -> tuple[pl.Expr, pl.Expr]:
    """Return the day on which service is satisfied and the first day on which it is met."""
    hire = day(inputs["hire_date"])
    if requirement.by_hours and any(key.startswith("hours_") for key in inputs):
        pairs = [(period.end, period.hours) for period in _periods(inputs)]
        satisfied = hours_service_completed(pairs, requirement.hours)
        return satisfied, day_after(satisfied)
    met = elapsed_service_met(hire, requirement.months, requirement.days)
    return (day_before(met) if requirement.months else met), met


def _periods(inputs: Inputs) -> list[Period]:
    """Return the computation periods that a case gives hours of, in the order of their ends."""
    hire = day(inputs["hire_date"])
    found = []
    for key, given in inputs.items():
        if key == "hours_per_year":
            found += [_service_year(hire, place, given) for place in _places(inputs)]
        elif key == "hours_by_year":
            found += [_plan_year_period(int(year), hours) for year, hours in given.items()]
        elif (year := numbers(r"^hours_calendar_(\d{4})$", key)) and inputs.get("shift_to_plan_year", True):
            counts = later_plan_year_counts(hire, year[0])
            period = _plan_year_period(year[0], given)
            found += [Period(period.begin, pl.when(counts).then(period.end), period.hours)]
        elif span := numbers(r"^hours_(\d+)_(\d+)_(\d+)_to_\d+_\d+_\d+$", key):
            found += [_service_year(day(_short(*span)), 0, given)]
        elif key.endswith("_year") and (ordinal := key.split("_")[1]) in ORDINALS:
            found += [_service_year(hire, ORDINALS.index(ordinal), given)]
    return sorted((period for period in found if value(period.end)), key=lambda period: iso(period.end) or "")


def _places(inputs: Inputs) -> list[int]:
    """Return which years of service to look at: the first, and some from the first that may count."""
    first = max(FIRST_PERIOD_BEGINS.year - date.fromisoformat(inputs["hire_date"]).year, 0)
    return sorted({0, *range(first, first + YEARS_TO_LOOK_AT)})


def _service_year(hire: pl.Expr, place: int, hours: int) -> Period:
    begin = months_after(hire, 12 * place)
    return Period(begin, period_end(begin, 12), pl.lit(hours))


def _plan_year_period(year: int, hours: int) -> Period:
    return Period(pl.lit(date(year, 1, 1)), pl.lit(date(year, 12, 31)), pl.lit(hours))


def _short(month: int, of_month: int, year: int) -> str:
    return date(2000 + year % 100, month, of_month).isoformat()


def _entry_dates(inputs: Inputs) -> tuple[EntryDates, bool]:
    """Return the entry dates of a year, and whether a day on one of them counts."""
    words = f"{inputs.get('rule', '')} {inputs.get('entry', '')}".lower()
    coincident = "following" not in words or "coincident" in words or "on or after" in words
    given = inputs.get("entry_dates", inputs.get("entry", "semi_annual"))
    texts = [given] if isinstance(given, str) else given
    dates = tuple(found for text in texts for found in _dates_of(text))
    return dates, coincident


def _dates_of(text: str) -> EntryDates:
    found = numbers(r"(\d\d)-(\d\d)", text)
    if found:
        return ((found[0], found[1]),)
    plain = text.lower().replace("-", "_")
    for word, pattern in (("first of month", "monthly"), ("first of quarter", "quarterly")):
        plain = pattern if word in plain else plain
    return ENTRY_PATTERNS[plain]


def _plan_year(inputs: Inputs, dates: EntryDates) -> tuple[int, int]:
    """Return the month and day on which plan years begin: as given, or a single entry date of a year."""
    given = numbers(r"(\d\d)-(\d\d)", inputs.get("plan_year", ""))
    if given:
        return given[0], given[1]
    only_one = len(dates) == 1 and inputs.get("plan_year") != "calendar"
    return dates[0] if only_one else CALENDAR
