"""The workbook of plan tests, opened again: numbers are numbers, nothing is a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from simulation.compliance import Figure, Outcome, Unit, Verdict
from simulation.export.plan_tests import write_plan_tests
from simulation.export.working import heading, most_affected_first

ROWS = pl.DataFrame(
    {
        "employee_id": ["E1", "=1+1", "E3"],
        "is_hce": [False, True, True],
        "pay_cents": [5_000_000, 20_000_001, 30_000_000],
        "ratio_bp": [300, 650, 900],
        "refund_cents": [0, 12_345, 70_000],
        "left_on": [None, date(2026, 5, 31), None],
    }
)
FAILED = Verdict(
    "adp",
    "Actual deferral percentage",
    "IRC 401(k)(3)",
    2026,
    Outcome.FAIL,
    "=cmd|' /C calc'!A0",
    figures=(
        Figure("Highly compensated", None, Unit.PEOPLE, below=5),
        Figure("Average", Fraction(1, 16), Unit.RATE),
        Figure("Refunded", 82_345, Unit.CENTS),
        Figure("Nothing to divide by", None, Unit.RATE),
    ),
    margin=Fraction(-1, 80),
    refunds_cents=82_345,
    working=lambda: ROWS,
)
PASSED = Verdict("402g", "Elective deferral limit", "IRC 402(g)", 2026, Outcome.PASS, "nobody", group="all")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "tests.xlsx"
    write_plan_tests([FAILED, PASSED], path, "Plan tests of <baseline>")
    return path


def sheet(path: Path, name: str) -> list[tuple[object, ...]]:
    return pl.read_excel(path, sheet_name=name, has_header=False, infer_schema_length=0).rows()


def parts(path: Path | io.BytesIO, beginning: str) -> str:
    with zipfile.ZipFile(path) as opened:
        return "".join(
            opened.read(name).decode() for name in opened.namelist() if name.startswith(f"xl/{beginning}")
        )


def test_there_is_an_overview_and_a_sheet_a_test(book: Path) -> None:
    assert list(pl.read_excel(book, sheet_id=0, has_header=False)) == [
        "Overview", "Actual deferral percentage", "Elective deferral limit",
    ]  # fmt: skip


def test_the_overview_has_the_numbers_and_not_their_texts(book: Path) -> None:
    rows = pl.read_excel(book, sheet_name="Overview", read_options={"header_row": 2})
    assert rows["Outcome"].to_list() == ["fail", "pass"]
    assert rows["Margin"].to_list() == [-0.0125, None]
    assert rows["Refunds, $"].to_list() == [823.45, 0]
    assert rows["Why"][0] == FAILED.reason


def test_the_working_follows_the_figures_with_those_hit_most_first(book: Path) -> None:
    rows = sheet(book, "Actual deferral percentage")
    shown = {row[0]: row[1] for row in rows if row[0]}
    assert shown["Highly compensated"] == "<5"
    assert (shown["Average"], shown["Refunded"]) == ("0.0625", "823.45")
    assert shown["Nothing to divide by"] is None
    head = next(at for at, row in enumerate(rows) if row[0] == "Year")
    assert rows[head][:5] == ("Year", "Group", "Employee", "Highly compensated", "Pay, $")
    assert [row[2] for row in rows[head + 1 :]] == ["E3", "=1+1", "E1"]
    assert rows[head + 1][4] == "300000"


def test_numbers_wear_formats(book: Path) -> None:
    styles = parts(book, "styles")
    assert all(code in styles for code in ("0.00%", "#,##0.00", "yyyy-mm-dd"))


def test_no_cell_is_a_formula_or_a_link(book: Path) -> None:
    sheets = parts(book, "worksheets")
    assert "<f>" not in sheets
    assert "hyperlink" not in sheets


def test_it_can_be_written_to_a_stream_with_fewer_rows_and_says_so() -> None:
    stream = io.BytesIO()
    write_plan_tests([FAILED], stream, "Few", most_rows=1)
    rows = pl.read_excel(stream, sheet_name="Actual deferral percentage", has_header=False).rows()
    assert any(row[0] == "the first 1 of 3 rows" for row in rows)
    assert [row[2] for row in rows][-1] == "E3"


def test_a_run_without_verdicts_has_an_overview_only(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    write_plan_tests([], path, "Nothing")
    assert parts(path, "worksheets").count("<worksheet") == 1


def test_a_directory_that_is_none_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="Not a directory"):
        write_plan_tests([FAILED], tmp_path / "file" / "tests.xlsx", "Nowhere")


def test_a_working_without_telling_columns_stands_by_employee() -> None:
    rows = pl.DataFrame({"employee_id": ["E2", "E1"], "vested_match_bp": [1, 2]})
    assert most_affected_first(rows)["employee_id"].to_list() == ["E1", "E2"]
    assert most_affected_first(pl.DataFrame({"a": [1]})).height == 1


@pytest.mark.parametrize(
    ("column", "words"),
    [("pay_cents", "Pay, $"), ("ratio_bp", "Ratio"), ("is_hce", "Highly compensated"), ("key", "Key")],
)
def test_a_column_is_named_in_words_with_its_unit(column: str, words: str) -> None:
    assert heading(column) == words
