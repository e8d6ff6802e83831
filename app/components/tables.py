"""Tables as markup: numbers to the right with their units, differences with sign and interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl
from markupsafe import Markup

from app.theme import Axis, axis, colour, dash
from simulation.metrics import BY_NAME

_DASHES = {"solid": "", "dashed": "6 3", "dotdash": "1 3 6 3", "dotted": "1 3", "dashdot": "6 3 1 3"}


def table(caption: str, head: Sequence[tuple[str, bool]], rows: Iterable[Sequence[str | Markup]]) -> Markup:
    """Return a table; a column of the head says its title and whether it holds numbers."""
    classes = [Markup(' class="number"') if is_number else Markup("") for _, is_number in head]
    heads = _joined(
        Markup('<th scope="col"{}>{}</th>').format(kind, title)
        for (title, _), kind in zip(head, classes, strict=True)
    )
    body = _joined(
        Markup("<tr>{}</tr>").format(
            _joined(
                Markup("<td{}>{}</td>").format(kind, cell) for cell, kind in zip(row, classes, strict=True)
            )
        )
        for row in rows
    )
    return Markup(
        '<div class="scroll"><table><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, heads, body)


def preview_table(frame: pl.DataFrame) -> Markup:
    """Return base, tuned and difference of each metric, a column a year; a metric's row says its unit."""
    years = frame["simulation_year"].unique().sort().to_list()
    rows: list[list[str | Markup]] = []
    for metric in frame["metric"].unique(maintain_order=True):
        part = frame.filter(pl.col("metric") == metric).sort("simulation_year")
        scale = axis(BY_NAME[metric].unit, float(str(part["tuned"].max() or 0)))
        title = Markup("<strong>{}</strong>, {}").format(BY_NAME[metric].title, scale.label)
        rows += [
            [title, *[""] * len(years)],
            *([line, *_scaled(part[line], scale)] for line in ("base", "tuned")),
            ["difference", *map(_strong, _scaled(part["difference"], scale, signed=True))],
        ]
    return table("", [("", False), *((str(year), True) for year in years)], rows)


def _scaled(values: pl.Series, scale: Axis, *, signed: bool = False) -> list[str]:
    """Return numbers as they stand under a unit that is said once."""
    places = 0 if scale.divisor == 1 else 2
    texts = (f"{value / scale.divisor:{'+' if signed else ''},.{places}f}" for value in values)
    return [text.replace("-", "−") if text.strip("+-0.,") else "0" for text in texts]


def legend(names: Sequence[str], only: Sequence[str] | None = None) -> Markup:
    """Return the key to the lines of a chart: outside of it, so that it never covers data.

    Args:
        names: all scenarios in the order of their colours.
        only: those that the chart shows; none: all.
    """
    items = _joined(
        Markup("<li>{}{}</li>").format(line_sample(index), name)
        for index, name in enumerate(names)
        if only is None or name in only
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


def nowrap(text: Markup | str) -> Markup:
    """Return a text that stays on one line: a table scrolls before it breaks a name."""
    return Markup('<span class="nowrap">{}</span>').format(text)


def line_sample(index: int) -> Markup:
    """Return a short piece of the n-th scenario's line."""
    return Markup(
        '<svg width="26" height="10" aria-hidden="true"><line x1="0" y1="5" x2="26" y2="5" stroke="{}" '
        'stroke-width="3" stroke-dasharray="{}"/></svg>'
    ).format(colour(index), _DASHES[dash(index)])


def _strong(text: str) -> Markup:
    return Markup("<strong>{}</strong>").format(text)


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("").join(parts)
