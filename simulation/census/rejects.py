"""The reject file: rows that were not taken, why, and their cells as they stood.

Safe to open in a spreadsheet: no cell can become a formula. Knows no rule.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl

from simulation.census.read import RawTable
from simulation.errors import Problem, WriteError
from simulation.inert import inert

FIRST_COLUMNS: Final = ("row", "reasons")


def write_rejects(raw: RawTable, reasons: pl.DataFrame, path: Path) -> Path:
    """Write the rejected rows with row number and reasons, and return the path.

    Args:
        raw: The file's table.
        reasons: ``row`` and ``reasons``, one line a rejected row.
        path: Where to.

    Raises:
        WriteError: The directory or the disk refused.
    """
    cells = raw.frame.with_columns(raw.rows.alias("\0row"))
    joined = reasons.join(cells, left_on="row", right_on="\0row", how="left", maintain_order="left")
    extra = bool(set(raw.ragged) & set(reasons["row"]))
    header = [*FIRST_COLUMNS, *raw.frame.columns, *(["cells beyond the header"] if extra else [])]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(map(inert, header))
            writer.writerows(_lines(raw, joined, extra=extra))
    except OSError as error:
        reason = error.strerror or str(error)
        raise WriteError("the reject file was not written", problems=[Problem(str(path), reason)]) from error
    return path


def _lines(raw: RawTable, joined: pl.DataFrame, *, extra: bool) -> Iterable[list[str]]:
    for row, *cells in joined.iter_rows():
        beyond = [" | ".join(raw.ragged.get(row, ()))] if extra else []
        yield [str(row), *(inert(cell or "") for cell in (*cells, *beyond))]


def remove_stale(path: Path) -> None:
    """Remove the reject file of an earlier import that has none now; a file of another kind stays."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            ours = file.readline().startswith(",".join(FIRST_COLUMNS) + ",")
    except (OSError, UnicodeDecodeError):
        return
    if ours:
        path.unlink()
