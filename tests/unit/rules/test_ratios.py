from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.ratios import (
    STEP,
    WIDEST_PAY,
    Enclosed,
    Ratios,
    exact_of,
    increasing,
    rounded_to,
    settled,
)
from simulation.units import divide_half_up

PEOPLE = st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, WIDEST_PAY)), max_size=20)


def ratios(people: list[tuple[int, int]]) -> Ratios:
    columns = np.array(people, dtype=np.int64).reshape(-1, 2)
    return Ratios.of(columns[:, 0], columns[:, 1])


def fractions_of(people: list[tuple[int, int]]) -> list[Fraction]:
    return [Fraction(amount, pay) if pay else Fraction(0) for amount, pay in people]


@settings(max_examples=60)
@given(PEOPLE)
def test_sums_and_averages_are_enclosed_and_exact(people: list[tuple[int, int]]) -> None:
    exact, found = sum(fractions_of(people), start=Fraction(0)), ratios(people)
    assert found.sum().low <= exact <= found.sum().high <= found.sum().low + len(people) * STEP
    assert exact_of(found.sum()) == exact
    mean = exact / max(len(people), 1)
    assert rounded_to(4, found.mean()) == Fraction(
        divide_half_up(mean.numerator * 10_000, mean.denominator), 10_000
    )


@settings(max_examples=60)
@given(PEOPLE)
def test_they_descend_by_exact_value(people: list[tuple[int, int]]) -> None:
    ranked = ratios(people).descending()
    found = [ranked.at(row) for row in range(len(ranked))]
    assert found == sorted(fractions_of(people), reverse=True)
    assert ranked.highest() == max(found, default=0)


def test_the_closest_ratios_are_told_apart() -> None:
    wide = WIDEST_PAY
    ranked = ratios([(1, wide), (1, wide - 1), (0, wide)]).descending()
    assert ranked.pay.tolist() == [wide - 1, wide, wide]


def test_a_tie_that_decimals_cannot_tell_is_decided_exactly() -> None:
    mean = ratios([(1, 3), (2, 3)]).mean()
    assert mean.low < Fraction(1, 2) < mean.high
    assert settled(lambda average: average <= Fraction(1, 2), mean)
    assert not settled(lambda average: average < Fraction(1, 2), mean)


def test_a_number_is_computed_only_where_its_ends_disagree() -> None:
    def never() -> Fraction:
        raise AssertionError("the ends agree")

    number = Enclosed(Fraction(1, 3), Fraction(1, 2), never)
    assert settled(lambda value: value < 1, number)
    assert settled(lambda one, other: one < other, number, Fraction(1))
    doubled = increasing(lambda value: 2 * value, number)
    assert isinstance(doubled, Enclosed)
    assert (doubled.low, doubled.high) == (Fraction(2, 3), Fraction(1))
    assert exact_of(increasing(lambda value: value + 1, ratios([(1, 3)]).sum())) == Fraction(4, 3)


def test_pay_of_nought_makes_a_ratio_of_nought() -> None:
    assert ratios([(500, 0), (500, 1_000)]).mean().exact() == Fraction(1, 4)


def test_pay_beyond_what_is_exact_is_refused() -> None:
    with pytest.raises(OverflowError, match="cents"):
        ratios([(1, WIDEST_PAY + 1)])
