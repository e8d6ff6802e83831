"""The preview's chart: base and tuned scenario over the years, one seed each: two lines and no band."""

from __future__ import annotations

from typing import Any

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.models.renderers import DataRenderer
from bokeh.plotting import figure

from app.figures.canvas import canvas
from app.theme import axis, colour, dash, difference, number
from simulation.metrics import Unit

LINES = ("base", "tuned")


def preview_info(frame: pl.DataFrame, metric: str) -> pl.DataFrame:
    """Return one row a year: simulation_year, base, tuned, difference."""
    columns = ("simulation_year", "base", "tuned", "difference")
    return frame.filter(pl.col("metric") == metric).select(columns).sort("simulation_year")


def preview_figure(info: pl.DataFrame, unit: Unit, *, title: str, height: int = 260) -> figure:
    """Return the chart of both lines."""
    peak = info.select(pl.max_horizontal(*LINES).max()).item()
    scale = axis(unit, peak or 0.0)
    plot = canvas(title, scale, height=height)
    source = ColumnDataSource(
        {
            "year": info["simulation_year"].to_list(),
            **{line: (info[line] / scale.divisor).to_list() for line in LINES},
            **{f"{line}_said": [number(value, unit) for value in info[line]] for line in LINES},
            "difference_said": [difference(value, unit) for value in info["difference"]],
        }
    )
    lines: list[DataRenderer] = []
    for index, line in enumerate(LINES):
        style: dict[str, Any] = {"color": colour(index), "line_dash": dash(index), "line_width": 2.5}
        lines.append(plot.line("year", line, source=source, **style))
        plot.scatter("year", line, source=source, color=colour(index), size=6)
    tips = [
        ("", "@year"),
        ("base", "@base_said"),
        ("tuned", "@tuned_said"),
        ("difference", "@difference_said"),
    ]
    plot.add_tools(HoverTool(renderers=lines[:1], tooltips=tips, mode="vline"))
    plot.xaxis.ticker = info["simulation_year"].to_list()
    return plot
