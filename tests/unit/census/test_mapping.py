"""The mapping file: what it may say, and what it is told when it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.census.impute import EXAMPLES, AgeAtHire, RowNumber
from simulation.census.mapping import load_mapping
from simulation.errors import CensusError
from tests.unit.census.conftest import Write

EXAMPLE = Path(__file__).parents[3] / "scenarios" / "census" / "montgomery_map.yaml"


def refusal(write: Write, text: str) -> str:
    with pytest.raises(CensusError) as refused:
        load_mapping(write(text, "map.yaml"))
    return str(refused.value)


def test_a_full_mapping_is_understood(write: Write) -> None:
    mapping = load_mapping(
        write(
            """
            sheet: Staff
            columns: {employee_id: EMP_NO, hire_date: Date of Hire, performance_rating: }
            dates: {order: dmy}
            decimal: ","
            units: {deferral_rate: percent}
            values: {job_level: {No: 1, 007: 2}}
            impute:
              employee_id: row_number
              birth_date: {by: age_at_hire, low: 18, mode: 25, high: 55}
            former_employees: skip
            seed: 7
            """,
            "map.yaml",
        )
    )
    assert mapping.columns == {
        "employee_id": "EMP_NO",
        "hire_date": "Date of Hire",
        "performance_rating": None,
    }
    assert mapping.values == {"job_level": {"No": "1", "007": "2"}}
    assert mapping.impute == {
        "employee_id": RowNumber(by="row_number", prefix="R"),
        "birth_date": AgeAtHire(by="age_at_hire", low=18, mode=25, high=55, maximum_age=75),
    }
    assert (mapping.dates.order, mapping.decimal, mapping.seed) == ("dmy", ",", 7)


def test_an_empty_mapping_says_nothing(write: Write) -> None:
    assert load_mapping(write("# nothing yet\n", "map.yaml")).columns == {}


def test_the_shipped_example_is_sound() -> None:
    assert set(load_mapping(EXAMPLE).impute) == {"employee_id", "birth_date", "job_level"}


@pytest.mark.parametrize("field", EXAMPLES)
def test_every_example_of_imputation_is_sound(write: Write, field: str) -> None:
    assert set(load_mapping(write(f"impute: {{{field}: {EXAMPLES[field]}}}", "map.yaml")).impute) == {field}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("colums: {}", ["map.yaml: colums: unknown key", "did you mean 'columns'?"]),
        ("columns: {hire_dat: X}", ["columns.hire_dat: unknown field", "did you mean 'hire_date'?"]),
        ("values: {joblevel: {a: 1}}", ["values.joblevel: unknown field", "did you mean 'job_level'?"]),
        ("dates: {ordr: dmy}", ["dates.ordr: unknown key", "did you mean 'order'?"]),
        ("dates: {order: ddmmyy}", ["dates.order: 'ddmmyy'", "'dmy', 'mdy' or 'ymd'"]),
        ("decimal: ;", ["decimal: ';'", "'.' or ','"]),
        (
            "units: {deferral_rate: percentage}",
            ["unit 'percentage'", "one of percent, fraction, basis_points", "did you mean 'percent'?"],
        ),
        ("units: {hire_date: days}", ["units.hire_date: hire_date has no unit"]),
        ("impute: {birth_date: {by: age_at_hir}}", ["rule 'age_at_hir'", "did you mean 'age_at_hire'?"]),
        ("impute: {birth_date: {low: 3}}", ["no rule (`by:`)", "one of row_number"]),
        (
            "impute: {birth_date: {by: age_at_hire, lo: 20}}",
            ["unknown key", "one of by, low, mode, high, maximum_age"],
        ),
        ("impute: {birth_date: {by: age_at_hire, low: 40, mode: 30}}", ["low ≤ mode ≤ high must hold"]),
        ("impute: {birth_date: {by: age_at_hire, low: 9}}", ["greater than or equal to 14"]),
        (
            "impute: {birth_date: row_number}",
            ["rule 'row_number' does not suit birth_date", "allowed: age_at_hire"],
        ),
        ("impute: {compensation: {by: constant, value: 1}}", ["none: compensation cannot be imputed"]),
        (
            "impute: {job_level: {by: pay_quantile, shares: [0.5, 0.3, 0.1, 0.05, 0.04]}}",
            ["must add up to 1; these add up to 0.99"],
        ),
        ("impute: {job_level: {by: pay_quantile, shares: [0.5, 0.5]}}", ["at least 5 items"]),
        ("impute: {department: {by: shares, shares: {A: 0.7, B: 0.4}}}", ["these add up to 1.1"]),
        ("impute: {job_level: {by: constant, value: high}}", ["'high' is no job_level"]),
        ("former_employees: keep", ["'reject' or 'skip'"]),
        ("seed: -1", ["greater than or equal to 0"]),
        ("- a list", ["valid dictionary"]),
        ("columns: {a: b", ["not YAML"]),
        ("columns: {employee_id: A}\ncolumns: {employee_id: B}", ["key 'columns' stands twice"]),
    ],
)
def test_a_wrong_mapping_is_told_what_is_right(write: Write, text: str, messages: list[str]) -> None:
    refused = refusal(write, text)
    assert [message for message in messages if message not in refused] == []


def test_five_mistakes_get_five_messages(write: Write) -> None:
    text = """
        colums: {}
        columns: {hire_dat: X}
        decimal: ";"
        units: {deferral_rate: percentage}
        impute: {birth_date: {by: age_at_hir}}
    """
    assert refusal(write, text).count("\n  - ") == 5


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CensusError, match=r"cannot be opened\n.*nowhere.yaml: No such file"):
        load_mapping(tmp_path / "nowhere.yaml")


def test_a_mapping_in_another_encoding_is_refused(write: Write) -> None:
    with pytest.raises(CensusError, match="YAML in UTF-8"):
        load_mapping(write("columns: {department: Büro}".encode("cp1252"), "map.yaml"))
