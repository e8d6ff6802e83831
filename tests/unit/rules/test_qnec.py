from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.nondiscrimination import contribution_ratios, passes
from simulation.rules.qnec import (
    FINENESS,
    counted_contributions,
    missing_points,
    qnec_amounts,
    representative_rate,
    uniform_rate,
    uniform_rate_billionths,
)

CAP = 350_000_00
PEOPLE = st.lists(
    st.tuples(st.integers(0, 5_000_00), st.integers(20_000_00, 150_000_00)), min_size=1, max_size=12
)


def test_points_are_spread_over_the_recipients() -> None:
    points = missing_points(Fraction("0.06"), Fraction("0.035"), 40)
    assert points == Fraction("0.2")
    assert uniform_rate(points, 25) == Fraction("0.008")


def test_a_test_that_is_met_lacks_nothing() -> None:
    assert missing_points(Fraction("0.05"), Fraction("0.04"), 10) == 0
    assert uniform_rate(Fraction(0), 0) == 0
    assert uniform_rate_billionths(Fraction("0.05"), Fraction("0.04"), 10, 0) == 0


def test_points_without_recipients_are_refused() -> None:
    with pytest.raises(ValueError, match="somebody"):
        uniform_rate_billionths(Fraction("0.08"), Fraction("0.01"), 10, 0)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.fractions(min_value=0, max_value=Fraction(1, 5), max_denominator=1000))
def test_the_test_is_met_after_everybody_got_the_rate(people: list[tuple[int, int]], hce: Fraction) -> None:
    deferrals, pay = np.array(people, dtype=np.int64).T
    others = contribution_ratios(deferrals, pay, CAP).mean()
    rate = uniform_rate_billionths(hce, others, len(pay), len(pay))
    after = contribution_ratios(deferrals + qnec_amounts(pay, rate), pay, CAP).mean()
    assert passes(hce, after)
    assert (rate == 0) == passes(hce, others)


def test_amounts_are_rounded_up() -> None:
    assert qnec_amounts(np.array([33_333_33, 0, 2 * FINENESS]), 7_500_000).tolist() == [250_00, 0, 15_000_000]


def test_a_large_contribution_to_one_person_does_not_count_whole() -> None:
    pay = np.full(4, 40_000_00)
    given_ = np.array([8_000_00, 0, 0, 0])
    there = np.array([True, True, True, False])
    rate = representative_rate(given_, pay, there)
    assert rate == 0
    assert counted_contributions(given_, pay, rate).tolist() == [2_000_00, 0, 0, 0]


def test_the_representative_rate_is_that_of_half_of_them_or_of_all_who_stay() -> None:
    pay = np.full(4, 100_00)
    half = representative_rate(np.array([8_00, 6_00, 1_00, 0]), pay, np.ones(4, dtype=bool))
    assert half == Fraction(6, 100)
    stayed = np.array([True, False, False, False])
    assert representative_rate(np.array([8_00, 6_00, 1_00, 0]), pay, stayed) == Fraction(8, 100)
    assert counted_contributions(np.array([13_00]), 100_00, Fraction(6, 100)).tolist() == [12_00]


def test_nobody_has_no_representative_rate() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    assert representative_rate(nobody, nobody, nobody > 0) == 0
