"""What a report consists of: sections of text, facts, tables, figures and commands.

Said once here and drawn by two hands, as HTML and as PDF, so that both say the same. All text is plain:
whoever draws it escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from simulation.export.report.picture import Picture


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Sentences, one under another."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader must not overlook."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what they are."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; numbers stand right and are never broken."""

    title: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as they are read; the first column names groups: what repeats in it is shown once."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and, under it, what it says."""

    picture: Picture
    caption: str


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to be typed."""

    lines: tuple[str, ...]


Block: TypeAlias = Text | Bullets | Notice | Facts | Table | Figure | Commands


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; some begin on a page of their own."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: its title, a line under it, and its sections."""

    title: str
    line: str
    sections: tuple[Section, ...]
