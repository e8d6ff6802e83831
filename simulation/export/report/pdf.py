"""A report as PDF: the same blocks as in HTML, on pages with numbers, headings as bookmarks.

Made by ReportLab, which needs no library of the system: a server without a screen or fonts makes it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import singledispatch
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from simulation.export.report.blocks import (
    Block,
    Bullets,
    Commands,
    Document,
    Facts,
    Figure,
    Notice,
    Section,
    Table,
    Text,
)
from simulation.export.report.digests import is_digest
from simulation.export.report.drawing import drawing
from simulation.export.report.fonts import MONO, REGULAR, STRONG, legible
from simulation.export.report.pdf_table import flowing_table

if TYPE_CHECKING:
    from pathlib import Path

INK: Final = "#17202B"
MUTED: Final = "#566272"
ACCENT: Final = "#0B66A8"
BAD: Final = "#B84A00"

MARGIN: Final = 39.0
"""Points on each side: within what every printer reaches."""

INSET: Final = 6.0
"""Points by which ReportLab sets text into the frame of a page."""


ROOM: Final = 76.0
"""Points below a caption or heading without which it goes to the next page."""


SIZES: Final[Mapping[str, tuple[float, float]]] = {"letter": (612.0, 792.0), "a4": (595.28, 841.89)}
"""Width and height of the sheets, in points."""

_STYLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"fontName": STRONG, "fontSize": 22, "leading": 26, "spaceAfter": 3},
    "line": {"fontName": REGULAR, "fontSize": 10, "leading": 13, "textColor": MUTED, "spaceAfter": 6},
    "heading": {"fontName": STRONG, "fontSize": 14, "leading": 18, "spaceBefore": 14, "spaceAfter": 6},
    "text": {"fontName": REGULAR, "fontSize": 10, "leading": 13.5, "spaceAfter": 7},
    "bullet": {"fontName": REGULAR, "fontSize": 10, "leading": 13.5, "leftIndent": 12, "spaceAfter": 3},
    "notice": {
        "fontName": REGULAR, "fontSize": 10, "leading": 13.5, "backColor": "#FDF3EC", "borderColor": BAD,
        "borderWidth": 0.8, "borderPadding": (6, 8, 6, 8), "leftIndent": 9, "rightIndent": 9,
        "spaceBefore": 8, "spaceAfter": 14,
    },
    "name": {"fontName": REGULAR, "fontSize": 9, "leading": 12, "textColor": MUTED},
    "fact": {"fontName": REGULAR, "fontSize": 9, "leading": 12},
    "digest": {"fontName": MONO, "fontSize": 7.6, "leading": 12},
    "figure": {"fontName": STRONG, "fontSize": 10.5, "leading": 14, "spaceAfter": 2},
    "caption": {
        "fontName": REGULAR, "fontSize": 8.5, "leading": 11, "textColor": MUTED, "spaceAfter": 4,
    },
    "below": {
        "fontName": REGULAR, "fontSize": 8.5, "leading": 11, "textColor": MUTED, "spaceBefore": 2,
        "spaceAfter": 14,
    },
    "command": {
        "fontName": MONO, "fontSize": 7.8, "leading": 11, "backColor": "#EEF1F4",
        "borderPadding": (6, 8, 6, 8), "leftIndent": 8, "rightIndent": 8, "spaceBefore": 6, "spaceAfter": 13,
    },
}  # fmt: skip


_FACTS: Final = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 1.2),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.2),
    ("LEFTPADDING", (0, 0), (0, -1), 0),
)


def write_pdf(document: Document, place: Path, paper: str = "letter") -> None:
    """Write the report; the same document makes the same bytes.

    Raises:
        OSError: the directory or the disk refused.
    """
    pages = _build(document, paper, BytesIO(), None)
    content = BytesIO()
    _build(document, paper, content, pages)
    place.write_bytes(content.getvalue())


def _build(document: Document, paper: str, place: BytesIO, pages: int | None) -> int:
    """Lay the report out, and return how many pages it has; the foot tells how many, where that is known."""
    from reportlab.platypus import SimpleDocTemplate

    size = SIZES[paper]
    template = SimpleDocTemplate(
        place, pagesize=size, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=MARGIN + 8,
        title=legible(document.title), author="PlanWise Navigator",
        lang="en", invariant=1,
    )  # fmt: skip

    def foot(canvas: Any, doc: Any) -> None:
        canvas.setFont(REGULAR, 8)
        canvas.setFillColor(MUTED)
        canvas.drawString(MARGIN + INSET, MARGIN - 8, _cut(legible(document.title)))
        canvas.drawRightString(size[0] - MARGIN - INSET, MARGIN - 8, f"{doc.page} of {pages or '?'}")

    def cover(canvas: Any, doc: Any) -> None:
        canvas.setFillColor(ACCENT)
        canvas.rect(MARGIN + INSET, size[1] - MARGIN, size[0] - 2 * (MARGIN + INSET), 4, stroke=0, fill=1)
        foot(canvas, doc)

    def bookmark(flowable: Any) -> None:
        if key := getattr(flowable, "bookmark", None):
            template.canv.bookmarkPage(key)
            template.canv.addOutlineEntry(flowable.getPlainText(), key, 0)

    template.afterFlowable = bookmark
    story = list(_story(document, size[0] - 2 * (MARGIN + INSET)))
    template.build(story, onFirstPage=cover, onLaterPages=foot)
    return int(template.page)


def _story(document: Document, width: float) -> Iterator[Any]:
    yield _paragraph(document.title, "title")
    yield _paragraph(document.line, "line")
    for section in document.sections:
        yield from _section(section, width)


def _section(section: Section, width: float) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak, PageBreak

    yield PageBreak() if section.new_page else CondPageBreak(2 * ROOM)
    heading = _paragraph(section.title, "heading")
    heading.bookmark = section.key
    yield heading
    for block in section.blocks:
        yield from _flowables(block, width)


@singledispatch
def _flowables(block: Block, _width: float) -> Iterator[Any]:
    raise TypeError(f"no way to lay out {block!r}")


@_flowables.register
def _(block: Text, _width: float) -> Iterator[Any]:
    yield _paragraph(block.text, "text")


@_flowables.register
def _(block: Bullets, width: float) -> Iterator[Any]:
    from reportlab.platypus import Spacer

    for item in block.items:
        yield _paragraph(item, "bullet", bulletText="•")
    yield Spacer(width, 6)


@_flowables.register
def _(block: Notice, _width: float) -> Iterator[Any]:
    yield _paragraph(block.text, "notice")


@_flowables.register
def _(block: Commands, _width: float) -> Iterator[Any]:
    from reportlab.platypus import Paragraph

    yield Paragraph("<br/>".join(escape(legible(line)) for line in block.lines), _style("command"))


@_flowables.register
def _(block: Facts, width: float) -> Iterator[Any]:
    from reportlab.platypus import Spacer
    from reportlab.platypus import Table as Grid

    rows = [
        [_paragraph(name, "name"), _paragraph(value, "digest" if is_digest(value) else "fact")]
        for name, value in block.rows
    ]
    yield Grid(rows, colWidths=[118, width - 118], style=_FACTS, hAlign="LEFT")
    yield Spacer(width, 12)


@_flowables.register
def _(block: Table, width: float) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak, Spacer

    yield CondPageBreak(ROOM)
    yield _paragraph(block.caption, "caption")
    yield flowing_table(block, width)
    yield Spacer(width, 14)


@_flowables.register
def _(block: Figure, width: float) -> Iterator[Any]:
    from reportlab.platypus import KeepTogether

    yield KeepTogether(
        [
            _paragraph(block.picture.title, "figure"),
            drawing(block.picture, width),
            _paragraph(block.caption, "below"),
        ]
    )


def _paragraph(text: str, style: str, **options: Any) -> Any:
    from reportlab.platypus import Paragraph

    return Paragraph(escape(legible(text)), _style(style), **options)


def _style(name: str) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(name, **{"textColor": INK, **_STYLES[name]})


def _cut(text: str, most: int = 95) -> str:
    return text if len(text) <= most else f"{text[:most]}…"
