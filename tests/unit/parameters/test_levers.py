"""The tuning table: its rows, its file and what stands above what."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import ScenarioError, WriteError
from simulation.parameters import (
    LEVERS,
    Levers,
    Scenario,
    effective_levers,
    levers_from,
    read_levers,
    write_levers,
)
from simulation.parameters.places import shipped_directory

Write = Callable[[str, str], Path]
HEADER = "fiscal_year,job_level,parameter,value\n"

tables = st.dictionaries(
    st.tuples(st.integers(2000, 2150), st.integers(1, 4), st.sampled_from(sorted(LEVERS))),
    st.integers(5000, 10_000).map(lambda points: Decimal(points).scaleb(-4)),
    max_size=8,
).map(
    lambda rows: Levers({cell: Decimal("0.1") if cell[2] == "cola_rate" else v for cell, v in rows.items()})
)


def test_the_shipped_table_says_what_the_baseline_says() -> None:
    shipped = read_levers(shipped_directory() / "comp_levers.csv")
    assert len(shipped.rows) == 125
    assert shipped.rows == effective_levers(Scenario()).rows
    assert {year for year, _, _ in shipped.rows} == {2025, 2026, 2027, 2028, 2029}


@given(tables)
def test_a_written_table_reads_as_itself(tmp_path_factory: pytest.TempPathFactory, levers: Levers) -> None:
    path = tmp_path_factory.mktemp("levers") / "comp_levers.csv"
    write_levers(path, levers)
    assert read_levers(path).rows == levers.rows
    assert levers_from(levers.frame()).rows == levers.rows


@given(tables, tables, tables)
def test_tables_are_overlays_too(a: Levers, b: Levers, c: Levers) -> None:
    assert a.overlaid(b).overlaid(c).rows == a.overlaid(b.overlaid(c)).rows
    assert a.overlaid(Levers()).rows == Levers().overlaid(a).rows == a.rows
    assert a.overlaid(b).overlaid(b).rows == a.overlaid(b).rows


def test_a_value_is_set_for_one_year_or_for_all_and_taken_back() -> None:
    years = Scenario().horizon.years
    one = Levers().with_value("merit_base", "5%", [2026], [3])
    every = one.with_value("cola_rate", 0.02, years)
    assert one.rows == {(2026, 3, "merit_base"): Decimal("0.05")}
    assert len(every.rows) == 26
    assert every.without("cola_rate", years).rows == one.rows


@pytest.mark.parametrize(
    ("row", "where", "message"),
    [
        ("2026,1,cola_rat,0.02", "parameter", "did you mean 'cola_rate'?"),
        ("2026,6,cola_rate,0.02", "job_level", "1, 2, 3, 4 or 5"),
        ("26,1,cola_rate,0.02", "fiscal_year", "a year from 2000 to 2150"),
        ("2026.0,1,cola_rate,0.02", "fiscal_year", "a year from 2000 to 2150"),
        ("2026,1,cola_rate,0.3", "value", "from 0 to 0.25"),
        ("2026,1,cola_rate,abc", "value", "such as 0.015 or 1.5%"),
        ("2026,1,cola_rate,0.01234", "value", "at most 4 decimal places"),
        ("2026,1,cola_rate,nan", "value", "such as 0.015 or 1.5%"),
        ("2026,1,new_hire_salary_adjustment,2.5", "value", "from 0.5 to 2"),
        ("2026,5,promotion_probability,0.1", "value", "no level above 5"),
    ],
)
def test_a_bad_row_says_which_field_and_what_is_allowed(
    write: Write, row: str, where: str, message: str
) -> None:
    path = write("l.csv", HEADER + "2025,1,cola_rate,0.01\n" + row + "\n")
    with pytest.raises(ScenarioError) as caught:
        read_levers(path)
    (problem,) = caught.value.problems
    assert problem.where == f"l.csv:3 {where}"
    assert message in str(problem)


def test_every_bad_row_and_every_repeated_one_is_named(write: Write) -> None:
    rows = [
        "2026,1,cola_rate,0.02",
        "2026,1,cola_rate,0.03",
        "x,9,nothing,y",
        "",
        "1,2",
        "2026,2,merit_base,5%",
    ]
    path = write("l.csv", HEADER + "\n".join(rows))
    with pytest.raises(ScenarioError) as caught:
        read_levers(path)
    assert [problem.where for problem in caught.value.problems] == [
        "l.csv:3",
        "l.csv:4 fiscal_year",
        "l.csv:4 job_level",
        "l.csv:4 parameter",
        "l.csv:6",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no columns"),
        ("fiscal_year,job_level,parameter\n", "exactly fiscal_year, job_level, parameter, value"),
        ("fiscal_year,job_level,paramter,value\n", "did you mean 'parameter'?"),
        ("fiscal_year;job_level;parameter;value\n", "exactly fiscal_year"),
        ("fiscal_year,fiscal_year,parameter,value\n", "exactly fiscal_year"),
        (HEADER + '2026,1,"cola_rate,0.02\n', "no valid CSV"),
        (HEADER + "2026,1,cola_rate,0,02\n", "5 values"),
    ],
)
def test_a_file_of_another_shape_is_refused(write: Write, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_levers(write("l.csv", text))
    assert message in str(caught.value.problems[0])


def test_a_missing_or_undecodable_levers_file_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no file"):
        read_levers(tmp_path / "none.csv")
    (tmp_path / "l.csv").write_bytes(HEADER.encode() + b"2026,1,cola\xff_rate,0.02\n")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        read_levers(tmp_path / "l.csv")


def test_a_byte_order_mark_is_no_matter(write: Write) -> None:
    assert len(read_levers(write("l.csv", "\ufeff" + HEADER + "2026,1,cola_rate,2%\n")).rows) == 1


def test_a_frame_is_checked_like_the_file() -> None:
    frame = pl.DataFrame({"fiscal_year": [2026, 2026], "job_level": [1, 1], "parameter": ["cola_rate"] * 2})
    with pytest.raises(ScenarioError, match="exactly fiscal_year"):
        levers_from(frame)
    with pytest.raises(ScenarioError, match="a second value"):
        levers_from(frame.with_columns(value=pl.lit("0.02")))


def test_a_directory_that_refuses_is_a_write_error(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot be written"):
        write_levers(tmp_path / "missing" / "l.csv", Levers())


def test_an_unknown_lever_is_named_when_it_is_set() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'merit_base'"):
        Levers().with_value("merit_bas", 0.02, [2026])


def test_a_bad_levers_file_is_told_with_the_scenarios_other_mistakes(write: Write) -> None:
    from simulation.parameters import load_scenario

    write("l.csv", HEADER + "2026,1,cola_rate,9\n")
    write("s.yaml", "compensation: {levers: l.csv}\nseed: x\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario("s.yaml")
    assert [problem.where for problem in caught.value.problems] == ["s.yaml:2 seed", "l.csv:2 value"]
