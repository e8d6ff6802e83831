"""The empty figure that all charts start from, and what changes on it with the data: unit, years, reach.

A chart keeps its figure and replaces data. A figure that is put into a live page is measured before its
React parent has mounted it (panel-material-ui 0.16.6), which fails; and a changed line is calmer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bokeh.models import (
    FixedTicker,
    NumeralTickFormatter,
    PanTool,
    Range1d,
    ResetTool,
    SaveTool,
    WheelZoomTool,
)
from bokeh.models.ranges import Range
from bokeh.plotting import figure

from app.theme import Axis

MARGIN: Final = 0.08
"""Room above and below the values, as a share of their span."""

MARGIN_YEARS: Final = 0.35
FONT: Final = "Roboto, system-ui, sans-serif"


def canvas(*, height: int) -> figure:
    """Return a figure over years that fills its width; its toolbar appears on hover.

    Colours of text, grid and surface are set in the browser by the page's theme. Its title is a heading of
    the page above it, where a screen reader finds it.
    """
    plot = figure(
        x_range=Range1d(start=0, end=1),
        y_range=Range1d(start=0, end=1),
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
    plot.yaxis.formatter = NumeralTickFormatter(format="0,0")
    plot.xaxis.ticker = FixedTicker(ticks=[])
    plot.xgrid.visible = False
    plot.background_fill_color = plot.border_fill_color = None
    for axis in plot.axis:
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = None
        axis.axis_label_text_font = axis.major_label_text_font = FONT
        axis.axis_label_text_font_style = "normal"
        axis.axis_label_text_font_size, axis.major_label_text_font_size = "13px", "12px"
    return plot


def label(plot: figure, scale: Axis, years: Iterable[int], values: Iterable[float]) -> None:
    """Write a chart's unit and years, and reach over its values, which are as drawn."""
    shown, ticks = [*values], sorted(set(years))
    plot.yaxis.axis_label = scale.label
    plot.yaxis.formatter = NumeralTickFormatter(format=scale.pattern)
    plot.xaxis.ticker = FixedTicker(ticks=ticks)
    if shown and ticks:
        _reach(plot.x_range, ticks[0] - MARGIN_YEARS, ticks[-1] + MARGIN_YEARS)
        low, high = min(shown), max(shown)
        room = (high - low) * MARGIN or abs(high) * MARGIN or 1.0
        _reach(plot.y_range, low - room, high + room)


def _reach(span: Range, start: float, end: float) -> None:
    span.update(start=start, end=end, reset_start=start, reset_end=end)
