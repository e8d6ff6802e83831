from __future__ import annotations

from typing import Any

import pytest

from simulation.compliance import Outcome
from simulation.compliance.additions_limit import additions
from tests.tested_years import column_of, verdict_of, year_of

FULL = {
    "pay_cents": 300_000_00,
    "pre_tax_cents": 13_500_00,
    "roth_cents": 10_000_00,
    "match_cents": 12_000_00,
    "nonelective_cents": 9_000_00,
    "profit_sharing_cents": 20_000_00,
    "reallocated_cents": 5_500_00,
}
"""70,000 in all, the limit of 2025."""


@pytest.mark.parametrize("kind", ["pre_tax", "roth", "match", "nonelective", "profit_sharing", "reallocated"])
def test_all_that_is_allotted_counts(kind: str) -> None:
    name = f"{kind}_cents"
    on, over = (verdict_of(additions, year_of({**FULL, name: FULL[name] + more})) for more in (0, 1))
    assert (on.outcome, on.refunds_cents) == (Outcome.PASS, 0)
    assert (over.outcome, column_of(over, "excess_cents"), over.refunds_cents) == (Outcome.FAIL, [1], 1)


@pytest.mark.parametrize(
    "other",
    [
        {"pre_tax_cents": 21_000_00, "catchup_cents": 7_500_00},
        {"pre_tax_cents": 14_000_00, "taken_back_cents": 500_00},
        {"match_cents": 12_200_00, "match_taken_back_cents": 200_00},
    ],
    ids=["catch-up", "taken back", "match on it"],
)
def test_what_is_no_annual_addition_does_not_count(other: dict[str, Any]) -> None:
    found = verdict_of(additions, year_of({**FULL, **other}))
    assert column_of(found, "additions_cents") == [70_000_00]


def test_nobody_is_allotted_more_than_pay() -> None:
    found = verdict_of(
        additions, year_of({"pay_cents": 10_000_00, "pre_tax_cents": 9_000_00, "match_cents": 1_500_00})
    )
    assert (found.outcome, column_of(found, "limit_cents")) == (Outcome.FAIL, [10_000_00])
    assert found.refunds_cents == 500_00


def test_deferrals_go_back_with_their_income_and_no_further_than_they_go() -> None:
    # 30,000 too much, of which 23,500 are deferrals; 100,000 and 30,000 paid in earned 13,000: 10 %.
    account = {"opening_balance_cents": 30_000_00, "returns_cents": 13_000_00}
    found = verdict_of(additions, year_of({**FULL, "profit_sharing_cents": 50_000_00, **account}))
    assert column_of(found, "excess_cents") == [30_000_00]
    assert found.refunds_cents == 25_850_00


def test_who_was_allotted_nothing_is_not_shown() -> None:
    found = verdict_of(additions, year_of({}, {"pay_cents": 0}))
    assert (found.outcome, found.rows.height) == (Outcome.PASS, 0)
