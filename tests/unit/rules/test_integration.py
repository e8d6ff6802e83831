from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.allocation import Residual
from simulation.rules.integration import (
    Step,
    allocate_by_steps,
    base_rate_for,
    excess_pay,
    excess_pay_in_period,
    four_steps,
    integrated_contribution,
    max_disparity_bp,
    step_totals,
    two_steps,
)
from simulation.rules.rounding import Whole

WAGE_BASE = 184_500_00
WIDEST = Fraction(57, 1000)
PAY = np.array([360_000_00, 100_000_00, 50_000_00])


@pytest.mark.parametrize(
    ("level", "disparity_bp"),
    [
        (WAGE_BASE, 570),
        (WAGE_BASE - 1, 540),
        (147_600_01, 540),
        (147_600_00, 430),
        (36_900_01, 430),
        (36_900_00, 570),
    ],
)
def test_disparity_by_level_counts_exactly_eighty_percent_with_what_is_below(
    level: int, disparity_bp: int
) -> None:
    assert max_disparity_bp(level, WAGE_BASE) == disparity_bp


def test_ten_thousand_dollars_keep_the_widest_disparity_in_a_small_wage_base() -> None:
    assert max_disparity_bp(10_000_00, 45_000_00) == 570
    assert max_disparity_bp(10_000_01, 45_000_00) == 430


def test_a_level_above_the_wage_base_is_refused() -> None:
    with pytest.raises(ValueError, match="above the wage base"):
        max_disparity_bp(WAGE_BASE + 1, WAGE_BASE)


def test_the_base_rate_gives_its_target_exactly() -> None:
    base = base_rate_for(46_000_00, 230_000_00, 102_000_00, WIDEST)
    pay = np.array([230_000_00, 40_000_00])
    assert base == Fraction(38_704, 230_000)
    found = integrated_contribution(pay, excess_pay(pay, 102_000_00), base, WIDEST)
    assert found.tolist() == [46_000_00, 6_731_13]


def test_a_small_target_has_a_disparity_no_larger_than_its_base_rate() -> None:
    base = base_rate_for(5_000_00, 200_000_00, 100_000_00, WIDEST)
    assert base == Fraction(5, 300)
    pay = np.array([200_000_00, 50_000_00])
    found = integrated_contribution(pay, excess_pay(pay, 100_000_00), base, WIDEST)
    assert found.tolist() == [5_000_00, 833_33]


def test_excess_pay_of_periods_adds_up_to_that_of_the_year() -> None:
    pay = np.array([100_000_00, 100_000_00, 20_000_00])
    found = excess_pay_in_period(pay, np.cumsum(pay) - pay, WAGE_BASE)
    assert found.tolist() == [0, 15_500_00, 20_000_00]


def test_two_steps_give_the_disparity_first_and_the_rest_on_pay() -> None:
    steps = two_steps(PAY, WAGE_BASE, WIDEST)
    assert step_totals(60_000_00, steps) == [39_073_50, 20_926_50]
    assert allocate_by_steps(60_000_00, steps).tolist() == [45_295_15, 9_803_24, 4_901_62]


def test_a_small_pool_ends_inside_the_first_step() -> None:
    steps = two_steps(PAY, WAGE_BASE, WIDEST)
    assert step_totals(20_000_00, steps) == [20_000_00, 0]
    assert allocate_by_steps(20_000_00, steps).tolist() == [15_623_63, 2_917_58, 1_458_79]


def test_four_steps_give_everybody_the_top_heavy_minimum_first() -> None:
    steps = four_steps(PAY, WAGE_BASE, WIDEST)
    assert allocate_by_steps(18_000_00, steps).tolist() == [13_500_00, 3_000_00, 1_500_00]
    assert allocate_by_steps(10_200_00, steps).tolist() == [7_200_00, 2_000_00, 1_000_00]


def test_a_large_pool_is_shared_alike_by_two_and_by_four_steps() -> None:
    two = allocate_by_steps(90_000_00, two_steps(PAY, WAGE_BASE, WIDEST))
    assert two.tolist() == allocate_by_steps(90_000_00, four_steps(PAY, WAGE_BASE, WIDEST)).tolist()


def test_nobody_shares_nothing() -> None:
    steps = (Step(None, np.zeros(0, dtype=np.int64)),)
    assert allocate_by_steps(100, steps, Residual.REMAINDERS).tolist() == []


@settings(max_examples=50)
@given(
    st.integers(0, 10**13),
    st.lists(st.integers(1, 10**12), min_size=1, max_size=20),
    st.sampled_from([two_steps, four_steps]),
)
def test_steps_give_out_the_whole_pool(
    pool: int, pay: list[int], steps: Callable[[Whole, int, Fraction], tuple[Step, ...]]
) -> None:
    built = steps(np.array(pay, dtype=np.int64), WAGE_BASE, WIDEST)
    assert sum(step_totals(pool, built)) == pool
    assert allocate_by_steps(pool, built, Residual.REMAINDERS).sum() == pool
