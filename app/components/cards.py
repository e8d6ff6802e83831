"""The surface that a group of things stands on: one border, one padding, on every page."""

from __future__ import annotations

from typing import Any, Final

import panel as pn
import panel_material_ui as pmui
from bokeh.plotting import figure
from panel.viewable import Viewable

SURFACE: Final[dict[str, Any]] = {
    "padding": "14px 18px 16px",
    "border": "1px solid",
    "borderColor": "divider",
    "backgroundImage": "none",
}
FIELDS: Final[dict[str, Any]] = {
    "display": "grid",
    "gridTemplateColumns": "repeat(auto-fit, minmax(170px, 1fr))",
    "gap": "8px 16px",
}
FIELD: Final[dict[str, Any]] = {"margin": 4, "sizing_mode": "stretch_width"}
"""How a field of a form is laid out."""


def card(*views: Viewable, **look: Any) -> pmui.Paper:
    """Return a card with views below one another; what is said of its look is added to that of all cards."""
    return pmui.Paper(
        *views, elevation=0, margin=0, sizing_mode="stretch_width", sx={**SURFACE, "gap": "8px", **look}
    )


def form(*fields: Viewable) -> pmui.Column:
    """Return fields side by side, as many as there is room for."""
    return pmui.Column(*fields, sizing_mode="stretch_width", margin=0, sx=FIELDS)


def stack(*views: Viewable, gap: int = 16) -> pmui.Column:
    """Return views below one another with the page's distance between them."""
    return pmui.Column(*views, sizing_mode="stretch_width", margin=0, sx={"gap": f"{gap}px"})


def beside(*views: Viewable, wide: int = 6) -> pmui.Grid:
    """Return two views side by side from medium screens on, the first so many twelfths wide, else stacked."""
    first, second = views
    return pmui.Grid(
        pmui.Grid(first, size={"xs": 12, "md": wide}),
        pmui.Grid(second, size={"xs": 12, "md": 12 - wide}),
        container=True,
        spacing=2,
        sizing_mode="stretch_width",
    )


def chart_pane(plot: figure) -> pn.pane.Bokeh:
    """Return a chart that fills its card."""
    return pn.pane.Bokeh(plot, sizing_mode="stretch_width", height=plot.height, margin=0)
