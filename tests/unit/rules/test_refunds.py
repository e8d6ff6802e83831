from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.allocation import Residual
from simulation.rules.annual_additions import Money, annual_additions
from simulation.rules.ratios import Ratios, exact_of
from simulation.rules.refunds import (
    allocable_income,
    correction,
    excess_over,
    forfeited_match,
    levelled,
    ratio_cap,
    recharacterised,
    refund_of_matched,
    vested_part,
)
from simulation.units import divide_half_up


@dataclass(frozen=True)
class Group:
    """Highly compensated employees and the limit of their average."""

    given: list[int]
    pay: list[int]
    limit: Fraction

    @property
    def columns(self) -> tuple[np.ndarray, np.ndarray]:
        return np.array(self.given, dtype=np.int64), np.array(self.pay, dtype=np.int64)

    def ratios(self) -> list[Fraction]:
        return [Fraction(given, pay) for given, pay in zip(self.given, self.pay, strict=True)]

    def average(self, given: list[int]) -> Fraction:
        return sum(map(Fraction, given, self.pay), start=Fraction(0)) / len(given)


PEOPLE = st.lists(
    st.tuples(st.integers(0, 24_500_00), st.integers(24_500_00, 350_000_00)), min_size=1, max_size=12
)
LIMITS = st.fractions(min_value=0, max_value=Fraction(1, 4), max_denominator=10**4)


@st.composite
def groups(draw: st.DrawFn) -> Group:
    people = draw(PEOPLE)
    return Group([given for given, _ in people], [pay for _, pay in people], draw(LIMITS))


def ranked(group: Group) -> Ratios:
    return Ratios.of(*group.columns).descending()


def test_trap_2_the_highest_percentage_may_get_nothing_back() -> None:
    pay = np.array([320_000_00, 250_000_00, 80_000_00])
    given = np.array([22_400_00, 20_000_00, 9_600_00])
    fixed = correction(given, pay, Fraction(8, 100))
    assert exact_of(fixed.cap) == Fraction(9, 100)
    assert fixed.total_cents == 2_400_00
    assert fixed.refunds.tolist() == [2_400_00, 0, 0]


def test_refunds_level_the_highest_dollars_together() -> None:
    assert levelled(np.array([10_000_00, 9_000_00, 3_000_00]), 3_000_00).tolist() == [2_000_00, 1_000_00, 0]
    assert levelled(np.array([5_00, 5_00, 5_00]), 100).tolist() == [34, 33, 33]
    assert levelled(np.array([5_00, 6_00, 5_00]), 200).tolist() == [33, 134, 33]


@pytest.mark.parametrize(
    ("residual", "refunds"),
    [
        (Residual.REMAINDERS, [34, 33, 33]),
        (Residual.LARGEST, [34, 33, 33]),
        (Residual.NONE, [33, 33, 33]),
    ],
)
def test_the_residual_rule_says_who_bears_the_odd_cent(residual: Residual, refunds: list[int]) -> None:
    fixed = correction(np.array([500, 500, 500]), np.array([5_000] * 3), Fraction(14, 150), residual)
    assert (fixed.total_cents, fixed.refunds.tolist()) == (100, refunds)


def test_a_test_that_is_met_refunds_nothing() -> None:
    fixed = correction(np.array([16_000_00]), np.array([200_000_00]), Fraction(8, 100))
    assert (fixed.cap, fixed.total_cents, fixed.refunds.tolist()) == (Fraction(8, 100), 0, [0])


def test_nobody_gets_nothing() -> None:
    nobody = np.zeros(0, dtype=np.int64)
    fixed = correction(nobody, nobody, Fraction(1, 10))
    assert (fixed.total_cents, fixed.refunds.tolist()) == (0, [])


def test_more_than_was_given_cannot_be_refunded() -> None:
    with pytest.raises(ValueError, match="cannot be refunded"):
        levelled(np.array([100]), 101)


