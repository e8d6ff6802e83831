from __future__ import annotations

import numpy as np
import pytest

from simulation.rules.roth_catchup import (
    allowed_catchup,
    first_roth_year,
    roth_catchup_required,
    roth_correction_required,
    roth_part,
)

THRESHOLD = 150_000_00
REQUIRED = np.array([True])
FREE = np.array([False])


def test_wages_have_to_exceed_the_threshold_and_new_hires_have_none() -> None:
    wages = np.array([0, THRESHOLD, THRESHOLD + 1])
    assert roth_catchup_required(wages, THRESHOLD).tolist() == [False, False, True]


def test_the_roth_test_is_another_than_that_of_the_highly_compensated() -> None:
    between = np.array([155_000_00])
    assert roth_catchup_required(between, THRESHOLD).tolist() == [True]
    assert roth_catchup_required(between, 160_000_00).tolist() == [False]


def test_a_year_without_a_threshold_frees_all() -> None:
    assert roth_catchup_required(np.array([10**9, 0]), None).tolist() == [False, False]


@pytest.mark.parametrize(("has_roth", "limits"), [(True, [800_000, 800_000]), (False, [0, 800_000])])
def test_a_plan_without_roth_leaves_no_catch_up_to_those_it_binds(has_roth: bool, limits: list[int]) -> None:
    required = np.array([True, False])
    assert allowed_catchup(800_000, required, plan_has_roth=has_roth).tolist() == limits


def test_forced_catch_up_is_roth_whatever_was_elected() -> None:
    assert roth_part(1_000_00, 500_00, 0, REQUIRED).tolist() == [500_00]
    assert roth_part(1_000_00, 500_00, 2_500, REQUIRED).tolist() == [750_00]
    assert roth_part(1_000_00, 500_00, 2_500, FREE).tolist() == [375_00]


@pytest.mark.parametrize(("hired", "first"), [(2019, 2026), (2025, 2026), (2026, 2027)])
def test_nobody_is_reached_in_the_year_of_the_hire(hired: int, first: int) -> None:
    assert first_roth_year(hired, 2026) == first


def test_an_error_of_250_dollars_is_ignored() -> None:
    assert roth_correction_required(np.array([250_00, 250_01])).tolist() == [False, True]
