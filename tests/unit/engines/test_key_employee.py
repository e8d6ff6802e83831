from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.engines import key_employee
from tests.accounts import equal_one_by_one
from tests.plan_years import the_year
from tests.populations import census_of


def keys(*people: dict[str, Any]) -> list[str]:
    """Return who is key in 2025."""
    return key_employee.decide(*the_year(census_of(*people)))["compliance"]["employee_id"].to_list()


# The officer's threshold of 2024, which plan year 2025 looks at, is 220,000.
@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"is_officer": True, "prior_year_compensation_cents": 220_000_01}, True),
        ({"is_officer": True, "prior_year_compensation_cents": 220_000_00}, False),
        ({"prior_year_compensation_cents": 900_000_00}, False),
        ({"ownership_bp": 501}, True),
        ({"ownership_bp": 500}, False),
        ({"ownership_bp": 101, "prior_year_compensation_cents": 150_000_01}, True),
        ({"ownership_bp": 101, "prior_year_compensation_cents": 150_000_00}, False),
        ({"ownership_bp": 501, "hire_date": date(2024, 12, 31)}, True),
    ],
)
def test_officers_and_owners_are_key(facts: dict[str, Any], *, key: bool) -> None:
    assert bool(keys(facts)) is key


def test_of_few_employees_the_three_highest_paid_officers_are_key() -> None:
    pays = (300_000_00, 400_000_00, 250_000_00, 260_000_00)
    assert keys(*({"is_officer": True, "prior_year_compensation_cents": pay} for pay in pays)) == [
        "E1",
        "E2",
        "E4",
    ]


def test_the_family_of_an_owner_is_key_too() -> None:
    assert keys({"ownership_bp": 600}, {"family_of": "E1"}, {}) == ["E1", "E2"]


def test_the_finding_names_the_determination_date() -> None:
    officer = {"is_officer": True, "prior_year_compensation_cents": 300_000_00}
    found = key_employee.decide(*the_year(census_of(officer)))["compliance"]
    columns = ("effective_date", "monitoring_date", "applicable_limit_cents", "current_amount_cents")
    assert found.select(columns).rows() == [(date(2025, 1, 1), date(2024, 12, 31), 220_000_00, 300_000_00)]


def test_a_batch_of_seeds_is_looked_at_as_each_alone() -> None:
    officer = {"is_officer": True, "prior_year_compensation_cents": 300_000_00}
    assert equal_one_by_one(key_employee.decide, census_of(*[officer] * 5, {"ownership_bp": 600}), [], {})


def test_without_a_plan_nobody_is() -> None:
    found = key_employee.decide(*the_year(census_of({"ownership_bp": 600}), (), {"plan.enabled": False}))
    assert found == {}
