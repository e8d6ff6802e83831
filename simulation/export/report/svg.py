"""Pictures as SVG that stands inside a page: no script, no link, every text escaped."""

from __future__ import annotations

from functools import singledispatch

from markupsafe import Markup

from simulation.export.report.picture import Area, Dot, Label, Line, Mark, Picture, Point


def svg(picture: Picture, key: str) -> Markup:
    """Return a picture; ``key`` sets the ids of its title and description apart on the page."""
    marks = Markup("").join(_mark(mark) for mark in picture.marks)
    return Markup(
        '<svg viewBox="0 0 {w} {h}" role="img" aria-labelledby="{key}-title {key}-said" '
        'font-family="inherit"><title id="{key}-title">{title}</title><desc id="{key}-said">{said}</desc>'
        "{marks}</svg>"
    ).format(
        w=_short(picture.width),
        h=_short(picture.height),
        key=key,
        title=picture.title,
        said=picture.description,
        marks=marks,
    )


@singledispatch
def _mark(mark: Mark) -> Markup:
    raise TypeError(f"no way to draw {mark!r}")


@_mark.register
def _(mark: Area) -> Markup:
    return Markup('<polygon points="{}" fill="{}" fill-opacity="{}"/>').format(
        _places(mark.points), mark.colour, _short(mark.opacity)
    )


@_mark.register
def _(mark: Line) -> Markup:
    dashes = Markup(' stroke-dasharray="{}"').format(" ".join(map(_short, mark.dashes)))
    return Markup(
        '<polyline points="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round"{}/>'
    ).format(_places(mark.points), mark.colour, _short(mark.width), dashes if mark.dashes else "")


@_mark.register
def _(mark: Dot) -> Markup:
    x, y = mark.at
    return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(
        _short(x), _short(y), _short(mark.radius), mark.colour
    )


@_mark.register
def _(mark: Label) -> Markup:
    x, y = mark.at
    weight = Markup(' font-weight="600"') if mark.is_strong else ""
    return Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}"{}>{}</text>').format(
        _short(x), _short(y), _short(mark.size), mark.colour, mark.anchor, weight, mark.text
    )


def _places(points: tuple[Point, ...]) -> str:
    return " ".join(f"{_short(x)},{_short(y)}" for x, y in points)


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
