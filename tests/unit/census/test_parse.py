"""Columns of texts as columns of a census: units, words, blanks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from simulation.census.fields import BY_NAME
from simulation.census.mapping import check_mapping
from simulation.census.parse import parse
from simulation.census.read import RawTable


def read(
    field: str, texts: Sequence[str | None], header: str = "", **mapping: Any
) -> tuple[list[Any], list[str], list[str]]:
    """Return what a single column becomes, the notes, and the questions."""
    column = header or field
    frame = pl.DataFrame({column: pl.Series(texts, dtype=pl.String)})
    raw = RawTable("f", frame, pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True))
    typed, notes, problems = parse(raw, {field: column}, check_mapping(mapping, "map"))
    return typed[BY_NAME[field].column].to_list(), list(notes), [problem.found for problem in problems]


@pytest.mark.parametrize(
    ("header", "texts", "bp"),
    [
        ("deferral_rate", ["6%", "4.5 %", "0%"], [600, 450, 0]),
        ("deferral_rate", ["0.06", "0.045", "0"], [600, 450, 0]),
        ("deferral_rate", ["6", "4.5", "10"], [600, 450, 1000]),
        ("Deferral Pct", ["6", "4.5"], [600, 450]),
        ("deferral_bp", ["600", "1", "0"], [600, 1, 0]),
        ("deferral_rate", ["6%", "0"], [600, 0]),
        ("deferral_rate", ["6,5", "4"], [650, 400]),
        ("deferral_rate", ["0", "0"], [0, 0]),
    ],
)
def test_the_unit_of_a_rate_follows_from_its_column(
    header: str, texts: list[str | None], bp: list[int]
) -> None:
    values, _, questions = read("deferral_rate", texts, header)
    assert (values, questions) == (bp, [])


@pytest.mark.parametrize(
    ("field", "header", "texts"),
    [
        ("deferral_rate", "", ["600"]),
        ("deferral_rate", "", ["600", "400"]),
        ("deferral_rate", "", ["600", "6"]),
        ("deferral_rate", "", ["600", "0.06"]),
        ("deferral_rate", "", ["6%", "600"]),
        ("deferral_rate", "Deferral %", ["600", "6"]),
        ("deferral_rate", "Deferral fraction", ["600"]),
        ("roth_deferral_rate", "", ["0", "600"]),
        ("deferral_rate", "", ["1", "1", "0"]),
        ("deferral_rate", "", ["0.5", "6"]),
        ("deferral_rate", "Deferral %", ["0.06", "0.04"]),
        ("deferral_rate", "", ["6%", "0.04", "5"]),
        ("ownership", "", ["0.5", "0"]),
    ],
)
def test_a_unit_in_doubt_is_a_question(field: str, header: str, texts: list[str]) -> None:
    _, _, (question,) = read(field, texts, header)
    assert "percent, fraction or basis points? found" in question


@pytest.mark.parametrize("texts", [["$25", "$50"], ["6", "$25"], ["25 €"]])
def test_an_amount_of_money_is_no_share_of_pay(texts: list[str]) -> None:
    values, _, (question,) = read("deferral_rate", texts)
    assert "an amount of money? found" in question
    assert values == [None] * len(texts)


@pytest.mark.parametrize(
    ("unit", "bp"), [("percent", 60_000), ("fraction", 6_000_000), ("basis_points", 600)]
)
def test_a_declared_unit_answers_the_question(unit: str, bp: int) -> None:
    assert read("deferral_rate", ["600"], units={"deferral_rate": unit}) == ([bp], [], [])


def test_a_percent_sign_counts_for_its_own_cell() -> None:
    assert read("deferral_rate", ["6%", "0.04"], units={"deferral_rate": "fraction"})[0] == [600, 400]


@pytest.mark.parametrize(
    ("header", "texts", "hours"),
    [
        ("scheduled_hours", ["2080", "1040.0", "1,950"], [2080, 1040, 1950]),
        ("FTE", ["1.0", "0.5", "0.8"], [2080, 1040, 1664]),
        ("scheduled_hours", ["1", "0.5"], [2080, 1040]),
        ("Weekly Hours", ["40", "37.5"], [2080, 1950]),
    ],
)
def test_the_unit_of_hours_follows_from_its_column(header: str, texts: list[str], hours: list[int]) -> None:
    assert read("scheduled_hours", texts, header)[0] == hours


def test_hours_in_doubt_are_a_question() -> None:
    _, _, (question,) = read("scheduled_hours", ["40", "37.5"])
    assert question == "hours a week, a year, or a share of full time? found '40'"
    assert read("scheduled_hours", ["40"], units={"scheduled_hours": "week"})[0] == [2080]


@pytest.mark.parametrize(
    ("field", "texts", "values"),
    [
        (
            "job_level",
            ["1", "L2", "Level 3", "grade-4", "5.0", "6", "0", "II"],
            [1, 2, 3, 4, 5, None, None, None],
        ),
        (
            "is_officer",
            ["Y", "no", "TRUE", "0", "x", "maybe", None],
            [True, False, True, False, True, None, None],
        ),
        (
            "employee_class",
            ["Regular", "UNION", "non-union", "Temp", "ghost"],
            ["regular", "union", "regular", "temporary", None],
        ),
        ("employment_status", ["A", "Terminated", "On Leave", "?"], ["active", "former", "active", None]),
        ("department", ["n/a", "NA", "-", "Sales"], ["n/a", "NA", "-", "Sales"]),
        ("employee_id", ["001", "1", "NULL"], ["001", "1", "NULL"]),
        ("family_of", ["A001", "none", "-"], ["A001", None, None]),
        ("termination_date", ["0000-00-00", "N/A", "-", "null"], [None] * 4),
        ("deferral_rate", ["6", None, "-"], [600, None, None]),
        ("balance_roth", ["-", "1,200.00", "n/a"], [None, 120_000, None]),
    ],
)
def test_words_mean_what_they_usually_mean(field: str, texts: list[str | None], values: list[Any]) -> None:
    assert read(field, texts)[0] == values


def test_what_a_mapping_says_a_text_means_goes_first() -> None:
    meant = {"scheduled_hours": {"Full": "2080", "Part": "1040"}}
    assert read("scheduled_hours", ["Full", "Part", "1500"], values=meant)[0] == [2080, 1040, 1500]


def test_a_text_can_mean_nothing() -> None:
    assert read("termination_date", ["still here"], values={"termination_date": {"still here": ""}}) == (
        [None],
        [],
        [],
    )


def test_a_meaning_for_a_text_that_never_occurs_is_noted() -> None:
    _, notes, _ = read("job_level", ["Clerk"], values={"job_level": {"Clerk": "1", "Boss": "5"}})
    assert notes == ["job_level: `values` names texts that the file does not have: Boss"]


@pytest.mark.parametrize(
    ("header", "texts", "cents"),
    [
        ("compensation", ["52,000.00", "(1.00)"], [5_200_000, -100]),
        ("compensation", ["52.000,00", "1,5"], [5_200_000, 150]),
        ("compensation_cents", ["5200000"], [5_200_000]),
    ],
)
def test_money_is_in_dollars_unless_the_name_says_cents(
    header: str, texts: list[str], cents: list[int]
) -> None:
    assert read("compensation", texts, header)[0] == cents


def test_money_finer_than_a_cent_is_rounded_and_said() -> None:
    values, notes, _ = read("compensation", ["52734.5712", "1.005", "3.00"])
    assert values == [5_273_457, 101, 300]
    assert notes == ["compensation: 2 values were rounded half-up to the cent"]


def test_a_decimal_mark_in_doubt_is_a_question_that_the_mapping_answers() -> None:
    _, _, (question,) = read("compensation", ["52.125", "61000"])
    assert question == "is '52.125' in thousands or with three decimals?"
    assert read("compensation", ["52.125", "61000"], decimal=".")[0] == [5_213, 6_100_000]
