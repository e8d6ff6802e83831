"""Sheets are read back with another library: formats, formulas that are none, and frames too long for one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from simulation.export.bulk import AT_ONCE
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


def test_every_kind_of_cell_is_read_back_as_it_was_given(tmp_path: Path) -> None:
    """The XML of whole frames is put together here, and not by XlsxWriter: it is held to another reader."""
    given = pl.DataFrame(
        {
            "text": ["a & <b>", " spaced ", "", None, "\x01 control", "x" * 40_000, "a & <b>"],
            "amount": [
                Decimal("-0.01"),
                Decimal("12345678901.23"),
                None,
                Decimal(0),
                Decimal(1),
                Decimal(2),
                None,
            ],
            "share": [0.1, float("nan"), float("inf"), None, -1e-9, 1e300, 1 / 3],
            "count": [-1, 2**53, None, 0, 1, 2, 3],
            "day": [date(1900, 2, 28), date(1900, 3, 1), date(2024, 2, 29), None, *[date(2030, 12, 31)] * 3],
            "moment": [
                datetime.fromisoformat("2024-02-29T13:30"),
                None,
                *[datetime.fromisoformat("2026-01-01")] * 5,
            ],
        },
        schema_overrides={"amount": pl.Decimal(18, 6)},
    )
    with workbook(tmp_path / "book.xlsx") as book:
        book.add(Sheet("All", "All kinds", given, styles={"share": "general", "moment": "general"}))
    page = read_workbook(tmp_path / "book.xlsx")["All"]
    read = {
        name: [page.cell(TOP + 2 + row, place).value for row in range(7)]
        for place, name in enumerate(given.columns, 1)
    }
    assert read["text"][:4] == ["a & <b>", " spaced ", None, None]
    assert (len(read["text"][5]), read["text"][6]) == (32_767, "a & <b>")
    assert read["amount"] == [-0.01, 12345678901.23, None, 0, 1, 2, None]
    assert read["share"] == [0.1, None, None, None, -1e-9, 1e300, 1 / 3]
    assert read["count"] == given["count"].to_list()
    assert [day and day.date() for day in read["day"]] == given["day"].to_list()
    assert read["moment"][0] == pytest.approx(45351.5625)


def test_a_frame_of_many_blocks_of_rows_has_them_all_in_their_order(tmp_path: Path) -> None:
    rows = pl.DataFrame({"id": [f"E{at}" for at in range(2 * AT_ONCE + 3)], "n": range(2 * AT_ONCE + 3)})
    with workbook(tmp_path / "book.xlsx") as book:
        book.add(Sheet("Many", "Many", rows))
    read = pl.read_excel(tmp_path / "book.xlsx", read_options={"header_row": TOP})
    assert read.rename({"Id": "id", "N": "n"}).equals(rows)


def test_without_a_title_the_headings_are_the_first_row(tmp_path: Path) -> None:
    with workbook(tmp_path / "book.xlsx") as book:
        book.add(Sheet("People", "", ROWS))
    page = read_workbook(tmp_path / "book.xlsx")["People"]
    assert [page["A1"].value, page["A2"].value] == ["Employee id", "=1+1"]
    assert page.freeze_panes == "B2"


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
