from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from simulation.rules.top_heavy import (
    Shares,
    additional_due,
    counted_balance,
    exempt,
    highest_key_rate,
    key_share,
    minimum,
    minimum_rate,
)


def test_trap_9_exactly_sixty_percent_is_not_top_heavy() -> None:
    assert not Shares(60_00, 100_00).top_heavy
    assert Shares(60_01, 100_01).top_heavy
    assert Shares(0, 0).ratio == 0


def test_distributions_come_back_and_unrelated_rollovers_go() -> None:
    counted = counted_balance(np.array([100_00, 50_00]), np.array([10_00, 0]), 5_00, np.array([0, 20_00]))
    assert counted.tolist() == [115_00, 35_00]


def test_former_key_employees_and_people_without_service_are_in_neither_part() -> None:
    counted = np.array([600_00, 300_00, 500_00, 400_00])
    shares = key_share(
        counted,
        key=np.array([True, False, False, False]),
        former_key=np.array([True, False, True, False]),
        served=np.array([True, True, True, False]),
    )
    assert (shares.key_cents, shares.all_cents) == (600_00, 900_00)
    assert shares.ratio == Fraction(2, 3)


def test_the_highest_key_rate_counts_deferrals_and_bounds_the_minimum() -> None:
    rate = highest_key_rate(np.array([4_000_00, 5_000_00]), np.array([200_000_00, 350_000_00]))
    assert minimum_rate(rate) == Fraction(2, 100)
    assert minimum_rate(Fraction(7, 100)) == Fraction(3, 100)
    assert minimum_rate(highest_key_rate(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))) == 0


def test_the_minimum_goes_to_whoever_is_there_on_the_last_day() -> None:
    pay = np.array([40_000_00, 33_333_33, 40_000_00])
    due = minimum(pay, Fraction(3, 100), np.array([True, True, False]))
    assert due.tolist() == [1_200_00, 1_000_00, 0]
    assert additional_due(due, np.array([500_00, 1_000_01, 0])).tolist() == [700_00, 0, 0]


@pytest.mark.parametrize(
    ("contributions", "forfeitures", "free"),
    [
        (["deferrals", "safe_harbor_nonelective"], False, True),
        (["deferrals", "catchup", "qaca_match", "acp_safe_harbor_match"], False, True),
        (["deferrals", "safe_harbor_match"], True, False),
        (["deferrals", "safe_harbor_match", "profit_sharing"], False, False),
        (["deferrals"], False, False),
    ],
)
def test_a_plan_of_deferrals_and_safe_harbor_money_owes_nothing(
    contributions: list[str], forfeitures: bool, free: bool
) -> None:
    assert exempt(contributions, forfeitures_allocated=forfeitures) is free
