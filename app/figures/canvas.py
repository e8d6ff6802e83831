"""The empty figure that all figures start from: its title, axes, toolbar and size. It knows no data."""

from __future__ import annotations

from bokeh.models import NumeralTickFormatter, PanTool, ResetTool, SaveTool, WheelZoomTool
from bokeh.plotting import figure

from app.theme import Axis


def canvas(title: str, scale: Axis, *, height: int) -> figure:
    """Return a figure over years that fills its width; its toolbar appears on hover.

    Colours of text, grid and surface are set in the browser by the page's theme.
    """
    plot = figure(
        title=title,
        height=height,
        sizing_mode="stretch_width",
        min_width=240,
        toolbar_location="above",
        tools=[PanTool(), WheelZoomTool(dimensions="width"), ResetTool(), SaveTool()],
        active_scroll=None,
        outline_line_color=None,
        min_border_right=16,
    )
    plot.toolbar.logo = None
    plot.toolbar.autohide = True
    plot.yaxis.axis_label = scale.label
    plot.yaxis.formatter = NumeralTickFormatter(format=scale.pattern)
    plot.xgrid.grid_line_color = None
    return plot
