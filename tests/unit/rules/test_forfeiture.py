from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from simulation.rules.forfeiture import (
    fifth_break_end,
    fifth_break_end_after,
    forfeiture_date,
    repayment_deadline,
    restored_cents,
    use_by,
)

LEFT = date(2025, 9, 30)
BREAKS_OVER = date(2030, 12, 31)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((501, 0, 0, 0, 0, 0), date(2030, 12, 31)),
        ((500, 0, 0, 0, 0, 0), date(2029, 12, 31)),
        ((0, 0, 501, 0, 0, 0, 0, 0), date(2032, 12, 31)),
        ((900, 0, 0, 0, 0), None),
    ],
)
def test_five_breaks_in_a_row_are_needed(hours: tuple[int, ...], expected: date | None) -> None:
    by_year = {year: pl.lit(of_year) for year, of_year in enumerate(hours, start=2025)}
    assert pl.select(fifth_break_end(by_year)).item() == expected


def test_who_never_returns_has_the_fifth_break_five_years_on() -> None:
    assert pl.select(fifth_break_end_after(pl.lit(2025))).item() == BREAKS_OVER


@pytest.mark.parametrize(
    ("distribution", "deemed", "expected"),
    [
        (date(2026, 2, 1), False, date(2026, 2, 1)),
        (date(2031, 2, 1), False, BREAKS_OVER),
        (None, False, BREAKS_OVER),
        (None, True, LEFT),
    ],
)
def test_distribution_or_fifth_break_whichever_is_first(
    distribution: date | None, deemed: bool, expected: date
) -> None:
    rule = forfeiture_date(
        pl.lit(LEFT), pl.lit(distribution, dtype=pl.Date), pl.lit(BREAKS_OVER), pl.lit(deemed)
    )
    assert pl.select(rule).item() == expected


@pytest.mark.parametrize(
    ("plan_year_end", "expected"),
    [
        (date(2026, 12, 31), date(2027, 12, 31)),
        (date(2024, 12, 31), date(2025, 12, 31)),
        (date(2019, 12, 31), date(2025, 12, 31)),
        (date(2023, 9, 30), date(2026, 9, 30)),
        (date(2024, 9, 30), date(2026, 9, 30)),
        (date(2027, 2, 28), date(2028, 2, 29)),
    ],
)
def test_forfeitures_are_used_within_a_year_and_old_ones_count_as_of_2024(
    plan_year_end: date, expected: date
) -> None:
    assert pl.select(use_by(pl.lit(plan_year_end))).item() == expected


def test_rehire_restores_before_five_breaks_to_those_who_repay() -> None:
    breaks = np.array([0, 4, 5, 2])
    repaid = np.array([True, True, True, False])
    assert restored_cents(np.full(4, 12_345), breaks, repaid).tolist() == [12_345, 12_345, 0, 0]


def test_repayment_may_wait_five_years() -> None:
    assert pl.select(repayment_deadline(pl.lit(date(2026, 4, 1)))).item() == date(2031, 3, 31)
