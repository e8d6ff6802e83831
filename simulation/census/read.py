"""A CSV, Parquet or XLSX file as a table of texts, with the row numbers that a person sees in it.

Looks at the first bytes, not at the name. Knows no census: what the columns mean is ``suggest``'s work, what
the texts mean ``parse``'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from simulation.census.canonical import canonical_record
from simulation.census.delimited import Grid, read_delimited
from simulation.census.workbook import read_workbook
from simulation.errors import CensusError, Problem, nearest

_HEADER_SEARCH = 20
"""How far down the header may stand below titles and blank rows."""

_REFUSED = {
    b"\xd0\xcf\x11\xe0": ("an old .xls or a password-protected workbook", "save it as an unprotected .xlsx"),
    b"\x1f\x8b": ("a gzip archive", "unpack it first"),
    b"%PDF": ("a PDF", "export the table as CSV or XLSX"),
}


@dataclass(frozen=True)
class RawTable:
    """A file's table, nothing interpreted yet.

    Attributes:
        name: The file's name, without its folder.
        frame: One row a record, all columns String, blanks null, names unique.
        rows: The number of each record's row in the file, the header counted.
        ragged: The rows that have another number of cells than the header, and their cells beyond it.
        facts: How it was read, for the report: format, encoding, delimiter, sheet.
        notes: What a person should know of the reading.
        as_of: The census date, where the file itself states it.
    """

    name: str
    frame: pl.DataFrame
    rows: pl.Series
    ragged: dict[int, tuple[str, ...]] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    as_of: date | None = None

    def column(self, name: str) -> str:
        """Return the name of a column as the table has it.

        Raises:
            CensusError: There is no such column, or two of that name.
        """
        if name in self.frame.columns:
            return name
        twin = re.compile(rf"{re.escape(name)} #\d+")
        twins = [column for column in self.frame.columns if twin.fullmatch(column)]
        allowed = f"one of {', '.join(twins or self.frame.columns)}"
        found = f"{len(twins)} columns are named {name!r}" if twins else f"no column {name!r}"
        hint = "" if twins else nearest(name, self.frame.columns)
        raise CensusError("the column cannot be used", problems=[Problem(self.name, found, allowed, hint)])


def read_raw(path: str | Path, sheet: str | None = None) -> RawTable:
    """Return the table of a CSV, Parquet or XLSX file.

    Args:
        path: The file.
        sheet: The sheet of a workbook; needed only where several could be meant.

    Raises:
        CensusError: The file is missing, empty, of one column, or no table that can be read.
    """
    file = Path(path)
    content = _content(file)
    for magic, (what, hint) in _REFUSED.items():
        if content.startswith(magic):
            raise CensusError(
                "the census file cannot be read",
                problems=[Problem(file.name, f"it is {what}", "CSV, Parquet, XLSX", hint)],
            )
    if content.startswith(b"PK\x03\x04"):
        return _table(file.name, read_workbook(file, sheet))
    if sheet:
        problem = Problem(
            file.name, f"sheet {sheet!r} of a file that is no workbook", hint="leave `sheet:` out"
        )
        raise CensusError("the sheet cannot be used", problems=[problem])
    if content.startswith(b"PAR1"):
        return _parquet(file)
    return _table(file.name, read_delimited(content, file.name))


def _content(file: Path) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        found = error.strerror or str(error)
        raise CensusError("the census file cannot be opened", problems=[Problem(str(file), found)]) from error
    if not content.strip():
        raise CensusError("the census file is empty", problems=[Problem(str(file), f"{len(content)} bytes")])
    return content


def _parquet(file: Path) -> RawTable:
    try:
        frame = pl.read_parquet(file)
        record = canonical_record(file)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        raise CensusError("the Parquet file is damaged", problems=[Problem(file.name, reason)]) from error
    plain = [column for column in frame.iter_columns() if not column.dtype.is_nested()]
    left = [column.name for column in frame.iter_columns() if column.dtype.is_nested()]
    notes = (f"columns that hold lists or structures were left out: {', '.join(left)}",) if left else ()
    texts = pl.DataFrame([column.cast(pl.String) for column in plain])
    rows = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True)
    as_of = date.fromisoformat(record["as_of"]) if record else None
    table = RawTable(file.name, _blank_to_null(texts), rows, {}, {"format": "Parquet"}, notes, as_of)
    return _usable(table)


def _table(name: str, grid: Grid) -> RawTable:
    """Return the table of a grid of cells: find the header, name the columns, set ragged rows apart."""
    top = _header_index(grid.records)
    header = [" ".join(cell.split()) for cell in _without_blank_end(grid.records[top])]
    width = len(header)
    records, ragged = grid.records[top + 1 :], {}
    rows = grid.rows[top + 1 :]
    for index, record in enumerate(records):
        if len(record) != width:
            beyond = _without_blank_end(record[width:])
            if beyond or len(record) < width:
                ragged[rows[index]] = beyond
            records[index] = [*record, *[""] * width][:width]
    names = _column_names(header)
    data = dict(zip(names, zip(*records, strict=True), strict=True)) if records else dict.fromkeys(names, ())
    frame = _blank_to_null(
        pl.DataFrame({column: pl.Series(values, dtype=pl.String) for column, values in data.items()})
    )
    idle = [name for name, title in zip(names, header, strict=True) if not title and _is_blank(frame[name])]
    notes = list(grid.notes)
    if top:
        notes.append(f"row {grid.rows[top]} was taken as the header; {top} rows above it were left out")
    table = RawTable(
        name, frame.drop(idle), pl.Series(rows, dtype=pl.Int64), ragged, grid.facts, tuple(notes)
    )
    return _usable(table)


def _without_blank_end(cells: Sequence[str]) -> tuple[str, ...]:
    """Return cells without the blank ones at their end."""
    filled = [index for index, cell in enumerate(cells, start=1) if cell.strip()]
    return tuple(cell.strip() for cell in cells[: max(filled, default=0)])


def _header_index(records: Sequence[Sequence[str]]) -> int:
    """Return the first of the top rows that is at least half as wide as most rows."""
    widths = [sum(1 for cell in record if cell.strip()) for record in records[: 5 * _HEADER_SEARCH]]
    usual = Counter(width for width in widths if width).most_common(1)[0][0]
    near = widths[:_HEADER_SEARCH]
    return next((index for index, width in enumerate(near) if 2 * width >= usual), 0)


def _column_names(header: Sequence[str]) -> list[str]:
    """Return unique names: a blank one is called by its position, twins are numbered."""
    named = [name or f"column {position}" for position, name in enumerate(header, start=1)]
    seen: Counter[str] = Counter()
    names: list[str] = []
    for name in named:
        seen[name] += 1
        unique = f"{name} #{seen[name]}" if named.count(name) > 1 else name
        while unique in names:
            unique += "'"
        names.append(unique)
    return names


def _blank_to_null(frame: pl.DataFrame) -> pl.DataFrame:
    texts = pl.all().str.strip_chars()
    return frame.with_columns(pl.when(texts != "").then(texts).name.keep())


def _is_blank(cells: pl.Series) -> bool:
    return cells.null_count() == len(cells)


def _usable(table: RawTable) -> RawTable:
    problems: Iterable[Problem] = ()
    if table.frame.width < 2:  # noqa: PLR2004  a pay and a date are the least
        problems = [
            Problem(
                table.name,
                f"one column, {table.frame.columns[0]!r}" if table.frame.columns else "no columns",
                "a column a field, separated by comma, semicolon, tab or |",
                "check that this is the file and how its columns are separated",
            )
        ]
    elif not table.frame.height:
        problems = [Problem(table.name, f"a header ({table.frame.width} columns) and no rows")]
    if problems:
        raise CensusError("the census file holds no census", problems=problems)
    return table
