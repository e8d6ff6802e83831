from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.nondiscrimination import passes
from simulation.rules.shifting import (
    SHIFT_STEP,
    available_to_shift,
    borrowed_test,
    most_borrowed,
    shift_needed,
    shift_used,
)

RATES = st.fractions(min_value=0, max_value=Fraction(3, 10), max_denominator=10**5)


def test_what_the_adp_test_can_spare_is_what_it_does_not_need() -> None:
    assert available_to_shift(Fraction("0.07"), Fraction("0.055")) == Fraction("0.005")
    assert available_to_shift(Fraction("0.09"), Fraction("0.055")) == 0


def test_what_the_acp_test_lacks_is_rounded_up_to_a_hundredth_of_a_point() -> None:
    assert shift_needed(Fraction("0.0333"), Fraction("0.0150")) == Fraction("0.0017")
    assert shift_needed(Fraction("0.03"), Fraction("0.0150")) == 0
    assert shift_used(Fraction("0.001"), Fraction("0.0017")) == Fraction("0.001")


@settings(max_examples=100)
@given(RATES, RATES, RATES, RATES)
def test_a_shift_leaves_the_adp_test_met_and_helps_the_acp_test(
    hce_adp: Fraction, nhce_adp: Fraction, hce_acp: Fraction, nhce_acp: Fraction
) -> None:
    available = available_to_shift(hce_adp, nhce_adp)
    used = shift_used(available, shift_needed(hce_acp, nhce_acp))
    assert passes(hce_adp, nhce_adp - used) or not passes(hce_adp, nhce_adp)
    assert passes(hce_acp, nhce_acp + used) or used == available


@settings(max_examples=100)
@given(RATES, RATES)
def test_the_most_that_is_lent_leaves_the_adp_test_just_met(hce: Fraction, nhce: Fraction) -> None:
    lent = most_borrowed(hce, nhce)
    assert 0 <= lent <= hce
    if passes(hce, nhce):
        assert passes(hce - lent, nhce - lent)
        assert lent == hce or not passes(hce - lent - SHIFT_STEP, nhce - lent - SHIFT_STEP)
    else:
        assert lent == 0


def test_lent_deferrals_are_in_both_averages() -> None:
    lent = most_borrowed(Fraction("0.0600"), Fraction("0.0400"))
    assert lent == Fraction("0.0200")
    test = borrowed_test(Fraction("0.03"), Fraction("0.005"), lent, lent)
    assert (test.hce_average, test.nhce_average) == (Fraction("0.05"), Fraction("0.025"))
    assert test.reduction == Fraction("0.005")


@pytest.mark.parametrize(("lent", "reduction"), [("0", "0.01"), ("0.01", "0")])
def test_lending_can_save_a_reduction(lent: str, reduction: str) -> None:
    test = borrowed_test(Fraction("0.03"), Fraction("0.01"), Fraction(lent), Fraction(lent))
    assert test.reduction == Fraction(reduction)
