from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.bands import band_of
from simulation.rules.match import (
    QACA_BASIC,
    SAFE_HARBOR_BASIC,
    SAFE_HARBOR_ENHANCED,
    MatchTables,
    capped_match,
    matchable_deferral,
    matched_deferral,
    tier_matches,
    true_up,
)
from simulation.rules.match import match as matched
from simulation.units import divide_half_up

Tiers: TypeAlias = list[tuple[int, int]]


def ascending(tiers: Tiers) -> Tiers:
    return sorted(tiers)


CENTS = st.integers(0, 10**12)
TIERS = st.lists(
    st.tuples(st.integers(1, 4_000), st.integers(0, 50_000)), min_size=1, max_size=4, unique_by=lambda t: t[0]
).map(ascending)


def by_fractions(pay: int, deferral: int, tiers: Tiers) -> int:
    owed, lower = Fraction(0), Fraction(0)
    for bound, rate in tiers:
        upper = Fraction(pay * bound, 10_000)
        owed += Fraction(rate, 10_000) * (min(Fraction(deferral), upper) - min(Fraction(deferral), lower))
        lower = upper
    return divide_half_up(owed.numerator, owed.denominator)


@settings(max_examples=100)
@given(CENTS, CENTS, TIERS)
def test_the_match_is_the_exact_sum_over_tiers_rounded_once(pay: int, deferral: int, tiers: Tiers) -> None:
    assert matched(pay, deferral, MatchTables.of(tiers)).tolist() == [by_fractions(pay, deferral, tiers)]


@pytest.mark.parametrize(
    ("tables", "rate_bp", "match_bp"),
    [
        (SAFE_HARBOR_BASIC, 0, 0),
        (SAFE_HARBOR_BASIC, 300, 300),
        (SAFE_HARBOR_BASIC, 400, 350),
        (SAFE_HARBOR_BASIC, 900, 400),
        (SAFE_HARBOR_ENHANCED, 900, 400),
        (QACA_BASIC, 300, 200),
        (QACA_BASIC, 900, 350),
    ],
)
def test_the_safe_harbour_formulas(tables: MatchTables, rate_bp: int, match_bp: int) -> None:
    assert matched(1_000_000, rate_bp * 100, tables).tolist() == [match_bp * 100]


def test_each_person_is_matched_by_the_table_of_their_service() -> None:
    tables = MatchTables.of(((600, 2_500),), ((300, 10_000), (600, 5_000)), ())
    service = np.array([0, 4, 5, 30])
    pay = np.full(4, 100_000_00)
    found = matched(pay, pay // 10, tables, band_of([0, 5, 20], service))
    assert found.tolist() == [1_500_00, 1_500_00, 4_500_00, 0]
    earning = matched_deferral(pay, pay // 10, tables, band_of([0, 5, 20], service))
    assert earning.tolist() == [6_000_00, 6_000_00, 6_000_00, 0]


def test_no_tiers_match_nothing() -> None:
    assert matched(np.array([1, 2]), np.array([1, 2]), MatchTables.of(())).tolist() == [0, 0]


def test_tiers_are_shown_alone() -> None:
    first, second = tier_matches(2_050_00, 164_00, SAFE_HARBOR_BASIC)
    assert (first.tolist(), second.tolist()) == ([61_50], [20_50])


@pytest.mark.parametrize("tiers", [((300, 1), (300, 1)), ((500, 1), (300, 1)), ((0, 1),)])
def test_bounds_have_to_ascend(tiers: tuple[tuple[int, int], ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        MatchTables.of(tiers)


def test_rounding_by_payroll_drifts_two_cents_from_the_year() -> None:
    half_of_six = MatchTables.of(((600, 5_000),))
    periods = np.full(26, 7_692_31)
    assert matched(periods, periods, half_of_six).sum() == 6_000_02
    assert matched(200_000_00, 200_000_00, half_of_six).tolist() == [6_000_00]


def test_the_true_up_pays_what_front_loading_lost_and_takes_nothing_back() -> None:
    assert true_up(np.array([2_600_00, 6_000_00]), np.array([1_300_00, 6_000_02])).tolist() == [1_300_00, 0]


def test_a_dollar_cap_holds_over_the_year() -> None:
    assert capped_match(
        np.array([900_00, 900_00, 900_00]), 1_500_00, np.array([0, 900_00, 1_600_00])
    ).tolist() == [
        900_00,
        600_00,
        0,
    ]


@pytest.mark.parametrize(("catchup_matched", "deferral"), [(True, 32_500_00), (False, 24_500_00)])
def test_catch_up_is_matched_only_if_the_plan_says_so(catchup_matched: bool, deferral: int) -> None:
    found = matchable_deferral(24_500_00, 8_000_00, catchup_matched=catchup_matched)
    assert found.tolist() == [deferral]
