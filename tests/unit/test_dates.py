from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.dates import calendar_years, completed_years, day_in, days_in_year

EVEN = (1,) * 12


def _one(**columns: object) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in columns.items()})


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2000, 2, 29), date(2025, 2, 28), 24),
        (date(2000, 2, 29), date(2025, 3, 1), 25),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(1990, 7, 1), date(2025, 6, 30), 34),
        (date(1990, 7, 1), date(2025, 7, 1), 35),
        (date(2025, 7, 1), date(2025, 1, 1), 0),
    ],
)
def test_years_are_completed_on_the_anniversary_and_29_february_on_1_march(
    since: date, on: date, years: int
) -> None:
    assert _one(since=since).select(completed_years("since", on)).item() == years


@given(st.floats(0, 1, exclude_max=True), st.integers(1950, 2100))
def test_a_drawn_day_lies_in_its_year(draw: float, year: int) -> None:
    assert day_in(year, np.array([draw]), EVEN).tolist()[0].year == year


def test_every_day_of_a_leap_year_can_be_drawn() -> None:
    days = day_in(2024, np.arange(20_000) / 20_000, EVEN)
    assert len(np.unique(days)) == 366


def test_a_month_without_weight_is_never_drawn() -> None:
    days = day_in(2025, np.arange(1_000) / 1_000, (0, 3, *[0] * 9, 1))
    months = pl.Series(days).dt.month()
    assert sorted(months.value_counts().rows()) == [(2, 750), (12, 250)]


def test_leap_years_have_366_days() -> None:
    assert [days_in_year(year) for year in (2024, 2025, 2100, 2000)] == [366, 365, 365, 366]


def test_calendar_years_are_those_of_the_days_and_long_ago_of_none() -> None:
    days = pl.Series([date(1960, 2, 29), date(1969, 12, 31), date(2025, 12, 31), date(2026, 1, 1), None])
    assert calendar_years(days.to_numpy()).tolist() == [1960, 1969, 2025, 2026, 1800]
