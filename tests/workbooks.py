"""Workbooks read back with another library than wrote them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from simulation.export.sheets import TOP


def read_workbook(path: Path) -> Any:
    """Return a workbook with its formats; a part of one has no type that is worth naming."""
    return load_workbook(path)


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    """Return a sheet's rows by heading."""
    heads, *rows = read_workbook(path)[sheet].iter_rows(min_row=TOP + 1, values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]
