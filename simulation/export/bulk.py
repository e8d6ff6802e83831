"""Whole frames laid into a worksheet: the XML of many rows is put together by columns, not cell by cell.

XlsxWriter takes a call and an object a cell, ten microseconds each; a workforce has a million cells. It goes
on to write everything else. Knows frames and cells; not what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

AT_ONCE: Final = 8_192
"""Rows whose XML is put together at a time."""

LONGEST: Final = 32_767
"""Letters that a cell holds; Excel's limit."""

_FIRST_DAY: Final = pl.date(1899, 12, 30)
_NO_LEAP_DAY: Final = 61
"""Excel counts a 29 February 1900, which was none: days before it have a number less."""

_SHARED: Final = pl.UInt32
"""A text is written as its number in the workbook's table of texts."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows that are to be written: numbers and numbers of texts, and how each column looks."""

    rows: pl.DataFrame
    top: int
    formats: Sequence[Any]


class BulkWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter ships no types
    """A worksheet that takes whole frames besides single cells, which must stand above them."""

    def __init__(self) -> None:
        """Begin without a frame."""
        super().__init__()
        self._block: _Block | None = None

    def write_frame(self, top: int, frame: pl.DataFrame, formats: Sequence[Any]) -> None:
        """Have a frame written from a row on, counted from nought: a format a column, nulls as empty cells.

        Numbers, days, times and texts; a text too long for a cell is cut.
        """
        if not frame.height:
            return
        columns = [self._coded(column) for column in frame]
        self._block = _Block(pl.DataFrame(columns), top, formats)
        self._check_dimensions(top, 0)
        self._check_dimensions(top + frame.height - 1, frame.width - 1)

    def _coded(self, column: pl.Series) -> pl.Series:
        """Return a column as the numbers that stand in its cells."""
        if column.dtype.is_temporal():
            return _serial(column)
        if column.dtype.is_numeric():
            finite = column.cast(pl.Float64) if not column.dtype.is_integer() else column
            return finite if column.dtype.is_integer() else finite.set(~finite.is_finite(), None)
        texts = column.cast(pl.String).str.slice(0, LONGEST).replace("", None)
        known = texts.unique().drop_nulls().to_list()
        places = [self.str_table._get_shared_string_index(text) for text in known]  # noqa: SLF001
        self.str_table.count += len(texts) - texts.null_count() - len(known)
        coded: Mapping[str, int] = dict(zip(known, places, strict=True))
        return texts.replace_strict(coded, default=None, return_dtype=_SHARED)

    def _write_rows(self) -> None:
        """Write the single cells, then the frame below them; called when the workbook is closed."""
        block = self._block
        if block is None:
            super()._write_rows()
            return
        self.dim_rowmax = block.top - 1
        super()._write_rows()
        self.dim_rowmax = block.top + block.rows.height - 1
        for first in range(0, block.rows.height, AT_ONCE):
            part = block.rows.slice(first, AT_ONCE)
            self.fh.write("".join(_xml(part, block.top + first, block.formats)))


def _serial(column: pl.Series) -> pl.Series:
    """Return days as Excel counts them, times as parts of a day."""
    day = pl.col(column.name)
    whole = (day.cast(pl.Date) - _FIRST_DAY).dt.total_days()
    serial = whole - (whole < _NO_LEAP_DAY).cast(pl.Int64)
    if column.dtype != pl.Date:
        since_midnight = day.cast(pl.Datetime("us")) - day.cast(pl.Date).cast(pl.Datetime("us"))
        serial = serial + since_midnight.dt.total_microseconds() / 86_400e6
    return column.to_frame().select(serial.alias(column.name)).to_series()


def _xml(rows: pl.DataFrame, top: int, formats: Sequence[Any]) -> list[str]:
    """Return a row of the worksheet's XML for each row; ``top`` is the first one's, from nought."""
    numbered = rows.with_row_index("\0row", top + 1)
    number = pl.col("\0row").cast(pl.String)
    cells = [
        _cell(rows[name], xl_col_to_name(place), number, style)
        for place, (name, style) in enumerate(zip(rows.columns, formats, strict=True))
    ]
    return (
        numbered.select(pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>")))
        .to_series()
        .to_list()
    )


def _cell(column: pl.Series, letters: str, number: pl.Expr, style: Any) -> pl.Expr:
    kind = ' t="s"' if column.dtype == _SHARED else ""
    looks = f'" s="{style._get_xf_index()}"{kind}><v>'  # noqa: SLF001
    value = pl.col(column.name).cast(pl.String)
    cell = pl.concat_str(pl.lit(f'<c r="{letters}'), number, pl.lit(looks), value, pl.lit("</v></c>"))
    return cell.fill_null("")
