"""The typefaces of the PDF: embedded, so that a report looks the same wherever it is made and read.

Source Sans Pro (SIL Open Font License, fonts/OFL.txt) holds the Latin letters; what it does not hold is
written by its Unicode number, never dropped and never a blank box.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

REGULAR: Final = "SourceSansPro"
STRONG: Final = "SourceSansPro-Semibold"
MONO: Final = "Courier"
"""One of the fourteen that every reader of PDF has; for digests and commands in plain letters."""

FILES: Final = {REGULAR: "SourceSansPro-Regular.ttf", STRONG: "SourceSansPro-Semibold.ttf"}

_PLAIN_SPACES: Final = {0xA0: " ", 0x2009: " ", 0x202F: " ", 0x09: " ", 0x0A: " "}


@cache
def _letters() -> frozenset[int]:
    """Register the fonts, once a process, and return what both of them hold."""
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    found: list[Any] = []
    for name, file in FILES.items():
        font = TTFont(name, str(Path(__file__).with_name("fonts") / file))
        registerFont(font)
        found.append(font.face.charToGlyph)
    registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)
    return frozenset(found[0]) & frozenset(found[1])


def legible(text: str) -> str:
    """Return a text in letters that the fonts hold: ``U+4EBA`` in brackets for one that they do not."""
    letters = _letters()
    plain = text.translate(_PLAIN_SPACES)
    return "".join(each if ord(each) in letters else f"[U+{ord(each):04X}]" for each in plain)


def width(text: str, font: str, size: float) -> float:
    """Return how wide a legible text is, in points."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    _letters()
    found: float = stringWidth(text, font, size)
    return found
