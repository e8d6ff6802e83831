"""Sheets are read back with another library: formats, formulas that are none, and frames too long for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from simulation.export.sheets import TOP, Sheet, in_words, workbook
from tests.workbooks import read_workbook

ROWS = pl.DataFrame(
    {
        "employee_id": ["=1+1", "E2", None],
        "hire_date": [date(2024, 2, 29), None, date(2020, 1, 1)],
        "simulation_year": [2025, 2025, 2026],
        "people": [1, 20_000, 3],
        "pay": [Decimal("1234.560000"), None, Decimal("0.010000")],
        "deferral_rate": [Decimal("0.0600"), Decimal(0), None],
        "is_eligible": [True, False, None],
    },
    schema_overrides={"pay": pl.Decimal(18, 6), "deferral_rate": pl.Decimal(10, 4)},
)


def test_cells_mean_what_their_columns_mean(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with workbook(path) as book:
        book.add(Sheet("People", "Who", ROWS, "a note", styles={"deferral_rate": "rate"}))
    page = read_workbook(path)["People"]
    first = [page.cell(TOP + 2, place) for place in range(1, 8)]
    assert [cell.value for cell in page[TOP + 1]][:2] == ["Employee id", "Hire date"]
    assert first[0].value == "=1+1"
    assert first[0].data_type == "s"
    assert first[1].value.date() == date(2024, 2, 29)
    assert first[2].number_format == "0"
    assert page.cell(TOP + 3, 4).number_format == "#,##0"
    assert (first[4].value, first[4].number_format) == (1234.56, "#,##0.00")
    assert (first[5].value, first[5].number_format) == (0.06, "0.00%")
    assert [page.cell(TOP + 2 + row, 7).value for row in range(3)] == ["yes", "no", None]
    assert page.freeze_panes == f"B{TOP + 2}"
    assert page["A2"].value == "a note"


def test_a_row_may_say_the_unit_of_its_numbers(tmp_path: Path) -> None:
    rows = pl.DataFrame({"metric": ["people", "share"], "year": [2025, 2025], "2025": [3.0, 0.5]})
    with workbook(tmp_path / "book.xlsx") as book:
        book.add(Sheet("Metrics", "Metrics", rows, row_styles=["count", "rate"]))
    page = read_workbook(tmp_path / "book.xlsx")["Metrics"]
    assert [page.cell(TOP + 2 + row, 3).number_format for row in range(2)] == ["#,##0", "0.00%"]
    assert page.cell(TOP + 2, 2).number_format == "0"


def test_a_frame_too_long_for_a_sheet_goes_on_on_the_next(tmp_path: Path) -> None:
    with workbook(tmp_path / "book.xlsx") as book:
        book.add(Sheet("People", "Who", ROWS, "a note"), most_rows=2)
    read = read_workbook(tmp_path / "book.xlsx")
    assert read.sheetnames == ["People", "People (2)"]
    assert read["People (2)"]["A2"].value == "Part 2 of 2. a note"
    assert [read[name].cell(TOP + 2, 1).value for name in read.sheetnames] == ["=1+1", None]


def test_nothing_to_show_is_a_sheet_that_says_so(tmp_path: Path) -> None:
    with workbook(tmp_path / "book.xlsx") as book:
        book.add(Sheet("People", "Who", pl.DataFrame(), "nobody"))
    assert read_workbook(tmp_path / "book.xlsx")["People"]["A2"].value == "nobody"


def test_a_place_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"), workbook(tmp_path / "no" / "book.xlsx") as book:
        book.add(Sheet("People", "Who", ROWS))


def test_a_name_becomes_words() -> None:
    assert in_words("hire_date") == "Hire date"
