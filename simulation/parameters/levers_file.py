"""comp_levers.csv on disk: columns fiscal_year, job_level, parameter, value; read whole, written whole.

Every bad row is reported, none is dropped in silence; what a value may be is ``levers``' to say.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.errors import Problem, ScenarioError, WriteError, nearest
from simulation.parameters.canonical import decimal_text
from simulation.parameters.levers import COLUMNS, Cell, Levers, read_cell
from simulation.parameters.places import display, read_bytes

if TYPE_CHECKING:
    import polars as pl


def read_levers(path: str | Path, where: str = "") -> Levers:
    """Return the rows of a levers file.

    Raises:
        ScenarioError: The file is missing, has other columns, or has bad or repeated rows; names all of them.
    """
    file = Path(path)
    name, problems = display(file), list[Problem]()
    if not file.is_file():
        problem = Problem(where or name, f"no file {name}", f"a file with the columns {', '.join(COLUMNS)}")
        raise ScenarioError("No such levers file", problems=[problem])
    rows: dict[Cell, Decimal] = {}
    for number, row in _rows(read_bytes(file), name, problems):
        place = f"{name}:{number}"
        cell = read_cell(row, place, problems)
        for key in cell.keys() & rows.keys():
            found = f"a second value for {key[0]}, level {key[1]}, {key[2]}"
            problems.append(Problem(place, found, "one row for each year, level and parameter"))
        rows = {**cell, **rows} if cell.keys() & rows.keys() else rows | cell
    if problems:
        raise ScenarioError(f"The levers file cannot be used: {len(problems)} problems", problems=problems)
    return Levers(rows, name)


def _rows(
    content: bytes, name: str, problems: list[Problem]
) -> Iterator[tuple[int, tuple[Any, Any, Any, Any]]]:
    """Yield line number and values of each row in the order of ``COLUMNS``."""
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        header = [column.strip() for column in next(reader, [])]
        if not _header_fits(header, name, problems):
            return
        order = [header.index(column) for column in COLUMNS]
        for row in reader:
            if not any(value.strip() for value in row):
                continue
            if len(row) != len(COLUMNS):
                allowed = f"{len(COLUMNS)} values, decimals with a point"
                problems.append(Problem(f"{name}:{reader.line_num}", f"{len(row)} values", allowed))
                continue
            year, level, parameter, value = (row[position].strip() for position in order)
            yield reader.line_num, (_whole(year), _whole(level), parameter, value)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(f"{name}:{line}", "bytes that are not UTF-8", "UTF-8", "save the file as UTF-8")
        )
    except csv.Error as error:
        problems.append(Problem(name, f"no valid CSV: {error}", "comma-separated values"))


def _whole(text: str) -> int | str:
    """Return a text of up to nine digits as a number; else itself, to be refused as it stands."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else text  # noqa: PLR2004


def _header_fits(header: Sequence[str], name: str, problems: list[Problem]) -> bool:
    if sorted(header) == sorted(COLUMNS):
        return True
    strange = next((column for column in header if column not in COLUMNS), "")
    found = f"the columns {', '.join(header)}" if any(header) else "no columns"
    allowed = f"exactly {', '.join(COLUMNS)}"
    problems.append(Problem(f"{name}:1", found, allowed, nearest(strange, COLUMNS)))
    return False


def write_levers(path: str | Path, levers: Levers | pl.DataFrame) -> None:
    """Write rows as a levers file, in order of year, level and parameter; the old file is replaced whole.

    Raises:
        ScenarioError: A row of the frame is not allowed; names all of them.
        WriteError: The disk or the directory refused.
    """
    rows = levers if isinstance(levers, Levers) else levers_from(levers)
    _replace(Path(path), csv_text(rows))


def csv_text(levers: Levers) -> str:
    """Return rows as the text of a levers file."""
    lines = (f"{year},{level},{name},{decimal_text(value)}" for (year, level, name), value in levers.sorted())
    return "\n".join([",".join(COLUMNS), *lines]) + "\n"


def levers_from(frame: pl.DataFrame) -> Levers:
    """Return the rows of a frame with the columns of the file, checked like the file.

    Raises:
        ScenarioError: A column is missing, or rows are not allowed or repeated; names all of them.
    """
    problems: list[Problem] = []
    rows: dict[Cell, Decimal] = {}
    if _header_fits(frame.columns, "frame", problems):
        for number, row in enumerate(frame.select(COLUMNS).iter_rows(), start=1):
            cell = read_cell(row, f"row {number}", problems)
            if cell.keys() & rows.keys():
                problems.append(
                    Problem(f"row {number}", "a second value", "one row a year, level and parameter")
                )
            rows |= cell
    if problems:
        raise ScenarioError("These levers cannot be used", problems=problems)
    return Levers(rows)


def _replace(path: Path, text: str) -> None:
    """Write a text beside a file and rename it over it, so that a reader sees the old or the new one."""
    try:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError as error:
        problem = Problem(
            display(path), f"cannot be written: {error.strerror or error}", "a writable directory"
        )
        raise WriteError("The levers file could not be written", problems=[problem]) from error
