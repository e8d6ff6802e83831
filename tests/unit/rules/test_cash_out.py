from __future__ import annotations

import numpy as np
import pytest

from simulation.rules.cash_out import cash_out_limit_cents, treatment


@pytest.mark.parametrize(("year", "dollars"), [(2015, 5_000), (2023, 5_000), (2024, 7_000), (2031, 7_000)])
def test_the_limit_rose_in_2024(year: int, dollars: int) -> None:
    assert cash_out_limit_cents(year) == dollars * 100


def test_a_balance_at_a_limit_does_not_exceed_it() -> None:
    balances = np.array([0, 100_000, 100_001, 500_000, 500_001])
    assert treatment(balances, 500_000).tolist() == [
        "cash_allowed",
        "cash_allowed",
        "auto_rollover_ira",
        "auto_rollover_ira",
        "consent_required",
    ]


@pytest.mark.parametrize(
    ("limit", "cash", "expected"),
    [(0, 100_000, "consent_required"), (700_000, 0, "auto_rollover_ira"), (50_000, 100_000, "cash_allowed")],
)
def test_a_plan_may_force_out_less(limit: int, cash: int, expected: str) -> None:
    assert treatment(40_000, limit, cash).tolist() == [expected]
