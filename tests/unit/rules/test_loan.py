from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from simulation.rules.loan import cure_deadline, highest_at_once_cents, highest_of_each_cents, maximum_cents


@pytest.mark.parametrize(
    ("vested", "outstanding", "highest", "expected"),
    [
        (60_000, 0, 0, 30_000),
        (100_000, 0, 0, 50_000),
        (300_000, 0, 0, 50_000),
        (12_000, 0, 0, 10_000),
        (90_000, 20_000, 20_000, 25_000),
        (200_000, 0, 20_000, 30_000),
        (200_000, 10_000, 35_000, 15_000),
        (200_000, 5_000, 3_000, 45_000),
        (20_000, 15_000, 15_000, 0),
    ],
)
def test_the_lesser_of_the_dollar_limit_and_half_of_what_is_vested(
    vested: int, outstanding: int, highest: int, expected: int
) -> None:
    assert maximum_cents(vested * 100, outstanding * 100, highest * 100).tolist() == [expected * 100]


def test_a_plan_may_leave_the_floor_out() -> None:
    assert maximum_cents(1_200_000, 0, 0, floor_cents=0).tolist() == [600_000]


def test_serial_loans_have_two_lawful_highest_balances() -> None:
    by_loan_and_quarter = np.array([[[700, 400, 0, 0], [0, 300, 500, 200]]])
    assert highest_at_once_cents(by_loan_and_quarter).tolist() == [700]
    assert highest_of_each_cents(by_loan_and_quarter).tolist() == [1_200]


def test_people_have_balances_of_their_own() -> None:
    balances = np.array([[[1, 2], [3, 4]], [[5, 0], [0, 5]]])
    assert highest_at_once_cents(balances).tolist() == [6, 5]
    assert highest_of_each_cents(balances).tolist() == [6, 10]


@pytest.mark.parametrize(
    ("missed", "deadline"),
    [
        (date(2025, 10, 1), date(2026, 3, 31)),
        (date(2025, 12, 31), date(2026, 3, 31)),
        (date(2026, 2, 15), date(2026, 6, 30)),
        (date(2026, 7, 3), date(2026, 12, 31)),
    ],
)
def test_a_missed_payment_is_cured_by_the_end_of_the_next_quarter(missed: date, deadline: date) -> None:
    assert pl.select(cure_deadline(pl.lit(missed))).item() == deadline
