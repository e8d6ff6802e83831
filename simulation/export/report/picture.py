"""A picture as marks on a plane: areas, lines, dots and labels, in points from the upper left corner.

Knows no data and no file format; SVG and PDF draw the same marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Area:
    """A closed shape."""

    points: tuple[Point, ...]
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points; dashes are lengths on and off."""

    points: tuple[Point, ...]
    colour: str
    width: float
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    at: Point
    colour: str
    radius: float


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a point; ``at`` is on its base line."""

    at: Point
    text: str
    colour: str
    size: float
    anchor: Anchor = "start"
    is_strong: bool = False


Mark: TypeAlias = Area | Line | Dot | Label


@dataclass(frozen=True, slots=True)
class Picture:
    """Marks in the order in which they are laid on, and in words what they show."""

    title: str
    description: str
    width: float
    height: float
    marks: tuple[Mark, ...]