@settings(max_examples=60, deadline=None)
@given(groups())
def test_the_average_after_the_first_step_meets_the_limit_exactly(group: Group) -> None:
    cap = exact_of(ratio_cap(ranked(group), group.limit))
    cut = [min(ratio, cap) for ratio in group.ratios()]
    before = group.average(group.given)
    assert sum(cut) / len(cut) == min(before, group.limit)
    taken = sum((ratio - less) * pay for ratio, less, pay in zip(group.ratios(), cut, group.pay, strict=True))
    assert excess_over(ranked(group), cap) == taken
    total = correction(*group.columns, group.limit).total_cents
    assert total == divide_half_up(taken.numerator, taken.denominator)


@settings(max_examples=60, deadline=None)
@given(groups(), st.sampled_from(list(Residual)))
def test_refunds_never_make_the_test_worse(group: Group, residual: Residual) -> None:
    fixed = correction(*group.columns, group.limit, residual)
    after = [given - refund for given, refund in zip(group.given, fixed.refunds.tolist(), strict=True)]
    assert min(after) >= 0
    assert group.average(after) <= group.average(group.given)
    if residual is not Residual.LARGEST:
        assert fixed.refunds.min() >= 0


@settings(max_examples=60, deadline=None)
@given(groups(), st.sampled_from([Residual.REMAINDERS, Residual.NONE]))
def test_levelling_never_refunds_below_the_next(group: Group, residual: Residual) -> None:
    given, pay = group.columns
    refunds = correction(given, pay, group.limit, residual).refunds
    kept, untouched = (given - refunds)[refunds > 0], given[refunds == 0]
    if len(kept):
        odd_cent = 1
        assert kept.max() - kept.min() <= odd_cent
        assert kept.min() >= untouched.max(initial=0) - odd_cent


@settings(max_examples=60, deadline=None)
@given(groups())
def test_refunds_add_up_to_the_total(group: Group) -> None:
    fixed = correction(*group.columns, group.limit)
    assert fixed.refunds.sum() == fixed.total_cents


def test_a_failure_by_less_than_any_decimal_is_seen_exactly() -> None:
    group = Group([1, 2], [3, 3], Fraction(1, 2) - Fraction(1, 10**30))
    cap = ratio_cap(ranked(group), group.limit)
    assert exact_of(cap) == Fraction(2, 3) - Fraction(2, 10**30)
    assert correction(*group.columns, group.limit).total_cents == 0


def test_trap_3_only_a_refund_becomes_catchup_and_only_where_catchup_is_left() -> None:
    refunds, unused = np.array([2_059_00, 9_000_00, 0, 500_00]), np.array([8_000_00, 8_000_00, 8_000_00, 0])
    assert recharacterised(refunds, unused).tolist() == [2_059_00, 8_000_00, 0, 0]
    assert recharacterised(100, -5).tolist() == [0]


def test_trap_4_a_refunded_deferral_is_still_an_annual_addition() -> None:
    given, pay = np.array([20_000_00, 10_000_00]), np.array([200_000_00, 200_000_00])
    refunds = correction(given, pay, Fraction(6, 100)).refunds
    assert refunds.tolist() == [6_000_00, 0]
    assert annual_additions({Money.DEFERRAL: given}).tolist() == [20_000_00, 10_000_00]
    assert annual_additions({Money.DEFERRAL: given}, returned_402g=refunds).tolist() == [14_000_00, 10_000_00]


def test_income_of_the_plan_year_goes_back_in_proportion() -> None:
    assert allocable_income(3_000_00, 4_500_00, 70_000_00, 20_000_00).tolist() == [150_00]
    assert allocable_income(3_000_00, -4_500_00, 70_000_00, 20_000_00).tolist() == [-150_00]
    assert allocable_income(0, 0, 0, 0).tolist() == [0]


def test_excess_match_is_paid_as_far_as_it_is_vested() -> None:
    paid = vested_part(np.array([800_00, 800_00]), np.array([40_00, -40_00]), np.array([4_000, 10_000]))
    assert paid.tolist() == [336_00, 760_00]


def test_match_on_a_refund_is_forfeited_after_unmatched_deferrals_went_back() -> None:
    matched = refund_of_matched(np.array([900_00, 900_00]), np.array([400_00, 1_000_00]))
    assert matched.tolist() == [500_00, 0]
    assert forfeited_match(matched, 5_000).tolist() == [250_00, 0]
    assert forfeited_match(500_00, 1, 3).tolist() == [166_67]
