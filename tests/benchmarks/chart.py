"""A line chart with logarithmic axes, as a plain SVG: readable in light and dark, and the same every time.

Knows points and labels only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, log10
from typing import Final, TypeAlias

Points: TypeAlias = Sequence[tuple[float, float]]

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 420, 70, 56, 44, 150
LINE: Final = 15
"""From one name of a line to the next at the least."""

COLOURS: Final = ("#888888", "#1f77b4", "#d95f02", "#2ca02c")


def log_log(lines: Mapping[str, Points], *, x: str, y: str, title: str) -> str:
    """Return a chart of named lines; values are 1 or more, and axes end at a power of ten."""
    width, height = (max(value[axis] for line in lines.values() for value in line) for axis in (0, 1))
    across, up = max(1, ceil(log10(width))), max(1, ceil(log10(height)))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return (
            LEFT + log10(point[0]) / across * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - log10(point[1]) / up * (HEIGHT - BOTTOM - TOP),
        )

    parts = [_text(LEFT, 22, title, size=15)]
    for power in range(across + 1):
        at, _ = place((10**power, 1))
        parts += [
            _rule(at, TOP, at, HEIGHT - BOTTOM),
            _text(at, HEIGHT - BOTTOM + 18, f"{10**power:,}", "middle"),
        ]
    for power in range(up + 1):
        _, at = place((1, 10**power))
        parts += [_rule(LEFT, at, WIDTH - RIGHT, at), _text(LEFT - 8, at + 4, f"{10**power:,}", "end")]
    names: list[tuple[float, float, str, str]] = []
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        places = [place(point) for point in line]
        drawn = " ".join(f"{left:.1f},{top:.1f}" for left, top in places)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{colour}" stroke-width="2"/>')
        names.append((places[-1][1] + 4, places[-1][0] + 8, name, colour))
    below = 0.0
    for top, left, name, colour in sorted(names):
        below = max(top, below + LINE)
        parts.append(_text(left, below, name, colour=colour))
    parts += [
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x, "middle"),
        _text(LEFT - 8, TOP - 14, y, "end"),
    ]
    style = 'font-family="sans-serif" role="img"'
    frame = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {style}>'
    return "\n".join([opening, f"<title>{escape(title)}</title>", frame, *parts, "</svg>", ""])


def _rule(left: float, top: float, right: float, bottom: float) -> str:
    return f'<path d="M{left:.1f} {top:.1f}L{right:.1f} {bottom:.1f}" stroke="#dddddd"/>'


def _text(
    left: float, top: float, text: str, anchor: str = "start", *, size: int = 12, colour: str = "#333333"
) -> str:
    place = f'x="{left:.1f}" y="{top:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{size}" fill="{colour}">{escape(text)}</text>'
