"""Fixed days and month weights."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from simulation.parameters.calendar_form import Effective, MonthDay, Weights

EFFECTIVE: TypeAdapter[Any] = TypeAdapter(Effective)


@given(st.dates(min_value=date(2025, 1, 1), max_value=date(2025, 12, 31)), st.integers(2000, 2150))
def test_a_day_stands_in_every_year(day: date, year: int) -> None:
    effective = EFFECTIVE.validate_python(f"{day:%m-%d}")
    assert isinstance(effective, MonthDay)
    assert effective.in_year(year) == day.replace(year=year)
    assert (effective.month, effective.day) == (day.month, day.day)


@pytest.mark.parametrize("value", ["02-29", "13-01", "4-1", "04-31", "0401", "2025-04-01", "", 401, None, {}])
def test_what_is_no_day_of_every_year_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError, match="MM-DD"):
        EFFECTIVE.validate_python(value)


@given(st.lists(st.integers(0, 1000), min_size=12, max_size=12).filter(any))
def test_twelve_weights_are_kept_in_order(weights: list[int]) -> None:
    assert EFFECTIVE.validate_python(weights) == tuple(weights)
    assert TypeAdapter(Weights).validate_python(weights) == tuple(weights)


@pytest.mark.parametrize(
    "weights", [[1] * 11, [1] * 13, [0] * 12, [-1] + [1] * 11, [1.5] * 12, [True] * 12, []]
)
def test_weights_that_choose_no_month_are_refused(weights: list[Any]) -> None:
    with pytest.raises(ValidationError, match="12 whole numbers"):
        EFFECTIVE.validate_python(weights)


def test_a_day_survives_the_trip_to_a_worker() -> None:
    day = copy.deepcopy(MonthDay("04-01"))
    assert isinstance(day, MonthDay)
    assert day == "04-01"
