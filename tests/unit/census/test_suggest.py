"""Which column is taken for which field, and when it has to be asked."""

from __future__ import annotations

import polars as pl
import pytest
import yaml

from simulation.census.fields import FIELDS
from simulation.census.mapping import load_mapping
from simulation.census.read import RawTable
from simulation.census.suggest import ACCEPTED, Suggestion, suggest_mapping
from tests.unit.census.conftest import Write

CELLS = {
    "id": ["7", "8", "9", "10"],
    "date": ["2015-03-01", "2016-04-02", "2017-05-03", "2017-05-03"],
    "word": ["Sales", "Sales", "Legal", "Legal"],
    "money": ["52000.00", "61000.50", "52000.00", "58000.00"],
    "level": ["1", "2", "2", "3"],
    "hours": ["2080", "2080", "1040", "2080"],
    "flag": ["Y", "N", "N", "N"],
}
PLAIN = {
    "employee_id": "id",
    "birth_date": "date",
    "hire_date": "date",
    "job_level": "level",
    "department": "word",
    "compensation": "money",
    "scheduled_hours": "hours",
}


def table(**columns: str) -> RawTable:
    """Return a table of columns by the kind of cells they hold."""
    frame = pl.DataFrame({name.replace("__", " "): CELLS[kind] for name, kind in columns.items()})
    return RawTable("staff.csv", frame, pl.Series([2, 3, 4, 5]))


def suggestion(**columns: str) -> Suggestion:
    """Return the suggestion for a plain census in which some columns stand for others of their kind."""
    return suggest_mapping(table(**PLAIN, **columns))


@pytest.mark.parametrize(
    ("column", "kind", "field"),
    [
        ("EMP_NO", "id", "employee_id"),
        ("EmployeeNumber", "id", "employee_id"),
        ("Employee__ID", "id", "employee_id"),
        ("Payroll__Nbr", "id", "employee_id"),
        ("DOB", "date", "birth_date"),
        ("Date__of__Birth", "date", "birth_date"),
        ("BirthDate", "date", "birth_date"),
        ("doh", "date", "hire_date"),
        ("date_first_hired", "date", "hire_date"),
        ("Start__Date", "date", "hire_date"),
        ("Hire__Dt", "date", "hire_date"),
        ("HireDat", "date", "hire_date"),
        ("Hire__Date__(DD/MM/YYYY)", "date", "hire_date"),
        ("Salary__(USD)", "money", "compensation"),
        ("Pay__Grade", "level", "job_level"),
        ("Job__Lvl", "level", "job_level"),
        ("Dept", "word", "department"),
        ("DEPARTMENT__NAME", "word", "department"),
        ("current_annual_salary", "money", "compensation"),
        ("Annual__Base__Sal", "money", "compensation"),
        ("compensation_cents", "money", "compensation"),
        ("Annual__Hrs", "hours", "scheduled_hours"),
        ("FTE", "hours", "scheduled_hours"),
    ],
)
def test_a_column_is_known_by_many_names(column: str, kind: str, field: str) -> None:
    others = {name: each for name, each in PLAIN.items() if name != field}
    found = suggest_mapping(table(**others, **{column: kind}))
    (match,) = [match for match in found.matches if match.field == field]
    assert match.column == column.replace("__", " ")
    assert match.score >= ACCEPTED
    assert not found.problems


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_no_name_is_known_for_two_fields(field: object) -> None:
    names = [name for each in FIELDS for name in (each.name.replace("_", " "), *each.names)]
    assert sorted(names) == sorted(set(names))


def test_a_score_has_a_reason() -> None:
    found = {match.field: match for match in suggestion(doh="date").matches}
    assert found["hire_date"].reason == "the field's own name; 100% of its cells look like date"
    assert found["hire_date"].score == 100


def test_a_similar_name_with_other_cells_is_not_taken() -> None:
    others = {name: kind for name, kind in PLAIN.items() if name != "hire_date"}
    found = suggest_mapping(table(**others, HireDat="word"))
    assert "hire_date" not in found.columns
    assert [problem.where for problem in found.problems] == ["staff.csv, hire_date"]


