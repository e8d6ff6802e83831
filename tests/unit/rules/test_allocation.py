from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulation.rules.allocation import Residual, per_capita, pro_rata, pro_rata_rate
from simulation.units import divide_half_up

WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any)
POOLS = st.integers(0, 10**13)


@settings(max_examples=50)
@given(POOLS, WEIGHTS)
def test_each_share_alone_is_rounded_half_up(pool: int, weights: list[int]) -> None:
    found = pro_rata(pool, np.array(weights, dtype=np.int64)).tolist()
    assert found == [divide_half_up(pool * weight, sum(weights)) for weight in weights]


@pytest.mark.parametrize("residual", [Residual.LARGEST, Residual.REMAINDERS])
@settings(max_examples=50)
@given(pool=POOLS, weights=WEIGHTS)
@example(pool=1, weights=[1142, 362, 940, 1142, 1728])
@example(pool=2, weights=[0, 1, 1, 1, 1, 1])
def test_a_residual_rule_gives_out_the_whole_pool_within_a_cent_a_head(
    residual: Residual, pool: int, weights: list[int]
) -> None:
    column = np.array(weights, dtype=np.int64)
    found = pro_rata(pool, column, residual)
    assert found.sum() == pool
    assert np.abs(found - pro_rata(pool, column)).max() <= (
        1 if residual is Residual.REMAINDERS else len(weights)
    )
    assert found[column == 0].sum() == 0


@pytest.mark.parametrize(
    ("residual", "shares"),
    [
        (Residual.NONE, [33, 33, 33]),
        (Residual.LARGEST, [34, 33, 33]),
        (Residual.REMAINDERS, [34, 33, 33]),
    ],
)
def test_the_first_of_equals_gets_the_odd_cent(residual: Residual, shares: list[int]) -> None:
    assert pro_rata(100, np.array([1, 1, 1]), residual).tolist() == shares


def test_the_residual_rules_differ_in_who_bears_the_cents() -> None:
    weights = np.array([1, 5, 1])
    assert pro_rata(5, weights, Residual.LARGEST).tolist() == [1, 3, 1]
    assert pro_rata(5, weights, Residual.REMAINDERS).tolist() == [1, 3, 1]
    weights = np.array([10, 3, 3])
    assert pro_rata(8, weights, Residual.LARGEST).tolist() == [4, 2, 2]
    assert pro_rata(8, weights, Residual.REMAINDERS).tolist() == [5, 2, 1]


@pytest.mark.parametrize("residual", list(Residual))
def test_without_weight_nobody_gets_anything(residual: Residual) -> None:
    assert pro_rata(100, np.zeros(2, dtype=np.int64), residual).tolist() == [0, 0]
    assert pro_rata(100, np.zeros(0, dtype=np.int64), residual).tolist() == []


def test_rate_and_equal_share() -> None:
    assert pro_rata_rate(10_000, np.array([100_000, 140_000])) == Fraction(1, 24)
    assert per_capita(10_000, 3).tolist() == [3_333]
