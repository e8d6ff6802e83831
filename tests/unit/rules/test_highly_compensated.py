from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.rules.highly_compensated import (
    OWNER_PERCENT,
    highly_compensated,
    threshold_year,
    top_paid,
    top_paid_count,
)
from simulation.rules.ownership import owns_more_than
from simulation.rules.roth_catchup import roth_catchup_required

PAYS = st.lists(st.integers(0, 400_000_00), min_size=1, max_size=30)
THRESHOLDS = st.integers(0, 400_000_00)
NOT_OWNERS = np.zeros(4, dtype=bool)


@pytest.mark.parametrize(
    ("first_day", "calendar_data", "year"),
    [
        (date(2026, 1, 1), False, 2025),
        (date(2026, 1, 1), True, 2025),
        (date(2025, 7, 1), False, 2024),
        (date(2025, 7, 1), True, 2025),
    ],
)
def test_trap_1_the_threshold_is_that_of_the_year_in_which_the_lookback_begins(
    first_day: date, calendar_data: bool, year: int
) -> None:
    assert threshold_year(first_day, calendar_data=calendar_data) == year


def test_trap_1_pay_of_the_lookback_year_decides_and_new_hires_have_none() -> None:
    lookback = np.array([0, 170_000_00, 155_000_00, 161_000_00])
    assert highly_compensated(lookback, 160_000_00, NOT_OWNERS).tolist() == [False, True, False, True]


def test_trap_9_pay_at_the_threshold_is_not_above_it() -> None:
    lookback = np.array([160_000_00, 160_000_01])
    assert highly_compensated(lookback, 160_000_00, NOT_OWNERS[:2]).tolist() == [False, True]


def test_owners_are_in_whatever_they_earn() -> None:
    owners = owns_more_than(OWNER_PERCENT, np.array([501, 500]))
    assert highly_compensated(np.array([0, 0]), 160_000_00, owners).tolist() == [True, False]


def test_trap_7_the_roth_rule_looks_at_other_pay_and_another_threshold() -> None:
    pay_415, fica_wages = np.array([155_000_00, 165_000_00]), np.array([155_000_00, 149_000_00])
    assert highly_compensated(pay_415, 160_000_00, NOT_OWNERS[:2]).tolist() == [False, True]
    assert roth_catchup_required(fica_wages, 150_000_00).tolist() == [True, False]


@settings(max_examples=60)
@given(PAYS, THRESHOLDS, THRESHOLDS, st.booleans())
def test_the_set_grows_as_the_threshold_falls(pays: list[int], one: int, other: int, elected: bool) -> None:
    pay = np.array(pays)
    owners = pay % 7 == 0
    group = top_paid(pay, top_paid_count(len(pay))) if elected else None
    few, many = (highly_compensated(pay, line, owners, group) for line in (max(one, other), min(one, other)))
    assert not (few & ~many).any()


@settings(max_examples=60)
@given(PAYS, THRESHOLDS)
def test_the_election_only_ever_takes_people_out(pays: list[int], line: int) -> None:
    pay = np.array(pays)
    owners = pay % 7 == 0
    elected = highly_compensated(pay, line, owners, top_paid(pay, top_paid_count(len(pay))))
    assert not (elected & ~highly_compensated(pay, line, owners)).any()
    assert not (owners & ~elected).any()


def test_the_top_paid_are_a_fifth_of_those_who_count() -> None:
    assert [top_paid_count(each) for each in (37, 38, 0)] == [7, 8, 0]
    assert top_paid_count(100, excluded=30) == 14


def test_a_low_paid_owner_takes_nobody_s_place() -> None:
    lookback = np.array([60_000_00, 250_000_00, 200_000_00, 180_000_00])
    owners = np.array([True, False, False, False])
    group = top_paid(lookback, 2)
    assert group.tolist() == [False, True, True, False]
    assert highly_compensated(lookback, 160_000_00, owners, group).tolist() == [True, True, True, False]


def test_of_equal_pays_the_first_are_in_the_group() -> None:
    assert top_paid(np.array([5, 9, 9, 9]), 2).tolist() == [False, True, True, False]
    assert top_paid(np.array([5, 9]), 0).tolist() == [False, False]
