from __future__ import annotations

from fractions import Fraction

import numpy as np

from simulation.rules.age_weighting import age_weight_ratio, age_weighted, discount_billionths
from simulation.rules.allocation import Residual

INTEREST = Fraction(85, 1000)


def test_the_ratio_is_the_interest_between_two_ages() -> None:
    assert age_weight_ratio(Fraction(1, 10), 52, 50) == Fraction(121, 100)


def test_a_discount_ends_at_the_testing_age() -> None:
    assert discount_billionths(Fraction(1, 4), 64) == 800_000_000
    assert discount_billionths(Fraction(1, 4), 65) == discount_billionths(Fraction(1, 4), 70) == 10**9


def test_the_older_get_more_of_equal_pay() -> None:
    pay, ages = np.full(3, 40_000_00), np.array([50, 35, 25])
    weights = [age_weight_ratio(INTEREST, age, 25) for age in (50, 35, 25)]
    shares = [round(10_000_00 * weight / sum(weights)) for weight in weights]
    assert age_weighted(10_000_00, pay, ages, INTEREST, Residual.REMAINDERS).tolist() == shares
    assert sum(shares) == 10_000_00


def test_nobody_gets_nothing() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert age_weighted(100, nobody, nobody, INTEREST).tolist() == []
