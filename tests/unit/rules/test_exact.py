from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.exact import combined, portion, total

AMOUNTS = st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20)
FACTORS = st.fractions(min_value=-10, max_value=10, max_denominator=10**9)


def half_up(exact: Fraction) -> int:
    below, rest = divmod(abs(exact), 1)
    size = below + (2 * rest >= 1)
    return size if exact >= 0 else -size


@settings(max_examples=50)
@given(AMOUNTS, FACTORS, FACTORS)
def test_a_sum_of_fractions_is_rounded_once_like_exact_fractions(
    amounts: list[int], first: Fraction, second: Fraction
) -> None:
    column = np.array(amounts, dtype=np.int64)
    found = combined((first, column), (second, column[::-1])).tolist()
    pairs = zip(amounts, reversed(amounts), strict=True)
    assert found == [half_up(first * one + second * other) for one, other in pairs]


def test_the_widest_pool_and_pay_stay_exact() -> None:
    pool, pay, everybody = 10**13 - 1, 10**12 - 3, 10**18 - 11
    exact = Decimal(pool) * pay / everybody
    found = portion(np.array([pay], dtype=np.int64), Fraction(pool, everybody))
    assert found.tolist() == [int(exact.to_integral_value(ROUND_HALF_UP))]


def test_a_sum_that_128_bits_cannot_hold_is_refused() -> None:
    with pytest.raises(OverflowError, match="bits"):
        portion(10**12, Fraction(10**30 + 1, 10**29))


def test_nobody_has_nothing() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert portion(nobody, Fraction(1, 3)).tolist() == []
    assert total(nobody) == 0
