"""An XLSX workbook as a grid of cells, every cell as the text that Excel would show unformatted.

Dates come as ISO texts, numbers to the fifteen digits that Excel keeps. Knows nothing of a census.
"""

from __future__ import annotations

import re
from decimal import Context
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.census.delimited import Grid
from simulation.errors import CensusError, Problem, nearest

if TYPE_CHECKING:
    import fastexcel

_EXCEL_DIGITS: Final = Context(prec=15)
_LONG_NUMBER: Final = re.compile(r"^-?\d+\.\d{6,}$")


def read_workbook(path: Path, sheet: str | None = None) -> Grid:
    """Return the rows of a sheet that are not blank: the one asked for, or the only one that holds a table.

    Raises:
        CensusError: No workbook, no such sheet, or several sheets that could be meant.
    """
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        sheets = _sheets(book, sheet)
    except fastexcel.SheetNotFoundError as error:
        hint = nearest(sheet or "", book.sheet_names)
        problem = Problem(path.name, f"no sheet {sheet!r}", f"one of {', '.join(book.sheet_names)}", hint)
        raise CensusError("the sheet cannot be used", problems=[problem]) from error
    except fastexcel.FastExcelError as error:
        problem = Problem(path.name, str(error).splitlines()[0], "an XLSX workbook", "save it again as .xlsx")
        raise CensusError("the workbook cannot be read", problems=[problem]) from error
    name, cells = _only_table(sheets, path.name)
    texts = [[_rounded(cell) for cell in row] for row in cells.rows()]
    filled = [(number, row) for number, row in enumerate(texts, start=1) if any(row)]
    if not filled:
        raise CensusError(
            "the census file is empty", problems=[Problem(path.name, f"sheet {name!r} is blank")]
        )
    facts = {"format": "XLSX", "sheet": name}
    return Grid([row for _, row in filled], [number for number, _ in filled], facts)


def _sheets(book: fastexcel.ExcelReader, name: str | None) -> dict[str, pl.DataFrame]:
    """Return the cells, as texts from the first row on, of the sheet asked for or of every visible one."""
    names = [name] if name else book.sheet_names
    sheets = {each: book.load_sheet(each, header_row=None, skip_rows=0, dtypes="string") for each in names}
    return {each: pl.DataFrame(sheet) for each, sheet in sheets.items() if name or sheet.visible == "visible"}


def _only_table(sheets: dict[str, pl.DataFrame], file: str) -> tuple[str, pl.DataFrame]:
    if len(sheets) == 1:
        return next(iter(sheets.items()))
    tables = {name: cells for name, cells in sheets.items() if min(cells.shape) > 1}
    if len(tables) == 1:
        return next(iter(tables.items()))
    found = ", ".join(f"{name!r} ({cells.height} rows)" for name, cells in (tables or sheets).items())
    problem = Problem(
        file, f"{len(tables)} sheets hold a table: {found}", "one", "name it in the map: `sheet:`"
    )
    raise CensusError("which sheet is meant?", problems=[problem])


def _rounded(cell: str | None) -> str:
    """Return a cell's text, a number cut back to the fifteen digits that Excel keeps and shows."""
    if cell is None:
        return ""
    if not _LONG_NUMBER.match(cell):
        return cell
    return format(_EXCEL_DIGITS.create_decimal(cell).normalize(), "f")
