"""A workbook of plan tests: an overview, then one sheet a test with its figures and its working."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import polars as pl
from xlsxwriter.worksheet import Worksheet

from simulation.compliance import Figure, Unit, Verdict
from simulation.export.sheets import MOST_ROWS, workbook
from simulation.export.working import heading, most_affected_first

OVERVIEW: Final = (
    ("Year", 8),
    ("Test", 32),
    ("Section", 24),
    ("Group", 20),
    ("Outcome", 16),
    ("Why", 60),
    ("Margin", 10),
    ("Refunds, $", 14),
    ("Cost, $", 14),
)


def write_plan_tests(
    verdicts: Sequence[Verdict], place: Path | BinaryIO, title: str, most_rows: int = MOST_ROWS
) -> None:
    """Write the workbook to a file, or to a stream; a sheet has at most so many rows of working.

    Raises:
        OSError: the directory or the disk refused.
    """
    with workbook(place) as book:
        add, styles = book.workbook.add_worksheet, book.formats
        _overview(add("Overview"), verdicts, title, styles)
        for test in dict.fromkeys(verdict.test for verdict in verdicts):
            of_test = [verdict for verdict in verdicts if verdict.test == test]
            _sheet(add(of_test[0].title[:31]), of_test, styles, most_rows)


def _overview(sheet: Worksheet, verdicts: Sequence[Verdict], title: str, styles: dict[str, Any]) -> None:
    sheet.write_string(0, 0, title, styles["title"])
    for column, (head, width) in enumerate(OVERVIEW):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, head, styles["head"])
    sheet.freeze_panes(3, 0)
    for row, verdict in enumerate(verdicts, start=3):
        sheet.write_number(row, 0, verdict.year)
        told = (verdict.title, verdict.section, verdict.group, verdict.outcome.value, verdict.reason)
        for column, text in enumerate(told, start=1):
            sheet.write_string(row, column, text, styles["wrapped"])
        if verdict.margin is not None:
            sheet.write_number(row, 6, float(verdict.margin), styles["rate"])
        sheet.write_number(row, 7, verdict.refunds_cents / 100, styles["money"])
        sheet.write_number(row, 8, verdict.cost_cents / 100, styles["money"])


def _sheet(sheet: Worksheet, verdicts: Sequence[Verdict], styles: dict[str, Any], most_rows: int) -> None:
    """Write one test: for each year and group the outcome and figures, then the working of all of them."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 12, 18)
    row = 0
    for verdict in verdicts:
        sheet.write_string(
            row, 0, f"{verdict.year}, {verdict.group}: {verdict.outcome.value}", styles["head"]
        )
        sheet.write_string(row, 1, verdict.reason)
        for line, figure in enumerate(verdict.figures, start=row + 1):
            sheet.write_string(line, 0, figure.title)
            _write_figure(sheet, line, figure, styles)
        row += len(verdict.figures) + 2
    _working(sheet, row, verdicts, styles, most_rows)


def _write_figure(sheet: Worksheet, row: int, figure: Figure, styles: dict[str, Any]) -> None:
    if figure.below is not None:
        sheet.write_string(row, 1, f"<{figure.below}", styles["right"])
    if figure.value is None:
        return
    scale, style = {
        Unit.RATE: (1, "rate"),
        Unit.CENTS: (100, "money"),
        Unit.PEOPLE: (1, "count"),
    }[figure.unit]
    sheet.write_number(row, 1, float(figure.value) / scale, styles[style])


def _working(
    sheet: Worksheet, top: int, verdicts: Sequence[Verdict], styles: dict[str, Any], most_rows: int
) -> None:
    """Write everybody behind the verdicts, the most affected of each first; say so where it is not all."""
    frames = [
        most_affected_first(verdict.rows).select(
            pl.lit(verdict.year).alias("year"), pl.lit(verdict.group).alias("group"), pl.all()
        )
        for verdict in verdicts
        if verdict.rows.height
    ]
    if not frames:
        return
    rows = pl.concat(frames, how="diagonal_relaxed")
    if rows.height > most_rows:
        sheet.write_string(top, 0, f"the first {most_rows:,} of {rows.height:,} rows", styles["head"])
        rows, top = rows.head(most_rows), top + 1
    for column, name in enumerate(rows.columns):
        sheet.write_string(top, column, heading(name), styles["head"])
        cells, style = _cells(rows[name], styles)
        sheet.write_column(top + 1, column, cells, style)


def _cells(column: pl.Series, styles: dict[str, Any]) -> tuple[list[Any], Any]:
    """Return a column as a sheet shows it: cents as dollars, basis points as shares."""
    if column.name.endswith("_cents"):
        return (column / 100).to_list(), styles["money"]
    if column.name.endswith("_bp"):
        return (column / 10_000).to_list(), styles["rate"]
    return column.to_list(), styles["date"] if column.dtype == pl.Date else None
