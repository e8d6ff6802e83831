from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from simulation.rules.automatic_enrolment import (
    escalated_bp,
    expected_opt_outs,
    last_initial_year,
    last_withdrawal_election,
    mandatory_bp,
    qaca_minimum_bp,
    withdrawal_cents,
)


def test_a_qaca_keeps_three_percent_through_the_following_plan_year() -> None:
    rates = qaca_minimum_bp(2026, np.arange(2025, 2033))
    assert rates.tolist() == [0, 300, 300, 400, 500, 600, 600, 600]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 1, 1), [400, 500, 600, 700, 800, 900, 1_000, 1_000]),
        (date(2026, 1, 2), [400, 400, 500, 600, 700, 800, 900, 1_000]),
        (date(2026, 12, 31), [400, 400, 500, 600, 700, 800, 900, 1_000]),
    ],
)
def test_a_mandatory_rate_rises_after_each_completed_year_to_ten_percent(
    start: date, expected: list[int]
) -> None:
    unraised = pl.select(last_initial_year(pl.lit(start))).item()
    assert mandatory_bp(400, unraised, np.arange(2026, 2034)).tolist() == expected


def test_a_plan_may_go_on_to_fifteen_percent() -> None:
    assert mandatory_bp(1_000, 2026, np.array([2027, 2031, 2040]), 1_500).tolist() == [1_100, 1_500, 1_500]


@pytest.mark.parametrize(
    ("rate", "expected"), [(300, 450), (850, 1_000), (925, 1_000), (1_000, 1_000), (1_250, 1_250)]
)
def test_a_step_is_cut_at_the_cap_and_lowers_nobody(rate: int, expected: int) -> None:
    assert escalated_bp(rate, 150, 1_000).tolist() == [expected]


def test_a_withdrawal_takes_gain_or_loss_along() -> None:
    assert withdrawal_cents(np.array([30_000, 30_000]), np.array([123, -456])).tolist() == [30_123, 29_544]


def test_the_window_counts_days_from_the_first_contribution() -> None:
    first = np.array(["2026-01-31"], dtype="datetime64[D]")
    assert last_withdrawal_election(first, 30).tolist() == [date(2026, 3, 2)]


def test_who_does_not_take_part_has_opted_out() -> None:
    assert expected_opt_outs(np.array([250, 3]), 9_200).tolist() == [20, 0]
