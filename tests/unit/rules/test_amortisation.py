from __future__ import annotations

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.rules.amortisation import (
    PAYMENTS_PER_YEAR,
    Terms,
    deemed_distribution_cents,
    instalment_cents,
    interest_cents,
    level_payment_cents,
    scheduled_balance_cents,
)

PRINCIPALS = st.integers(1, 10**10)
RATES = st.integers(0, 3_000)
FREQUENCIES = st.sampled_from(sorted(PAYMENTS_PER_YEAR.values()))
COUNTS = st.integers(1, 130)


def _half_up(value: Fraction) -> int:
    return floor(value + Fraction(1, 2))


def _present_value_of_one(rate: Fraction, count: int) -> Fraction:
    return sum((1 / (1 + rate) ** period for period in range(1, count + 1)), Fraction(0))


def test_a_car_loan_of_the_textbooks() -> None:
    assert level_payment_cents(2_500_000, Terms(600, 12, 60)).tolist() == [48_332]


def test_a_loan_without_interest_is_paid_in_equal_parts() -> None:
    terms = Terms(0, 12, 36)
    assert level_payment_cents(1_000_000, terms).tolist() == [27_778]
    assert scheduled_balance_cents(1_000_000, terms, 12).tolist() == [666_667]


@given(PRINCIPALS, RATES, FREQUENCIES, COUNTS)
def test_the_payment_discounts_to_the_principal(
    principal: int, rate_bp: int, per_year: int, count: int
) -> None:
    exact = principal / _present_value_of_one(Fraction(rate_bp, 10_000 * per_year), count)
    assert level_payment_cents(principal, Terms(rate_bp, per_year, count)).tolist() == [_half_up(exact)]


@given(PRINCIPALS, RATES, FREQUENCIES, COUNTS, st.integers(0, 140))
def test_the_balance_is_worth_the_payments_to_come(
    principal: int, rate_bp: int, per_year: int, count: int, paid: int
) -> None:
    rate = Fraction(rate_bp, 10_000 * per_year)
    left = max(count - paid, 0)
    exact = principal * _present_value_of_one(rate, left) / _present_value_of_one(rate, count)
    found = scheduled_balance_cents(principal, Terms(rate_bp, per_year, count), paid)
    assert found.tolist() == [_half_up(exact)]


def test_loans_of_different_terms_stand_side_by_side() -> None:
    principals = np.array([1_000_000, 1_000_000, 500_000, 1_000_000])
    terms = Terms(np.array([800, 900, 800, 800]), np.array([12, 26, 12, 12]), np.array([60, 52, 60, 60]))
    together = level_payment_cents(principals, terms).tolist()
    assert together[0] == together[3]
    assert together == [
        int(level_payment_cents(int(principal), Terms(rate, per_year, count))[0])
        for principal, rate, per_year, count in zip(
            principals, [800, 900, 800, 800], [12, 26, 12, 12], [60, 52, 60, 60], strict=True
        )
    ]


def test_a_rate_may_be_finer_than_basis_points() -> None:
    fine, coarse = Terms(81_250, 12, 60, one=1_000_000), Terms(813, 12, 60)
    assert level_payment_cents(5_000_000, fine).tolist() == [101_681]
    assert level_payment_cents(5_000_000, coarse).tolist() != [101_681]


def test_a_default_adds_the_interest_of_the_cure_period_to_the_scheduled_balance() -> None:
    terms = Terms(1_200, 12, 24)
    balance = scheduled_balance_cents(1_000_000, terms, 10)
    assert deemed_distribution_cents(1_000_000, terms, 10, 0).tolist() == balance.tolist()
    exact = Fraction(1_000_000) * (Fraction(101, 100) ** 24 - Fraction(101, 100) ** 10)
    exact *= Fraction(101, 100) ** 3 / (Fraction(101, 100) ** 24 - 1)
    assert deemed_distribution_cents(1_000_000, terms, 10, 3).tolist() == [_half_up(exact)]


@pytest.mark.parametrize("payments", [12, 60, 130])
def test_a_ledger_of_cents_ends_at_nought_and_stays_near_the_schedule(payments: int) -> None:
    principal, terms = np.array([123_456, 5_000_000]), Terms(np.array([725, 950]), 26, payments)
    payment, balance = level_payment_cents(principal, terms), principal
    for paid in range(1, payments + 1):
        interest = interest_cents(balance, terms)
        balance = balance + interest - instalment_cents(balance, interest, payment, payments - paid + 1)
        assert np.abs(balance - scheduled_balance_cents(principal, terms, paid)).max() <= paid
    assert balance.tolist() == [0, 0]


def test_no_more_is_paid_than_is_owed() -> None:
    assert instalment_cents(500, 3, 20_000, 5).tolist() == [503]


def test_interest_is_rounded_half_up() -> None:
    assert interest_cents(np.array([60, 59]), Terms(1_000, 12, 12)).tolist() == [1, 0]
