"""The paired difference to the baseline: a point with its interval a year and scenario, a line at nothing.

`difference_info` picks what is shown from a comparison, `difference_figure` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.models.annotations import Span
from bokeh.models.renderers import DataRenderer
from bokeh.plotting import figure

from app.figures.canvas import canvas
from app.theme import axis, colour, difference
from simulation.metrics import Unit

SPREAD: Final = 0.16
"""How far apart, in years, the points of neighbouring scenarios stand."""


def difference_info(comparison: pl.DataFrame, metric: str, scenarios: Sequence[str]) -> pl.DataFrame:
    """Return one row a scenario and year, with the place on the year axis that keeps scenarios apart.

    Args:
        comparison: rows of `simulation.compare`.
        metric: the metric to show.
        scenarios: all scenarios of the page in their order, the baseline among them; it gives the colour.

    Returns:
        scenario, order, year, x, difference_mean, ci_low, ci_high, n, p_greater.
    """
    others = [name for name in scenarios if name in set(comparison["scenario"])]
    middle = (len(others) - 1) / 2
    places = pl.DataFrame(
        {
            "scenario": others,
            "order": [list(scenarios).index(name) for name in others],
            "shift": [(index - middle) * SPREAD for index in range(len(others))],
        },
        schema={"scenario": pl.String, "order": pl.Int64, "shift": pl.Float64},
    )
    numbers = [
        pl.col(name).cast(pl.Float64) for name in ("difference_mean", "ci_low", "ci_high", "p_greater")
    ]
    return (
        comparison.filter(pl.col("metric") == metric)
        .join(places, on="scenario")
        .select("scenario", "order", "year", (pl.col("year") + pl.col("shift")).alias("x"), "n", *numbers)
        .sort("order", "year")
    )


def difference_figure(info: pl.DataFrame, unit: Unit, *, title: str, height: int = 300) -> figure:
    """Return the chart of differences; colours are those of the scenarios in the fan chart."""
    scale = axis(unit, _peak(info))
    plot = canvas(title, scale._replace(label=_label(scale.label)), height=height)
    plot.add_layout(Span(location=0, dimension="width", line_width=1, line_color="#8792A0"))
    points: list[DataRenderer] = []
    for (order,), rows in info.group_by("order", maintain_order=True):
        source = ColumnDataSource(_columns(rows, scale.divisor, unit))
        shade = colour(int(str(order)))
        plot.segment("x", "low", "x", "high", source=source, color=shade, line_width=2)
        points.append(plot.scatter("x", "mean", source=source, color=shade, size=9))
    tips = [
        ("", "@scenario, @year"),
        ("difference", "@said"),
        ("95 % interval", "@interval"),
        ("seeds", "@n"),
    ]
    plot.add_tools(HoverTool(renderers=points, tooltips=tips))
    plot.xaxis.ticker = sorted(info["year"].unique().to_list())
    return plot


def _label(label: str) -> str:
    return "percentage points" if label == "%" else label


def _columns(rows: pl.DataFrame, divisor: float, unit: Unit) -> dict[str, list[object]]:
    low, high = (
        rows["ci_low"].fill_null(rows["difference_mean"]),
        rows["ci_high"].fill_null(rows["difference_mean"]),
    )
    ends = zip(rows["ci_low"], rows["ci_high"], strict=True)
    return {
        "x": rows["x"].to_list(),
        "year": rows["year"].to_list(),
        "scenario": rows["scenario"].to_list(),
        "n": rows["n"].to_list(),
        "mean": (rows["difference_mean"] / divisor).to_list(),
        "low": (low / divisor).to_list(),
        "high": (high / divisor).to_list(),
        "said": [difference(value, unit) for value in rows["difference_mean"]],
        "interval": [f"{difference(start, unit)} to {difference(end, unit)}" for start, end in ends],
    }


def _peak(info: pl.DataFrame) -> float:
    ends = info.select(pl.max_horizontal(pl.col("ci_low", "ci_high", "difference_mean").abs()).max()).item()
    return 0.0 if ends is None else float(ends)
