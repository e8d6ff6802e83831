"""How the dashboard looks: colours for light and dark, one accent, and how numbers are written.

The colours of series can be told apart by colour-blind readers. It knows no page and no data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from simulation.export.palette import SERIES
from simulation.export.scale import DOLLARS, PEOPLE, PER_CENT, scale
from simulation.metrics import Unit

STATIC: Final = Path(__file__).parent / "static"

DASHES: Final = ("solid", "dashed", "dotdash", "dotted", "dashdot", "solid", "dashed", "dotdash")
"""Lines differ in dash as well, so that colour is never the only sign."""

LIGHT: Final = {
    "page": "#F5F6F8",
    "surface": "#FFFFFF",
    "text": "#17202B",
    "muted": "#566272",
    "line": "rgba(23, 32, 43, 0.13)",
    "accent": "#0B66A8",
    "on_accent": "#FFFFFF",
    "good": "#00775C",
    "bad": "#B84A00",
}
DARK: Final = {
    "page": "#0F141A",
    "surface": "#171E26",
    "text": "#E7ECF2",
    "muted": "#A2AFBD",
    "line": "rgba(231, 236, 242, 0.15)",
    "accent": "#6BB7EE",
    "on_accent": "#0B1722",
    "good": "#4CC3A0",
    "bad": "#F2955A",
}


def _palette(colours: Mapping[str, str]) -> dict[str, Any]:
    return {
        "primary": {"main": colours["accent"], "contrastText": colours["on_accent"]},
        "success": {"main": colours["good"]},
        "error": {"main": colours["bad"]},
        "warning": {"main": colours["bad"]},
        "background": {"default": colours["page"], "paper": colours["surface"]},
        "text": {"primary": colours["text"], "secondary": colours["muted"]},
        "divider": colours["line"],
    }


_SHAPE: Final = {
    "shape": {"borderRadius": 6},
    "typography": {
        "h1": {"fontSize": "1.5rem", "fontWeight": 600, "lineHeight": 1.25, "letterSpacing": "-0.01em"},
        "h2": {"fontSize": "1.0625rem", "fontWeight": 600, "lineHeight": 1.35},
        "h3": {"fontSize": "0.9375rem", "fontWeight": 600, "lineHeight": 1.4},
        "button": {"textTransform": "none", "fontWeight": 600},
        "fontSize": 13.5,
    },
    "components": {"MuiButton": {"defaultProps": {"disableElevation": True}}},
}
THEME: Final[dict[str, Any]] = {
    "light": {"palette": _palette(LIGHT), **_SHAPE},
    "dark": {"palette": _palette(DARK), **_SHAPE},
}
"""What panel-material-ui needs to know; every component of a page inherits it."""


def variables(colours: Mapping[str, str]) -> str:
    """Return colours as CSS custom properties, for the markup that is ours."""
    return "".join(f"--pw-{name.replace('_', '-')}:{value};" for name, value in colours.items())


MISSING: Final = "–"
TENTHS_BELOW: Final = 1000
"""A mean of people shows a tenth below this, and none above."""


def number(value: float | None, unit: Unit) -> str:
    """Return a number as a page shows it: ``9,412``, ``$612.4 M``, ``4.1 %``."""
    return MISSING if value is None else _WRITTEN[unit](float(value))


def difference(value: float | None, unit: Unit) -> str:
    """Return a difference with its sign; one between rates is in percentage points."""
    if value is None:
        return MISSING
    size = f"{abs(value) * 100:.2f} pts" if unit is Unit.RATE else _WRITTEN[unit](abs(value))
    if not any(digit in size for digit in "123456789"):
        return f"±{size}"
    return f"{'+' if value > 0 else '−'}{size}"


def _money(value: float) -> str:
    sign, size = ("−" if value < 0 else ""), abs(value)
    for step, suffix in ((1e9, " B"), (1e6, " M")):
        if size >= step:
            return f"{sign}${size / step:,.2f}{suffix}"
    return f"{sign}${size:,.0f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= TENTHS_BELOW else f"{value:,.1f}"


_WRITTEN: Final[Mapping[Unit, Callable[[float], str]]] = {
    Unit.PEOPLE: _whole,
    Unit.DOLLARS: _money,
    Unit.RATE: lambda value: f"{value * 100:.2f} %",
}


class Axis(NamedTuple):
    """How numbers stand on an axis: what they are divided by, the axis' label, a numeral.js pattern."""

    divisor: float
    label: str
    pattern: str


def axis(unit: Unit, peak: float) -> Axis:
    """Return the axis for numbers up to a peak; its label says the unit, so the ticks need no suffix."""
    found = scale(unit, peak)
    return Axis(found.divisor, found.label, _PATTERNS.get(found.label, "0,0.[00]"))


_PATTERNS: Final = {PER_CENT: "0.[00]", PEOPLE: "0,0.[0]", DOLLARS: "0,0"}
"""How the ticks of an axis are written, by its label; those of large amounts show their hundredths."""


def duration(seconds: float | None) -> str:
    """Return a span of time for a person: ``45 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds is None:
        return MISSING
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{whole} s"


def seeds(count: int) -> str:
    """Return how many seeds a number rests on."""
    return f"{count} seed" if count == 1 else f"{count:,} seeds"


def colour(index: int) -> str:
    """Return the colour of the n-th scenario; they repeat after eight."""
    return SERIES[index % len(SERIES)]


def dash(index: int) -> str:
    """Return the dash of the n-th scenario."""
    return DASHES[index % len(DASHES)]
