from __future__ import annotations

from datetime import date

import pytest

from simulation.parameters import parameters
from simulation.rules.snapshot_dates import SNAPSHOTS, snapshot_dates


@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("year_end", [(12, 31)]),
        ("quarter_end", [(3, 31), (6, 30), (9, 30), (12, 31)]),
        (
            "month_end",
            [*zip(range(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True)],
        ),
    ],
)
def test_ends_of_spans_of_months(every: str, days: list[tuple[int, int]]) -> None:
    assert snapshot_dates(every, 2025) == [date(2025, *day) for day in days]


def test_february_of_a_leap_year_ends_a_day_later() -> None:
    assert snapshot_dates("month_end", 2028)[1] == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("year", "first", "before_last", "count"),
    [
        (2025, date(2025, 1, 3), date(2025, 12, 26), 53),
        (2027, date(2027, 1, 1), date(2027, 12, 24), 53),
        (2028, date(2028, 1, 7), date(2028, 12, 29), 53),
        (2032, date(2032, 1, 2), date(2032, 12, 24), 53),
    ],
)
def test_weeks_end_on_fridays_and_the_last_days_on_31_december(
    year: int, first: date, before_last: date, count: int
) -> None:
    days = snapshot_dates("weekly", year)
    assert (days[0], days[-2], days[-1], len(days)) == (first, before_last, date(year, 12, 31), count)
    assert {day.weekday() for day in days[:-1]} == {4}


@pytest.mark.parametrize("every", SNAPSHOTS)
def test_days_are_in_order_and_end_with_the_year(every: str) -> None:
    for year in range(2020, 2050):
        days = snapshot_dates(every, year)
        assert days == sorted(set(days))
        assert {day.year for day in days} == {year}
        assert days[-1] == date(year, 12, 31)


def test_the_parameter_offers_what_there_is() -> None:
    assert parameters()["output.balance_snapshots"].allowed == f"one of {', '.join(SNAPSHOTS)}"
