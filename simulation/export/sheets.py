"""Frames as sheets of a workbook: formats by meaning, frozen headings, long frames on several sheets.

No text can become a formula, a link or a number. Knows frames and cells; not what they are about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.worksheet import Worksheet

from simulation.export.bulk import BulkWorksheet

MOST_ROWS: Final = 1_000_000
"""Rows of one sheet; Excel takes 1,048,576 in all."""

SAFE: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"italic": True, "font_color": "#595959"},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "number_head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "align": "right"},
    "text": {"valign": "top"},
    "right": {"align": "right"},
    "wrapped": {"text_wrap": True, "valign": "top"},
    "money": {"num_format": "#,##0.00"},
    "rate": {"num_format": "0.00%"},
    "count": {"num_format": "#,##0"},
    "plain": {"num_format": "0"},
    "general": {},
    "date": {"num_format": "yyyy-mm-dd"},
}
"""How cells look, by what they mean."""

_UNITED: Final = frozenset({"money", "rate", "count"})
"""Styles of numbers that have a unit."""

_PLAIN: Final = ("year", "seed", "level")
"""How names of whole numbers end that take no separators."""

_WIDTHS: Final[Mapping[str, int]] = {
    "money": 17,
    "rate": 10,
    "count": 11,
    "plain": 9,
    "general": 14,
    "date": 12,
}
_NARROWEST: Final = 10
_WIDEST: Final = 60
_SAMPLED: Final = 200
"""Rows that the width of a column of texts is taken from."""


TOP: Final = 3
"""The row of the headings, counted from nought; title and note are above."""

_TRUTHS: Final = {True: "yes", False: "no"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One frame under a title: ``styles`` by column name where the type alone does not tell the meaning."""

    name: str
    title: str
    rows: pl.DataFrame
    note: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)
    row_styles: Sequence[str] = ()
    """The style of a row's numbers, where rows and not columns have a unit; such a frame has one sheet."""

    @property
    def top(self) -> int:
        """Return the row of the headings, counted from nought: the first where there is no title."""
        return TOP if self.title else 0

    def style(self, column: str) -> str:
        """Return the style of a column: as told, else by its type and name."""
        return self.styles.get(column) or _style(column, self.rows.schema[column])


class Book:
    """A workbook that is being written, with one format a style."""

    def __init__(self, workbook: Workbook) -> None:
        """Take an open workbook."""
        self.workbook = workbook
        self.formats = {name: workbook.add_format(dict(given)) for name, given in FORMATS.items()}

    def add(self, sheet: Sheet, most_rows: int = MOST_ROWS) -> Worksheet:
        """Write a frame, on as many sheets as it needs, and return the first of them."""
        parts = [sheet.rows.slice(first, most_rows) for first in range(0, sheet.rows.height, most_rows)]
        parts = parts or [sheet.rows]
        written = [self._write(sheet, rows, number, len(parts)) for number, rows in enumerate(parts, start=1)]
        return written[0]

    def _write(self, sheet: Sheet, rows: pl.DataFrame, number: int, of: int) -> Worksheet:
        name = sheet.name if number == 1 else f"{sheet.name} ({number})"
        page = self.workbook.add_worksheet(name, BulkWorksheet)
        said = f"Part {number} of {of}. {sheet.note}" if of > 1 else sheet.note
        if sheet.top:
            page.write_string(0, 0, sheet.title, self.formats["title"])
            page.write_string(1, 0, said.strip(), self.formats["note"])
        styles = [sheet.style(column) for column in rows.columns]
        for place, (column, style) in enumerate(zip(rows.columns, styles, strict=True)):
            heading = sheet.headings.get(column, in_words(column))
            head = "number_head" if rows.schema[column].is_numeric() else "head"
            page.write_string(sheet.top, place, heading, self.formats[head])
            page.set_column(place, place, _width(heading, style, rows[column]))
        if sheet.row_styles:
            self._by_row(page, sheet, rows)
        else:
            told = rows.with_columns(pl.col(pl.Boolean).replace_strict(_TRUTHS, return_dtype=pl.String))
            page.write_frame(sheet.top + 1, told, [self.formats[style] for style in styles])
        page.freeze_panes(sheet.top + 1, 1)
        _print_on_wide_pages(page, sheet.top)
        if rows.height:
            page.autofilter(sheet.top, 0, sheet.top + rows.height, rows.width - 1)
        return page

    def _by_row(self, page: Worksheet, sheet: Sheet, rows: pl.DataFrame) -> None:
        """Write a frame cell by cell: each row's numbers look as the row says."""
        for place, column in enumerate(rows.columns):
            style, cells = sheet.style(column), _cells(rows[column])
            if style not in _UNITED or column in sheet.styles:
                page.write_column(sheet.top + 1, place, cells, self.formats[style])
                continue
            for row, (cell, of_row) in enumerate(zip(cells, sheet.row_styles, strict=True), sheet.top + 1):
                if cell is not None:
                    page.write_number(row, place, cell, self.formats[of_row])


def _print_on_wide_pages(page: Worksheet, headings: int) -> None:
    """Have a sheet printed with all columns on a page and its headings on every one."""
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(headings)
    page.set_footer("&L&A&RPage &P of &N")


@contextmanager
def workbook(place: Path | BinaryIO) -> Iterator[Book]:
    """Open a workbook that is written to a file or a stream when the block ends.

    Raises:
        OSError: the directory or the disk refused.
    """
    try:
        with Workbook(str(place) if isinstance(place, Path) else place, SAFE) as book:
            yield Book(book)
    except FileCreateError as error:
        raise OSError(None, str(error)) from error


def in_words(column: str) -> str:
    """Return a column's name as a heading: ``Hire date`` for ``hire_date``."""
    words = column.replace("_", " ")
    return words[:1].upper() + words[1:]


def _style(column: str, dtype: pl.DataType) -> str:
    if dtype == pl.Date or dtype.base_type() == pl.Datetime:
        return "date"
    if dtype.is_integer():
        return "plain" if column.endswith(_PLAIN) else "count"
    if dtype.is_decimal() or dtype.is_float():
        return "rate" if column.endswith(("_rate", "percentage")) else "money"
    return "text"


def _cells(column: pl.Series) -> list[Any]:
    """Return cells as the writer takes them: exact decimals as the nearest float."""
    return (column.cast(pl.Float64) if column.dtype.is_decimal() else column).to_list()


def _width(heading: str, style: str, column: pl.Series) -> int:
    if style in _WIDTHS:
        return max(_WIDTHS[style], min(len(heading) + 2, 18))
    texts = column.head(_SAMPLED).cast(pl.String).drop_nulls().str.len_chars()
    longest = max(texts.to_list(), default=0)
    return min(max(longest, len(heading), _NARROWEST) + 2, _WIDEST)
