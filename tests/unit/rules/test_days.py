from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import dates
from simulation.rules import periods
from simulation.rules.days import NO_DAY, Days, completed_years, day_between, months_after

EVERY_DAY = pl.Series("day", [date(2023, 1, 1) + timedelta(days=n) for n in range(3 * 365)])


def _days(*days: str) -> Days:
    return np.array(days, dtype="datetime64[D]")


@pytest.mark.parametrize("months", [0, 1, 12, 252])
def test_months_after_are_those_of_the_expressions(months: int) -> None:
    expected = pl.select(periods.months_after(pl.lit(EVERY_DAY), months)).to_series()
    assert pl.Series(months_after(EVERY_DAY.to_numpy(), months)).to_list() == expected.to_list()


@pytest.mark.parametrize("on", [date(2024, 2, 28), date(2024, 2, 29), date(2025, 3, 1), date(2030, 12, 31)])
def test_completed_years_are_those_of_the_expressions(on: date) -> None:
    expected = pl.select(dates.completed_years(pl.lit(EVERY_DAY), on)).to_series()
    days = np.full(len(EVERY_DAY), np.datetime64(on))
    assert completed_years(EVERY_DAY.to_numpy(), days).tolist() == expected.to_list()


@pytest.mark.parametrize(
    ("draw", "expected"), [(0.0, "2025-03-01"), (0.5, "2025-03-16"), (0.9999, "2025-03-31")]
)
def test_a_day_between_two_is_drawn_evenly_with_both_included(draw: float, expected: str) -> None:
    drawn = day_between(_days("2025-03-01"), date(2025, 3, 31), np.array([draw]))
    assert drawn.tolist() == _days(expected).tolist()


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(0, 400), st.floats(0, 1, exclude_max=True))
def test_a_day_between_two_days_is_neither_before_nor_after(first: date, span: int, draw: float) -> None:
    last = first + timedelta(days=span)
    assert first <= day_between(_days(first.isoformat()), last, np.array([draw])).tolist()[0] <= last


def test_no_day_is_neither_before_nor_after_another() -> None:
    assert not (_days("2025-01-01") <= NO_DAY).any()
    assert not (_days("2025-01-01") >= NO_DAY).any()