@pytest.mark.parametrize(
    "column",
    ["Manager__Employee__ID", "year_first_hired", "Spouse__DOB", "employee_position_title", "Rehire__Date"],
)
def test_a_column_about_something_else_is_left_alone(column: str) -> None:
    kind = "date" if "DOB" in column or "Date" in column else "id"
    assert column.replace("__", " ") not in suggestion(**{column: kind}).columns.values()


def test_the_fields_own_name_goes_before_others() -> None:
    assert suggestion(Dept="word", department_name="word").columns["department"] == "department"


def test_two_columns_that_are_equally_good_are_a_question() -> None:
    others = {name: kind for name, kind in PLAIN.items() if name != "hire_date"}
    (problem,) = suggest_mapping(table(**others, Date__Hired="date", Date__of__Hire="date")).problems
    assert str(problem) == (
        "staff.csv, hire_date: 'Date Hired' or 'Date of Hire'? they suit it equally well; "
        "name one in the map: `columns: {hire_date: Date Hired}`"
    )


def test_a_missing_field_is_asked_for_with_what_comes_near() -> None:
    others = {name: kind for name, kind in PLAIN.items() if name != "compensation"}
    (problem,) = suggest_mapping(table(**others, annual_salaried_amount="money")).problems
    assert problem.found.startswith("no column for compensation (annual rate of base pay")
    assert "perhaps 'annual_salaried_amount'; name it in the map" in problem.hint


@pytest.mark.parametrize(
    ("field", "column", "kind"),
    [("hire_date", "Eintritt", "date"), ("compensation", "Gehalt", "money"), ("job_level", "Stufe", "level")],
)
def test_a_name_that_says_nothing_is_suggested_by_its_cells(field: str, column: str, kind: str) -> None:
    others = {name: each for name, each in PLAIN.items() if name != field}
    (problem,) = suggest_mapping(table(**others, **{column: kind}, Floor="word")).problems
    assert problem.hint.startswith(f"perhaps '{column}'; name it in the map")


def test_only_what_can_be_imputed_is_offered_for_imputation() -> None:
    lean = {name: kind for name, kind in PLAIN.items() if name not in {"hire_date", "birth_date"}}
    birth, hire = suggest_mapping(table(**lean)).problems
    assert birth.hint.endswith(
        "or impute it: `impute: {birth_date: {by: age_at_hire, low: 20, mode: 27, high: 60}}`"
    )
    assert "impute" not in hire.hint


def test_a_mapping_goes_before_every_suggestion() -> None:
    raw = table(**PLAIN, Other="date")
    found = suggest_mapping(raw, {"hire_date": "Other"})
    assert found.columns["hire_date"] == "Other"
    assert (
        suggest_mapping(table(**PLAIN, Rating="level"), {"performance_rating": None}).columns.keys()
        == PLAIN.keys()
    )


def test_a_mapped_column_that_is_not_there_is_a_problem_with_the_nearest() -> None:
    (problem,) = suggest_mapping(table(**PLAIN, Start="date"), {"hire_date": "Strat"}).problems
    assert (problem.where, problem.found) == ("staff.csv, hire_date", "no column 'Strat'")
    assert problem.hint == "did you mean 'Start'?"


def test_a_field_that_will_be_imputed_needs_no_column() -> None:
    others = {name: kind for name, kind in PLAIN.items() if name != "birth_date"}
    assert suggest_mapping(table(**others)).problems
    assert not suggest_mapping(table(**others), imputed=["birth_date"]).problems


def test_one_column_is_taken_for_one_field_only() -> None:
    columns = list(suggestion(Rating="level", Pay="money").columns.values())
    assert len(columns) == len(set(columns))


def test_a_suggestion_can_be_saved_as_the_start_of_a_mapping(write: Write) -> None:
    others = {name: kind for name, kind in PLAIN.items() if name not in {"department", "birth_date"}}
    draft = suggest_mapping(table(**others, **{"Dept": "word", "Hired?": "flag"})).as_yaml("staff.csv")
    assert yaml.safe_load(draft)["columns"]["department"] == "Dept"
    mapping = load_mapping(write(draft, "map.yaml"))
    assert mapping.columns["birth_date"] is None
    whole = write(draft.replace("#impute", "impute").replace("#  ", "  "), "whole.yaml")
    assert set(load_mapping(whole).impute) == {"birth_date"}
