from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.rules.eligibility import (
    ENTRY_PATTERNS,
    EntryDates,
    age_attained,
    elapsed_service_met,
    entry_by_elapsed_time,
    entry_date,
    latest_lawful_entry,
    next_entry_date,
    shifted_service_completed,
)

NOBODY = pl.lit(None, dtype=pl.Date)


def _day(year: int, month: int, of_month: int) -> pl.Expr:
    return pl.lit(date(year, month, of_month))


def _entry(birth: date, hire: date, months: int, pattern: str) -> date:
    people = pl.DataFrame({"birth": [birth], "hire": [hire]})
    dates = ENTRY_PATTERNS[pattern]
    rule = entry_by_elapsed_time(pl.col("birth"), pl.col("hire"), age=21, months=months, dates=dates)
    found: date = people.select(rule).item()
    return found


@pytest.mark.parametrize(
    ("months", "pattern", "expected"),
    [
        (0, "immediate", date(2025, 5, 20)),
        (0, "monthly", date(2025, 6, 1)),
        (0, "quarterly", date(2025, 7, 1)),
        (3, "monthly", date(2025, 9, 1)),
        (6, "semi_annual", date(2026, 1, 1)),
        (12, "semi_annual", date(2026, 7, 1)),
        (12, "annual", date(2027, 1, 1)),
    ],
)
def test_entry_follows_the_wait(months: int, pattern: str, expected: date) -> None:
    assert _entry(date(1988, 4, 2), date(2025, 5, 20), months, pattern) == expected


def test_an_anniversary_on_an_entry_date_is_coincident() -> None:
    assert _entry(date(1988, 4, 2), date(2025, 7, 1), 12, "semi_annual") == date(2026, 7, 1)


def test_the_later_of_age_and_service_decides() -> None:
    assert _entry(date(2007, 3, 15), date(2025, 2, 1), 12, "quarterly") == date(2028, 4, 1)


def test_a_birthday_of_29_february_is_met_on_1_march() -> None:
    assert pl.select(age_attained(_day(2004, 2, 29), 21)).item() == date(2025, 3, 1)


def test_strictly_next_following_skips_the_day_itself() -> None:
    dates = ENTRY_PATTERNS["monthly"]
    assert pl.select(next_entry_date(_day(2026, 6, 1), dates, coincident=False)).item() == date(2026, 7, 1)


def test_a_wait_in_days_ends_on_hire_and_so_many_days() -> None:
    assert pl.select(elapsed_service_met(_day(2026, 1, 5), days=60)).item() == date(2026, 3, 6)


@pytest.mark.parametrize(("age", "service"), [(NOBODY, _day(2025, 1, 1)), (_day(2025, 1, 1), NOBODY)])
@pytest.mark.parametrize("pattern", ENTRY_PATTERNS)
def test_nobody_enters_before_both_are_met(age: pl.Expr, service: pl.Expr, pattern: str) -> None:
    assert pl.select(entry_date(age, service, ENTRY_PATTERNS[pattern])).item() is None


@given(
    st.dates(date(1990, 1, 1), date(2060, 1, 1)),
    st.sampled_from([dates for dates in ENTRY_PATTERNS.values() if dates]),
)
def test_entry_is_the_first_such_day(day: date, dates: EntryDates) -> None:
    found = pl.select(next_entry_date(pl.lit(day), dates)).item()
    days = (day + timedelta(days=offset) for offset in range(367))
    assert found == next(each for each in days if (each.month, each.day) in dates)


@pytest.mark.parametrize(
    ("initial", "calendar", "expected"),
    [
        (1_000, {2026: 0}, date(2026, 9, 9)),
        (999, {2025: 1_500, 2026: 1_000}, date(2026, 12, 31)),
        (999, {2026: 999, 2027: 1_200}, date(2027, 12, 31)),
        (0, {2026: 0}, None),
    ],
)
def test_plan_years_count_from_the_one_with_the_first_anniversary(
    initial: int, calendar: dict[int, int], expected: date | None
) -> None:
    hours = {year: pl.lit(of_year) for year, of_year in calendar.items()}
    rule = shifted_service_completed(_day(2025, 9, 10), pl.lit(initial), hours)
    assert pl.select(rule).item() == expected


def test_no_entry_date_of_a_half_yearly_pattern_is_ever_too_late() -> None:
    hires = pl.DataFrame({"hire": pl.date_range(date(2024, 1, 1), date(2025, 12, 31), eager=True)})
    met = elapsed_service_met(pl.col("hire"), 12)
    plan = next_entry_date(met, ENTRY_PATTERNS["semi_annual"])
    lawful = latest_lawful_entry(met - pl.duration(days=1))
    assert hires.select((plan <= lawful).all()).item()


def test_a_yearly_entry_date_after_a_year_is_too_late_for_most() -> None:
    satisfied = _day(2025, 3, 31)
    latest = pl.select(latest_lawful_entry(satisfied)).item()
    plan = pl.select(next_entry_date(_day(2025, 4, 1), ENTRY_PATTERNS["annual"])).item()
    assert (latest, plan) == (date(2025, 10, 1), date(2026, 1, 1))
