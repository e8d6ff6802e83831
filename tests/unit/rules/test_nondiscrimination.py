from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.deferral_limits import catchup_limit, split_deferral
from simulation.rules.nondiscrimination import (
    FIRST_YEAR_AVERAGE,
    average_needed,
    contribution_ratios,
    counted_deferrals,
    deemed_met,
    highest_average,
    passes,
)
from simulation.rules.ratios import Enclosed, exact_of

CAP = 350_000_00
RATES = st.fractions(min_value=0, max_value=1, max_denominator=10**6)


@pytest.mark.parametrize(
    ("others", "highest"),
    [
        ("0", "0"),
        ("0.01", "0.02"),
        ("0.02", "0.04"),
        ("0.05", "0.07"),
        ("0.08", "0.10"),
        ("0.10", "0.125"),
    ],
)
def test_the_limit_doubles_then_adds_two_points_then_a_quarter(others: str, highest: str) -> None:
    assert highest_average(Fraction(others)) == Fraction(highest)


@settings(max_examples=100)
@given(RATES)
def test_the_average_needed_is_the_limit_turned_round(average: Fraction) -> None:
    assert average_needed(highest_average(average)) == average
    assert highest_average(average_needed(average)) == average


def test_the_first_year_is_deemed_three_percent() -> None:
    assert highest_average(FIRST_YEAR_AVERAGE) == Fraction(5, 100)


def test_people_who_defer_nothing_are_in_the_average_of_ratios() -> None:
    pay = np.array([50_000_00, 100_000_00, 40_000_00])
    mean = contribution_ratios(np.array([5_000_00, 2_000_00, 0]), pay, CAP).mean()
    assert mean.exact() == Fraction(4, 100)


def test_pay_above_the_cap_does_not_count() -> None:
    assert contribution_ratios(21_000_00, 700_000_00, CAP).at(0) == Fraction(6, 100)


def test_trap_9_an_average_at_the_limit_passes() -> None:
    assert passes(Fraction("0.07"), Fraction("0.05"))
    assert not passes(Fraction("0.0700000001"), Fraction("0.05"))
    others = contribution_ratios(np.array([1_00, 1_00]), np.array([30_00, 30_00]), CAP).mean()
    highest = contribution_ratios(np.array([4_00, 1_00]), np.array([75_00, 75_00]), CAP).mean()
    assert highest.exact() == exact_of(highest_average(Fraction(1, 30))) - Fraction(2, 100)
    assert passes(highest, others)


def fives(people: int) -> Enclosed:
    """Return the average of ratios that fall short of 5 % by less than a cent each."""
    pay = 30_000_00 + 37 * np.arange(people)
    return contribution_ratios(pay // 20, pay, CAP).mean()


def test_a_hundred_thousand_ratios_are_decided_without_adding_them_up() -> None:
    others = fives(100_000)
    assert Fraction(5, 100) - Fraction(1, 10**6) < others.low < others.high < Fraction(5, 100)
    assert passes(Fraction("0.069999"), others)
    assert not passes(Fraction("0.07"), others)


def test_a_tie_of_long_fractions_is_decided_by_adding_them_up() -> None:
    others = fives(200)
    assert others.low < others.high
    assert passes(highest_average(others), others)


def test_nothing_is_compared_without_both_groups() -> None:
    assert deemed_met(0, 40)
    assert deemed_met(3, 0)
    assert not deemed_met(1, 1)


def test_trap_3_catchup_is_what_a_limit_makes_it_and_leaves_the_test() -> None:
    ages = np.array([49, 52, 52])
    deferrals = np.array([25_500_00, 25_500_00, 20_000_00])
    split = split_deferral(deferrals, 24_500_00, catchup_limit(ages, 8_000_00, 11_250_00))
    assert split.catchup.tolist() == [0, 1_000_00, 0]
    counted = counted_deferrals(split, np.array([False, True, True]))
    assert counted.tolist() == [24_500_00, 24_500_00, 20_000_00]


def test_an_excess_stays_in_the_test_for_the_highly_compensated_alone() -> None:
    split = split_deferral(np.array([25_000_00, 25_000_00]), 24_500_00, 0)
    assert counted_deferrals(split, np.array([True, False])).tolist() == [25_000_00, 24_500_00]
