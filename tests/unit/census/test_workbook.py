"""Workbooks: which sheet, which row, and cells as Excel keeps them."""

from __future__ import annotations

from datetime import date

import pytest

from simulation.census.read import read_raw
from simulation.census.workbook import read_workbook
from simulation.errors import CensusError
from tests.unit.census.conftest import Write

HEADER = ["id", "hired", "pay"]


def test_cells_are_the_texts_that_excel_means(write_xlsx: Write) -> None:
    cells = ["007", date(2015, 3, 1), 69222.18, 42005, True, 0.06, 123456789.126, 1234.5649999999999]
    book = write_xlsx({"Staff": [list("abcdefgh"), cells]})
    assert read_workbook(book).records[1] == [
        "007",
        "2015-03-01 00:00:00",
        "69222.18",
        "42005",
        "true",
        "0.06",
        "123456789.126",
        "1234.565",
    ]


def test_rows_are_numbered_as_in_the_sheet(write_xlsx: Write) -> None:
    rows = [[], ["Staff list"], [], [None, *HEADER], [None, 1, 2, 3], [], [None, 4, 5, 6]]
    raw = read_raw(write_xlsx({"Staff": rows}))
    assert raw.rows.to_list() == [5, 7]
    assert raw.frame.columns == HEADER
    assert "row 4 was taken as the header" in raw.notes[0]


def test_a_cover_sheet_is_passed_over(write_xlsx: Write) -> None:
    book = write_xlsx({"Cover": [["Acme Corp"]], "Staff": [HEADER, [1, 2, 3]]})
    assert read_workbook(book).facts == {"format": "XLSX", "sheet": "Staff"}


def test_two_sheets_that_could_be_meant_are_a_question(write_xlsx: Write) -> None:
    book = write_xlsx({"2023": [HEADER, [1, 2, 3]], "2024": [HEADER, [1, 2, 3], [4, 5, 6]]})
    with pytest.raises(CensusError, match=r"'2023' \(2 rows\), '2024' \(3 rows\).*`sheet:`"):
        read_workbook(book)
    assert read_workbook(book, "2024").rows == [1, 2, 3]


def test_a_sheet_that_is_not_there_is_named_with_the_nearest(write_xlsx: Write) -> None:
    book = write_xlsx({"Staff": [HEADER, [1, 2, 3]], "Notes": [["x"]]})
    with pytest.raises(CensusError, match=r"no sheet 'Staf'.*one of Staff, Notes.*did you mean 'Staff'"):
        read_workbook(book, "Staf")


def test_a_blank_workbook_is_empty(write_xlsx: Write) -> None:
    with pytest.raises(CensusError, match="'Staff' is blank"):
        read_workbook(write_xlsx({"Staff": []}))


def test_a_damaged_workbook_is_refused(write_xlsx: Write) -> None:
    book = write_xlsx({"Staff": [HEADER, [1, 2, 3]]})
    book.write_bytes(book.read_bytes()[:2000])
    with pytest.raises(CensusError, match="workbook cannot be read"):
        read_raw(book)
