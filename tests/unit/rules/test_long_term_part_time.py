from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from simulation.rules.eligibility import ENTRY_PATTERNS
from simulation.rules.long_term_part_time import Period, eligible_to_defer, only_deferral

ADULT = pl.lit(date(2000, 1, 1))


def _years(first: int, *hours: int) -> list[Period]:
    return [
        Period(pl.lit(date(year, 1, 1)), pl.lit(date(year, 12, 31)), pl.lit(of_year))
        for year, of_year in enumerate(hours, start=first)
    ]


def _entry(periods: list[Period], age_met: pl.Expr = ADULT) -> date | None:
    found: date | None = pl.select(eligible_to_defer(periods, age_met, ENTRY_PATTERNS["semi_annual"])).item()
    return found


@pytest.mark.parametrize(
    ("first", "hours", "expected"),
    [
        (2021, (500, 500, 500), date(2024, 1, 1)),
        (2022, (500, 500), date(2025, 1, 1)),
        (2024, (640, 580), date(2026, 1, 1)),
        (2024, (499, 800, 800), date(2027, 1, 1)),
        (2024, (800, 499, 800), None),
        (2024, (800,), None),
    ],
)
def test_two_periods_are_enough_from_2025_and_three_in_2024(
    first: int, hours: tuple[int, ...], expected: date | None
) -> None:
    assert _entry(_years(first, *hours)) == expected


def test_periods_that_began_before_2021_are_ignored() -> None:
    assert _entry(_years(2019, 900, 900, 900, 900)) == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("birthday", "expected"), [(date(2026, 12, 31), date(2027, 1, 1)), (date(2027, 1, 1), None)]
)
def test_the_age_is_to_be_reached_by_the_close_of_the_last_period(
    birthday: date, expected: date | None
) -> None:
    assert _entry(_years(2025, 700, 700), pl.lit(birthday)) == expected


def test_overlapping_periods_both_count() -> None:
    initial = Period(pl.lit(date(2024, 8, 1)), pl.lit(date(2025, 7, 31)), pl.lit(520))
    assert _entry([initial, *_years(2025, 510)]) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("long_term", "full", "only"),
    [
        (date(2026, 1, 1), None, True),
        (date(2026, 1, 1), date(2026, 7, 1), True),
        (date(2026, 1, 1), date(2026, 1, 1), False),
        (None, date(2026, 1, 1), False),
    ],
)
def test_employer_money_is_due_from_the_plans_own_entry(
    long_term: date | None, full: date | None, only: bool
) -> None:
    rule = only_deferral(pl.lit(long_term, dtype=pl.Date), pl.lit(full, dtype=pl.Date))
    assert pl.select(rule).item() is only
