from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from simulation.compliance import Outcome
from simulation.compliance.automatic_enrolment import automatic_enrolment
from tests.tested_years import verdict_of, year_of

YOUNG: Final = {"plan.established": "2022-12-29", "plan.auto_enrollment.scope": "all_eligible"}


@pytest.mark.parametrize(
    ("values", "year", "employees", "reason"),
    [
        ({}, 2025, 11, "before 29 December 2022"),
        ({"plan.established": "2022-12-28"}, 2025, 11, "before 29 December 2022"),
        (YOUNG, 2024, 11, "from 2025"),
        (YOUNG, 2025, 10, "10 or fewer"),
        (YOUNG, 2025, 0, "10 or fewer"),
    ],
    ids=["not stated", "older", "before the law", "few", "nobody"],
)
def test_who_is_exempt(values: dict[str, Any], year: int, employees: int, reason: str) -> None:
    found = verdict_of(automatic_enrolment, year_of(*[{}] * employees, values=values, year=year))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert reason in found.reason


def test_leavers_are_no_employees_of_the_last_day() -> None:
    year = year_of(*[{}] * 10, {"employed_at_end": False}, values=YOUNG)
    assert verdict_of(automatic_enrolment, year).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"plan.auto_enrollment.default_rate": 0.03},
        {"plan.auto_enrollment.default_rate": 0.1, "plan.escalation.enabled": False},
        {
            "plan.auto_enrollment.default_rate": 0.1,
            "plan.escalation.enabled": False,
            "plan.escalation.increase": 0.02,
        },
        {"plan.escalation.cap": 0.15, "plan.escalation.delay_years": 0},
    ],
    ids=["baseline", "lowest", "highest at once", "an idle increase", "highest cap"],
)
def test_designs_that_enrol_as_the_law_asks(values: dict[str, Any]) -> None:
    found = verdict_of(automatic_enrolment, year_of(*[{}] * 11, values={**YOUNG, **values}))
    assert (found.outcome, found.reason) == (Outcome.PASS, "the plan enrols and escalates as the law asks")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"plan.auto_enrollment.enabled": False}, "does not enrol"),
        ({"plan.auto_enrollment.form": "basic"}, "no EACA"),
        ({"plan.auto_enrollment.default_rate": 0.02}, "default rate is 0.0200"),
        ({"plan.auto_enrollment.default_rate": 0.11, "plan.escalation.cap": 0.15}, "default rate is 0.1100"),
        ({"plan.escalation.enabled": False}, "does not rise"),
        ({"plan.escalation.increase": 0.02}, "rises by 0.0200"),
        ({"plan.escalation.cap": 0.09}, "rises to 0.0900"),
        ({"plan.escalation.cap": 0.16}, "rises to 0.1600"),
        ({"plan.escalation.delay_years": 2}, "after 2 years"),
    ],
)
def test_each_condition_that_is_broken_is_the_reason(values: dict[str, Any], reason: str) -> None:
    found = verdict_of(automatic_enrolment, year_of(*[{}] * 11, values={**YOUNG, **values}))
    assert found.outcome is Outcome.FAIL
    assert reason in found.reason
    assert ";" not in found.reason


def test_an_employer_that_grows_has_a_year_more_and_one_that_shrinks_none() -> None:
    found, year = [], None
    for number, employees in ((2025, 10), (2026, 11), (2027, 11), (2028, 11), (2029, 9)):
        year = year_of(*[{}] * employees, values=YOUNG, year=number, previous=year)
        found.append(verdict_of(automatic_enrolment, year).outcome)
    assert found == [Outcome.NOT_APPLICABLE] * 3 + [Outcome.PASS] * 2


def test_who_was_eligible_before_has_to_be_swept_too() -> None:
    values = {**YOUNG, "plan.auto_enrollment.scope": "new_hires"}
    new = {"entry_date": date(2025, 1, 1)}
    assert verdict_of(automatic_enrolment, year_of(*[new] * 11, values=values)).outcome is Outcome.PASS
    year = year_of(*[new] * 11, {}, {"employed_at_end": False}, values=values)
    found = verdict_of(automatic_enrolment, year)
    assert found.outcome is Outcome.FAIL
    assert found.reason.startswith("1 participants were eligible before 2025 and are not swept")
