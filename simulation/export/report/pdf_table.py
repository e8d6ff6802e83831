"""Tables of a PDF: columns as wide as their words, numbers unbroken, headings on every page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from simulation.export.report.blocks import Column, Table
from simulation.export.report.digests import is_digest
from simulation.export.report.fonts import MONO, REGULAR, STRONG, legible, width

SIZE: Final = 8.0
LEADING: Final = 10.2
GAP: Final = 9.0
"""Points between two columns."""

SAMPLED: Final = 400
"""Rows that the widths are taken from."""

NARROWEST: Final = 34.0
DIGEST_SIZE: Final = 6.6

LINE: Final = "#C9D0D8"
INK: Final = "#17202B"


def flowing_table(table: Table, across: float) -> Any:
    """Return a table as ReportLab lays it out, at most so many points wide."""
    from reportlab.platypus import Table as Grid

    heads = [_cell(column.title, STRONG, column) for column in table.columns]
    rows = [heads, *_rows(table)]
    grid = Grid(rows, colWidths=column_widths(table, across), repeatRows=1, hAlign="LEFT")
    grid.setStyle([*_RULES, *_groups(table.rows)])
    return grid


def column_widths(table: Table, across: float) -> list[float]:
    """Return the width of each column: numbers get what they need, texts share what is left by their length.

    What is left over is shared out too, so that every table ends where the text does.
    """
    sample = table.rows[:SAMPLED]
    wanted = [
        GAP + max([_head_width(column), *(_wide(row[at], STRONG if at == 0 else REGULAR) for row in sample)])
        for at, column in enumerate(table.columns)
    ]
    if sum(wanted) <= across:
        return [one * across / sum(wanted) for one in wanted]
    fixed = sum(one for one, column in zip(wanted, table.columns, strict=True) if column.is_number)
    texts = [
        min(one, across / 2)
        for one, column in zip(wanted, table.columns, strict=True)
        if not column.is_number
    ]
    floor = [min(one, NARROWEST + GAP) for one in texts]
    left = max(across - fixed - sum(floor), 0)
    spare = sum(texts) - sum(floor)
    shares = iter(
        [
            low + left * min((one - low) / spare, 1) if spare else low
            for one, low in zip(texts, floor, strict=True)
        ]
    )
    found = [
        one if column.is_number else next(shares) for one, column in zip(wanted, table.columns, strict=True)
    ]
    return [one * min(across / sum(found), 1) for one in found]


def _head_width(column: Column) -> float:
    """Return the width of the longest word of a heading: headings may break between words."""
    return max(width(legible(word), STRONG, SIZE) for word in column.title.split() or [""])


def _wide(text: str, usual: str) -> float:
    font, size = (MONO, DIGEST_SIZE) if is_digest(text) else (usual, SIZE)
    return width(legible(text), font, size)


def _rows(table: Table) -> Iterator[list[Any]]:
    before = None
    for row in table.rows:
        first = row[0] if row[0] != before else ""
        before = row[0]
        yield [
            _cell(text, STRONG if at == 0 else REGULAR, column)
            for at, (text, column) in enumerate(zip((first, *row[1:]), table.columns, strict=True))
        ]


def _cell(text: str, font: str, column: Column) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    digest = is_digest(text)
    style = ParagraphStyle(
        "cell", fontName=MONO if digest else font, fontSize=DIGEST_SIZE if digest else SIZE, leading=LEADING,
        textColor=INK, alignment=2 if column.is_number else 0,
    )  # fmt: skip
    return Paragraph(escape(legible(text)), style)


_ALL: Final = ((0, 0), (-1, -1))
_RULES: Final = (
    ("VALIGN", *_ALL, "TOP"),
    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
    ("LEFTPADDING", *_ALL, 0),
    ("RIGHTPADDING", *_ALL, GAP),
    ("TOPPADDING", *_ALL, 2),
    ("BOTTOMPADDING", *_ALL, 2.2),
    ("LINEBELOW", (0, 0), (-1, 0), 0.9, INK),
)


def _groups(rows: Sequence[tuple[str, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield a fine rule over each row that begins another group."""
    for at, row in enumerate(rows[1:], start=1):
        if row[0] != rows[at - 1][0]:
            yield ("LINEABOVE", (0, at + 1), (-1, at + 1), 0.4, LINE)
