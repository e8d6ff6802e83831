"""Pictures as drawings of a PDF: the same marks as in SVG, from below up."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from simulation.export.report.fonts import REGULAR, STRONG, legible
from simulation.export.report.picture import Area, Dot, Label, Line, Mark, Picture, Point


def drawing(picture: Picture, width: float) -> Any:
    """Return a picture as ReportLab lays it into a page, so many points wide."""
    from reportlab.graphics.shapes import Drawing

    scale = width / picture.width
    drawn = Drawing(width, picture.height * scale)
    drawn.scale(scale, scale)
    for mark in picture.marks:
        drawn.add(_shape(mark, picture.height))
    return drawn


@singledispatch
def _shape(mark: Mark, _height: float) -> Any:
    raise TypeError(f"no way to draw {mark!r}")


@_shape.register
def _(mark: Area, height: float) -> Any:
    from reportlab.graphics.shapes import Polygon
    from reportlab.lib.colors import HexColor

    fill = HexColor(mark.colour)
    return Polygon(_flat(mark.points, height), fillColor=fill, fillOpacity=mark.opacity, strokeColor=None)


@_shape.register
def _(mark: Line, height: float) -> Any:
    from reportlab.graphics.shapes import PolyLine
    from reportlab.lib.colors import HexColor

    return PolyLine(
        _flat(mark.points, height),
        strokeColor=HexColor(mark.colour),
        strokeWidth=mark.width,
        strokeDashArray=list(mark.dashes) or None,
        strokeLineJoin=1,
    )


@_shape.register
def _(mark: Dot, height: float) -> Any:
    from reportlab.graphics.shapes import Circle
    from reportlab.lib.colors import HexColor

    x, y = mark.at
    return Circle(x, height - y, mark.radius, fillColor=HexColor(mark.colour), strokeColor=None)


@_shape.register
def _(mark: Label, height: float) -> Any:
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import HexColor

    x, y = mark.at
    return String(
        x,
        height - y,
        legible(mark.text),
        fontName=STRONG if mark.is_strong else REGULAR,
        fontSize=mark.size,
        fillColor=HexColor(mark.colour),
        textAnchor=mark.anchor,
    )


def _flat(points: tuple[Point, ...], height: float) -> list[float]:
    return [number for x, y in points for number in (x, height - y)]
