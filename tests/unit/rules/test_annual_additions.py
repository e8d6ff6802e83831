from __future__ import annotations

import numpy as np
import pytest

from simulation.rules.annual_additions import (
    Money,
    additions_excess,
    additions_limit,
    additions_room,
    annual_additions,
    catchup_of_year,
)

LIMIT_402G, LIMIT_415, CATCHUP = 24_500_00, 72_000_00, 8_000_00


@pytest.mark.parametrize(
    "kind", [Money.CATCHUP, Money.ROLLOVER, Money.LOAN_REPAYMENT, Money.RESTORED_CASHOUT]
)
def test_what_is_no_annual_addition(kind: Money) -> None:
    assert annual_additions({Money.MATCH: 100_00, kind: 999_00}).tolist() == [100_00]


def test_forfeitures_and_after_tax_money_are_annual_additions() -> None:
    counted = {Money.DEFERRAL: 1, Money.AFTER_TAX: 10, Money.MATCH: 100, Money.NONELECTIVE: 1_000}
    more = {Money.PROFIT_SHARING: 10_000, Money.FORFEITURE: 100_000}
    assert annual_additions({**counted, **more}).tolist() == [111_111]


def test_money_refunded_after_a_failed_test_still_counts_but_a_returned_excess_does_not() -> None:
    refunded_later = {Money.DEFERRAL: np.array([LIMIT_402G]), Money.MATCH: np.array([10_000_00])}
    assert annual_additions(refunded_later).tolist() == [34_500_00]
    over_402g = {**refunded_later, Money.DEFERRAL: np.array([LIMIT_402G + 500_00])}
    assert annual_additions(over_402g, returned_402g=500_00).tolist() == [34_500_00]


def test_the_limit_is_the_lower_of_pay_and_dollars() -> None:
    assert additions_limit(np.array([40_000_00, 90_000_00]), LIMIT_415).tolist() == [40_000_00, LIMIT_415]


def test_exactly_at_the_limit_there_is_neither_room_nor_excess() -> None:
    additions = np.array([LIMIT_415 - 1, LIMIT_415, LIMIT_415 + 1])
    assert additions_room(LIMIT_415, additions).tolist() == [1, 0, 0]
    assert additions_excess(LIMIT_415, additions).tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("deferral", "employer", "catchup"),
    [
        (24_500_00, 47_500_00, 0),
        (30_000_00, 10_000_00, 5_500_00),
        (20_000_00, 55_000_00, 3_000_00),
        (20_000_00, 80_000_00, 8_000_00),
        (40_000_00, 0, 8_000_00),
    ],
)
def test_catch_up_arises_from_415_as_well_as_from_402g(deferral: int, employer: int, catchup: int) -> None:
    found = catchup_of_year(deferral, employer, LIMIT_402G, LIMIT_415, CATCHUP)
    assert found.tolist() == [catchup]
