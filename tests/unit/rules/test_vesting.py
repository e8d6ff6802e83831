from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.rules.vesting import (
    ALWAYS_VESTED,
    IMMEDIATE,
    SCHEDULES,
    cliff,
    forfeitable_cents,
    graded,
    schedule_of,
    vested_bp,
    vested_cents,
)

YEARS = np.arange(9)


@pytest.mark.parametrize(
    ("name", "by_year"),
    [
        ("immediate", [100] * 9),
        ("cliff2", [0, 0] + [100] * 7),
        ("cliff3", [0, 0, 0] + [100] * 6),
        ("graded_1_5", [0, 20, 40, 60, 80, 100, 100, 100, 100]),
        ("graded_2_6", [0, 0, 20, 40, 60, 80, 100, 100, 100]),
    ],
)
def test_a_schedule_vests_by_completed_years(name: str, by_year: list[int]) -> None:
    expected = [100 * percent for percent in by_year]
    assert vested_bp(SCHEDULES[name], YEARS).tolist() == expected
    column = pl.DataFrame({"years": YEARS}).select(vested_bp(SCHEDULES[name], pl.col("years")))
    assert column.to_series().to_list() == expected


def test_a_step_that_does_not_divide_one_ends_at_one() -> None:
    assert graded(3_300) == (0, 3_300, 6_600, 9_900, 10_000)


def test_a_qaca_cliff_is_at_most_two_years() -> None:
    assert SCHEDULES["qaca_2yr_cliff"] == cliff(2)


@pytest.mark.parametrize("source", sorted(ALWAYS_VESTED))
def test_the_participants_own_and_safe_harbor_money_is_always_vested(source: str) -> None:
    assert schedule_of(source, cliff(3)) == IMMEDIATE


def test_other_employer_money_vests_by_schedule() -> None:
    assert schedule_of("match", cliff(3)) == cliff(3)


@given(st.integers(0, 10**15), st.integers(0, 10_000))
def test_vested_and_forfeitable_add_up_and_round_half_up(balance: int, share: int) -> None:
    vested = int(vested_cents(balance, share))
    assert vested == (Fraction(balance * share, 10_000) + Fraction(1, 2)) // 1
    assert vested + forfeitable_cents(balance, share) == balance
