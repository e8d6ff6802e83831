from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from simulation import compliance
from simulation.compliance import TESTS, Outcome, failed
from tests.tested_years import year_of

GONE: Final = {
    "employed_at_end": False,
    "termination_date": date(2025, 3, 31),
    "termination_reason": "voluntary",
}
PEOPLE: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "nobody": (),
    "one person": ({"pre_tax_cents": 5_000_00},),
    "everybody highly compensated": ({"is_hce": True, "pre_tax_cents": 9_000_00}, {"is_hce": True}),
    "everybody leaves": (GONE, {**GONE, "is_hce": True}),
    "nobody is paid": ({"pay_cents": 0}, {"pay_cents": 0, "is_hce": True}),
    "former employees alone": (
        {"worked": False, "employed_at_end": False, "pay_cents": 0, "hours": 0, "closing_balance_cents": 9},
    ),
}


@pytest.mark.parametrize("people", PEOPLE.values(), ids=PEOPLE)
def test_every_test_has_an_answer_for_a_population_at_the_edge(people: tuple[dict[str, Any], ...]) -> None:
    verdicts = compliance.tested_plan([year_of(*people)])
    assert {verdict.test for verdict in verdicts} == set(TESTS)
    assert not failed(verdicts)
    assert all(verdict.reason and verdict.section and verdict.year == 2025 for verdict in verdicts)


def test_without_a_plan_there_is_nothing_to_test() -> None:
    assert compliance.tested_plan([year_of({}, values={"plan.enabled": False})]) == []


def test_years_are_answered_in_turn() -> None:
    first = year_of({}, year=2025)
    verdicts = compliance.tested_plan([first, year_of({}, year=2026, previous=first)])
    assert [verdict.year for verdict in verdicts] == sorted(verdict.year for verdict in verdicts)
    assert list(dict.fromkeys(verdict.test for verdict in verdicts if verdict.year == 2026)) == list(TESTS)


def test_one_failure_is_a_failure() -> None:
    verdicts = compliance.tested_plan([year_of({"pre_tax_cents": 23_501_00})])
    assert [verdict.test for verdict in verdicts if verdict.outcome is Outcome.FAIL] == ["402g"]
    assert failed(verdicts)


def test_rows_are_made_when_they_are_asked_for_and_can_be_kept() -> None:
    (verdict,) = TESTS["402g"](year_of({"pre_tax_cents": 1_00}))
    assert verdict.rows is not verdict.rows
    kept = verdict.worked_out()
    assert kept.rows is kept.rows
    assert kept.rows.equals(verdict.rows)
