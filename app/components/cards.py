"""The surface that a group of things stands on: one border, one padding, on every page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import panel as pn
from bokeh.plotting import figure
from panel.viewable import Viewable

SURFACE: Final = """
:host { background: var(--pw-surface); border: 1px solid var(--pw-line); border-radius: 8px;
  padding: 14px 18px 16px; }
"""
FIELDS: Final = """
:host { display: grid; gap: 8px 16px; align-items: end;
  grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); }
"""
FIELD: Final[dict[str, Any]] = {"margin": (5, 0), "sizing_mode": "stretch_width"}
"""How a field of a form is laid out: its label needs room above it, its sides are the card's."""


def card(*views: Viewable, look: str = "") -> pn.Column:
    """Return a card with views below one another; rules of style that it alone has may be added."""
    view = _column(views, SURFACE + _gap(8) + look)
    view.css_classes = ["pw-card"]
    return view


def form(*fields: Viewable) -> pn.Column:
    """Return fields side by side, as many as there is room for."""
    return _column(fields, FIELDS)


def stack(*views: Viewable, gap: int = 16) -> pn.Column:
    """Return views below one another with the page's distance between them."""
    return _column(views, _gap(gap))


def row(*views: Viewable, rules: str = "") -> pn.Row:
    """Return views beside one another, on a second line where there is no room."""
    look = ":host { flex-wrap: wrap; gap: 8px; align-items: center; }" + rules
    return pn.Row(*views, margin=0, stylesheets=[look])


def beside(*views: Viewable, wide: int = 6, look: str = "") -> pn.Column:
    """Return two views side by side from medium screens on, the first so many twelfths wide, else stacked."""
    columns = f"minmax(0, {wide}fr) minmax(0, {12 - wide}fr)"
    rules = f"""
    :host {{ display: grid; gap: 16px; align-items: start;
      grid-template-columns: minmax(0, 1fr); }}
    @media (min-width: 1100px) {{ :host {{ grid-template-columns: {columns}; }} }}
    """
    return _column(views, rules + look)


def chart_pane(plot: figure) -> pn.pane.Bokeh:
    """Return a chart that fills its card."""
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", height=plot.height, margin=0)


def _column(views: Sequence[Viewable], look: str) -> pn.Column:
    return pn.Column(
        *views,
        sizing_mode="stretch_width",
        margin=0,
        stylesheets=[f"{look} .scroll-button {{ display: none; }}"],
    )


def _gap(pixels: int) -> str:
    return f":host {{ gap: {pixels}px; }}"
