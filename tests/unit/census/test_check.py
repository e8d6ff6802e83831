"""The rules of rows: every one speaks, with the row as a person sees it, what was found, what is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.census.check import Findings, check
from simulation.census.mapping import Mapping
from simulation.census.parse import parse
from simulation.census.read import read_raw
from simulation.census.suggest import suggest_mapping
from tests.unit.census.conftest import Row, Write, rows_of

AS_OF = date(2024, 12, 31)
OPTIONAL: Row = {
    "performance_rating": "3",
    "employee_class": "regular",
    "ownership": "0%",
    "family_of": "",
    "prior_year_compensation": "60000",
    "deferral_rate": "6%",
    "roth_deferral_rate": "0%",
    "balance_roth": "0",
    "termination_date": "",
    "employment_status": "active",
}


def findings(write: Write, *changes: dict[str, Any], count: int = 3) -> Findings:
    """Return what is found in good rows of which the first have changed cells."""
    rows = rows_of(count, **OPTIONAL)
    for row, change in zip(rows, changes, strict=False):
        row.update(change)
    raw = read_raw(write(rows))
    frame, _, questions = parse(raw, suggest_mapping(raw).columns, Mapping())
    assert not questions
    return check(frame, AS_OF, raw.ragged)


def test_good_rows_break_no_rule(write: Write) -> None:
    assert findings(write).problems("f") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"employee_id": ""},
            "f, row 2, employee_id: employee_id is missing; allowed: the employee's own number or code",
        ),
        (
            {"birth_date": ""},
            "birth_date is missing; allowed: date of birth; fill it in, or impute it in the map: `impute: {",
        ),
        ({"department": " "}, "department is missing"),
        (
            {"employee_id": "A002"},
            "f, rows 2, 3, employee_id: duplicate employee_id: 'A002'; allowed: once a file",
        ),
        ({"employee_id": "x" * 101}, "employee_id is no plain text"),
        ({"employee_id": "a\x07b"}, "allowed: up to 100 characters that can be seen"),
        ({"employee_id": "\u202ea"}, "employee_id is no plain text"),
        ({"department": "Sa\x07les"}, "department is no plain text"),
        ({"department": "\u202eselaS"}, "department is no plain text"),
        ({"employee_id": "H2025-L1-00001"}, "employee_id is reserved: 'H2025-L1-00001'"),
        (
            {"hire_date": "2015-02-30"},
            "hire_date cannot be read: '2015-02-30'; allowed: 2024-12-31, 12/31/2024, 31.12.2024",
        ),
        (
            {"birth_date": "17/5/80"},
            (
                "birth_date cannot be read: '17/5/80'; "
                "allowed: 2024-12-31, 12/31/2024, 31.12.2024, 31-Dec-2024, "
                "an Excel serial; years need four digits"
            ),
        ),
        (
            {"birth_date": "2016-01-01"},
            "born on or after the hire date: '2016-01-01'; allowed: before hire_date; check the century",
        ),
        ({"birth_date": "2015-03-01"}, "born on or after the hire date"),
        (
            {"birth_date": "2001-03-02"},
            "f, row 2, hire_date: hired before age 14: '2015-03-01'; allowed: 14 or older",
        ),
        (
            {"hire_date": "2025-01-01"},
            "hired after 2024-12-31: '2025-01-01'; allowed: until 2024-12-31; or give another --as-of",
        ),
        ({"birth_date": "1899-12-31"}, "born before 1900: '1899-12-31'"),
        (
            {"birth_date": "1901-05-17", "hire_date": "1950-01-01"},
            "older than 100: '1901-05-17'; allowed: up to 100 years",
        ),
        ({"compensation": "0"}, "pay is not above zero: '0'; allowed: above zero"),
        ({"compensation": "(500)"}, "pay is not above zero: '(500)'"),
        (
            {"compensation": "999.99"},
            "pay is absurd: '999.99'; allowed: 1,000 to 50,000,000 dollars a year at full time",
        ),
        ({"compensation": "50000000.01"}, "pay is absurd: '50000000.01'"),
        ({"compensation": "30000000", "scheduled_hours": "1040"}, "pay is absurd: '30000000'"),
        (
            {"compensation": "1e5"},
            (
                "compensation cannot be read: '1e5'; "
                "allowed: an amount such as 52000, 52,000.50 or 52.000,50; no words, no exponents"
            ),
        ),
        ({"scheduled_hours": "0"}, "hours are absurd: '0'; allowed: 1 to 8,784 a year"),
        ({"scheduled_hours": "9000"}, "hours are absurd: '9000'"),
        (
            {"job_level": "6"},
            (
                "job_level cannot be read: '6'; allowed: 1 to 5; "
                "say what the text means in the map: `values: {job_level: {text: value}}`"
            ),
        ),
        ({"job_level": "Chief"}, "job_level cannot be read: 'Chief'"),
        ({"performance_rating": "9"}, "performance_rating cannot be read: '9'"),
        (
            {"employee_class": "ghost"},
            "employee_class cannot be read: 'ghost'; allowed: regular, union, temporary, leased",
        ),
        ({"deferral_rate": "101%"}, "deferral_rate is outside 0–100 %: '101%'"),
        ({"deferral_rate": "-6%"}, "deferral_rate is outside 0–100 %: '-6%'"),
        ({"deferral_rate": "60%", "roth_deferral_rate": "41%"}, "deferrals exceed 100 %: '60%'"),
        ({"ownership": "120%"}, "ownership is outside 0–100 %"),
        ({"prior_year_compensation": "-1"}, "prior-year pay is absurd: '-1'"),
        ({"balance_roth": "-0.01"}, "balance_roth is negative: '-0.01'; allowed: 0 or more"),
        ({"family_of": "A009"}, "family_of is no employee of the census: 'A009'"),
        (
            {"family_of": "A001"},
            (
                "family_of is no employee of the census: 'A001'; "
                "allowed: the employee_id of an accepted row, not the row's own"
            ),
        ),
        (
            {"termination_date": "2024-12-31"},
            (
                "former employee: '2024-12-31'; allowed: employed on 2024-12-31; "
                "leave former employees out on purpose with `former_employees: skip`"
            ),
        ),
        ({"employment_status": "Terminated"}, "former employee"),
    ],
)
def test_a_broken_rule_is_told(write: Write, change: Row, message: str) -> None:
    told = [str(problem) for problem in findings(write, change).problems("f")]
    assert any(message in problem for problem in told), told


@pytest.mark.parametrize(
    "change",
    [
        {"birth_date": "2001-03-01"},
        {"hire_date": "2024-12-31"},
        {"birth_date": "1924-12-31", "hire_date": "1950-01-01"},
        {"compensation": "1000"},
        {"compensation": "50000000"},
        {"compensation": "500", "scheduled_hours": "1040"},
        {"scheduled_hours": "8784"},
        {"deferral_rate": "60%", "roth_deferral_rate": "40%"},
        {"termination_date": "2025-01-01"},
        {"employment_status": "on leave"},
        {"family_of": "A002"},
        {"ownership": "100%"},
    ],
)
def test_the_edge_of_a_rule_is_allowed(write: Write, change: Row) -> None:
    assert findings(write, change).problems("f") == []


def test_no_rule_hides_another(write: Write) -> None:
    broken = {"job_level": "9", "compensation": "-1", "hire_date": "1990-01-01", "balance_roth": "-5"}
    found = findings(write, broken)
    assert found.rows.to_list() == [2]
    assert len(found.problems("f")) == 4
    (reasons,) = found.reasons()["reasons"]
    assert reasons == (
        "job_level cannot be read: 9; hired before age 14: 1990-01-01; "
        "pay is not above zero: -1; balance_roth is negative: -5"
    )


def test_a_rule_broken_often_names_the_first_rows_and_counts_the_rest(write: Write) -> None:
    changes = [{"job_level": f"{number + 6}"} for number in range(8)]
    (problem,) = findings(write, *changes, count=10).problems("staff.csv")
    assert problem.where == "staff.csv, rows 2, 3, 4, 5, 6 and 3 more, job_level"
    assert problem.found == "job_level cannot be read: '6', '7', '8', '9', '10'"


def test_owners_of_more_than_everything_are_all_told(write: Write) -> None:
    found = findings(write, {"ownership": "60%"}, {"ownership": "41%"})
    assert found.problems("f")[0].where == "f, rows 2, 3, ownership"


def test_a_relative_of_a_rejected_owner_is_rejected_too(write: Write) -> None:
    found = findings(write, {"family_of": "A002"}, {"family_of": "A003"}, {"compensation": "0"})
    assert found.rows.to_list() == [2, 3, 4]


def test_of_a_row_of_another_width_nothing_else_is_said(write: Write) -> None:
    raw = read_raw(write("employee_id,department,compensation\nA1,Sales,52,000\nA2,Sales,61000\nA1,\n"))
    frame, _, _ = parse(raw, suggest_mapping(raw).columns, Mapping())
    problems = check(frame, None, raw.ragged).problems("f")
    assert [str(problem) for problem in problems if "2" in problem.where or "4" in problem.where] == [
        (
            "f, rows 2, 4: more or fewer cells than the header; "
            "a separator inside a value needs quotation marks around the value"
        )
    ]
