"""Small census files for the tests of the census: good rows, and ways to write them down."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, Any]
Write = Callable[..., Path]

GOOD: Row = {
    "employee_id": "",
    "birth_date": "1980-05-17",
    "hire_date": "2015-03-01",
    "job_level": "2",
    "department": "Finance",
    "compensation": "68000.00",
    "scheduled_hours": "2080",
}


def rows_of(count: int, **cells: Any) -> list[Row]:
    """Return good rows, ids A001 …, with the cells given in all of them."""
    return [GOOD | {"employee_id": f"A{number:03d}"} | cells for number in range(1, count + 1)]


def as_csv(rows: list[Row], delimiter: str = ",") -> str:
    """Return rows as delimited text with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


@pytest.fixture
def good_rows() -> Callable[..., list[Row]]:
    return rows_of


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a writer of a CSV: from rows, or from text or bytes as they stand."""

    def write_file(
        content: list[Row] | str | bytes,
        name: str = "staff.csv",
        *,
        encoding: str = "utf-8",
        delimiter: str = ",",
    ) -> Path:
        path = tmp_path / name
        text = as_csv(content, delimiter) if isinstance(content, list) else content
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write_file


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Write:
    """Return a writer of a workbook: a dict of sheets, each a list of rows of cells."""

    def write_book(sheets: dict[str, list[list[Any]]], name: str = "staff.xlsx") -> Path:
        import xlsxwriter

        path = tmp_path / name
        options = {"default_date_format": "mm/dd/yyyy", "remove_timezone": True}
        with xlsxwriter.Workbook(path, options) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        sheet.write(number, column, cell)
        return path

    return write_book
