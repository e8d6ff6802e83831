from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.rules.rounding import half_up, part
from simulation.units import divide_half_up

AMOUNTS = st.integers(-(10**18), 10**18)


@given(st.lists(st.tuples(AMOUNTS, st.integers(1, 10**18)), min_size=1, max_size=20))
def test_a_column_is_rounded_by_the_one_rule(pairs: list[tuple[int, int]]) -> None:
    numerators, denominators = np.array(pairs, dtype=np.int64).T
    expected = [divide_half_up(numerator, denominator) for numerator, denominator in pairs]
    assert half_up(numerators, denominators).tolist() == expected


@given(AMOUNTS, st.integers(-10_000, 10_000))
def test_a_part_of_an_amount_is_exact_where_the_product_leaves_64_bits(amount: int, rate_bp: int) -> None:
    exact = Decimal(amount) * rate_bp / 10_000
    assert part(amount, rate_bp) == int(exact.to_integral_value(ROUND_HALF_UP))


@pytest.mark.parametrize(
    ("amount", "rate", "one", "expected"),
    [(10_001, 50, 100, 5_001), (-10_001, 50, 100, -5_001), (10_001, -50, 100, -5_001), (1, 1, 3, 0)],
)
def test_a_rate_may_stand_in_any_unit(amount: int, rate: int, one: int, expected: int) -> None:
    assert part(amount, rate, one) == expected
