from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest

from simulation.compliance import Outcome
from simulation.compliance.partial_termination import partial_termination
from tests.tested_years import column_of, figure_of, verdict_of, year_of

LAID_OFF: Final = {
    "employed_at_end": False,
    "termination_date": date(2025, 5, 31),
    "termination_reason": "layoff",
    "opening_balance_cents": 5_000_00,
}
WHOLE: Final = {f"vested_{source}_bp": 10_000 for source in ("match", "nonelective", "profit_sharing")}


def test_fewer_than_a_fifth_end_nothing() -> None:
    found = verdict_of(partial_termination, year_of(LAID_OFF, *[{}] * 5))
    assert (found.outcome, figure_of(found, "Turnover")) == (Outcome.PASS, Fraction(1667, 10_000))
    assert found.margin == Fraction(333, 10_000)


@pytest.mark.parametrize(
    ("vesting", "outcome"),
    [
        (WHOLE, Outcome.PASS),
        ({}, Outcome.FAIL),
        ({**WHOLE, "vested_match_bp": 9_999}, Outcome.FAIL),
        ({"opening_balance_cents": 0}, Outcome.PASS),
        ({"opening_balance_cents": 0, "match_cents": 1}, Outcome.FAIL),
    ],
    ids=["whole", "unvested", "nearly", "without an account", "matched this year"],
)
def test_of_a_fifth_everybody_affected_has_to_own_the_account(
    vesting: dict[str, Any], outcome: Outcome
) -> None:
    found = verdict_of(partial_termination, year_of({**LAID_OFF, **vesting}, *[{}] * 4))
    assert (found.outcome, found.margin) == (outcome, Fraction(0))
    assert "presumed" in found.reason


@pytest.mark.parametrize(
    ("reason", "affected"),
    [("layoff", ["E1"]), ("involuntary", ["E1"]), ("voluntary", []), ("retirement", []), ("death", [])],
)
def test_only_who_was_let_go_counts(reason: str, affected: list[str]) -> None:
    found = verdict_of(partial_termination, year_of({**LAID_OFF, "termination_reason": reason}, *[{}] * 9))
    assert column_of(found, "employee_id") == affected


def test_who_entered_in_the_year_is_a_participant_and_who_never_did_is_none() -> None:
    new, outside = {"entry_date": date(2025, 11, 1)}, {"entry_date": None}
    found = verdict_of(partial_termination, year_of(LAID_OFF, new, outside, {**LAID_OFF, **outside}))
    assert figure_of(found, "Participants at the start and added") == 2
    assert figure_of(found, "Let go by the employer") == 1


def test_nobody_let_go_is_nothing_even_of_nobody() -> None:
    assert [verdict_of(partial_termination, year).outcome for year in (year_of(), year_of({}))] == [
        Outcome.PASS
    ] * 2


def test_everybody_let_go_is_a_termination() -> None:
    found = verdict_of(partial_termination, year_of(*[LAID_OFF] * 3))
    assert (found.outcome, found.margin) == (Outcome.FAIL, Fraction(-8, 10))
