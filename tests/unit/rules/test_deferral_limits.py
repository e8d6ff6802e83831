from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.deferral_limits import (
    age_at_year_end,
    catchup_eligible,
    catchup_limit,
    exceeds_own_limit,
    excess_distribution,
    excess_income_inclusion,
    regular_room,
    split_deferral,
)

FROM_50, FROM_60 = 8_000_00, 11_250_00
LIMIT = 24_500_00
CENTS = st.integers(0, 10**12)


def test_the_catch_up_of_60_to_63_replaces_the_ordinary_one_and_ends_at_64() -> None:
    ages = np.array([49, 50, 59, 60, 63, 64], dtype=np.int64)
    limits = [0, FROM_50, FROM_50, FROM_60, FROM_60, FROM_50]
    assert catchup_limit(ages, FROM_50, FROM_60).tolist() == limits


def test_years_without_a_higher_catch_up_have_the_ordinary_one_throughout() -> None:
    assert catchup_limit(np.array([60, 64]), 7_500_00, None).tolist() == [7_500_00, 7_500_00]


def test_a_birthday_on_31_december_counts_for_the_whole_year() -> None:
    ages = age_at_year_end(np.array([1976, 1977]), 2026)
    assert ages.tolist() == [50, 49]
    assert catchup_eligible(ages).tolist() == [True, False]


def test_catch_up_is_a_label_that_arises_only_above_a_limit() -> None:
    split = split_deferral(np.array([20_000_00, 30_000_00, 40_000_00]), LIMIT, FROM_50)
    assert split.regular.tolist() == [20_000_00, LIMIT, LIMIT]
    assert split.catchup.tolist() == [0, 5_500_00, FROM_50]
    assert split.refused.tolist() == [0, 0, 40_000_00 - LIMIT - FROM_50]
    assert split.taken.tolist() == [20_000_00, 30_000_00, LIMIT + FROM_50]


def test_a_period_stops_at_the_lower_of_what_402g_and_415_have_left() -> None:
    room = regular_room(
        LIMIT, np.array([24_000_00, 24_000_00, 25_000_00]), np.array([900_00, 100_00, 900_00])
    )
    assert room.tolist() == [500_00, 100_00, 0]
    split = split_deferral(1_000_00, room, 0)
    assert split.refused.tolist() == [500_00, 900_00, 1_000_00]


@settings(max_examples=50)
@given(st.lists(CENTS, min_size=1, max_size=8), CENTS, CENTS)
def test_periods_add_up_to_the_split_of_the_year(periods: list[int], limit: int, catchup: int) -> None:
    regular = above = refused = np.zeros(1, dtype=np.int64)
    for desired in periods:
        split = split_deferral(desired, regular_room(limit, regular, 10**14), catchup - above)
        regular, above, refused = regular + split.regular, above + split.catchup, refused + split.refused
    year = split_deferral(sum(periods), limit, catchup)
    assert (regular, above, refused) == (year.regular, year.catchup, year.refused)


@pytest.mark.parametrize(("deferral", "exceeds"), [(LIMIT + FROM_50, False), (LIMIT + FROM_50 + 1, True)])
def test_exactly_at_the_limit_disqualifies_no_plan(deferral: int, exceeds: bool) -> None:
    assert exceeds_own_limit(deferral, LIMIT, FROM_50).tolist() == [exceeds]


@pytest.mark.parametrize(("income", "paid"), [(50_00, 1_050_00), (-100_00, 900_00), (-2_000_00, 0)])
def test_an_excess_is_paid_with_its_income_or_less_its_loss(income: int, paid: int) -> None:
    assert excess_distribution(1_000_00, income).tolist() == [paid]
    assert excess_income_inclusion(1_000_00).tolist() == [1_000_00]
