"""The fan chart: a metric over the years, one line and one band a scenario.

`fan_info` computes what is shown from the runs' values, `fan_figure` draws it. Bokeh is spoken to
directly: a figure of some lines takes it 5 ms, and interactions of fifteen people share one process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.models.renderers import DataRenderer
from bokeh.plotting import figure

from app.figures.canvas import canvas
from app.theme import Axis, axis, colour, dash, number, seeds
from simulation.metrics import Unit

LOW: Final = 0.1
HIGH: Final = 0.9
NO_BAND: Final = "every seed gives the same"
BAND: Final = "the band holds the middle 80 % of the seeds"


def fan_info(values: pl.DataFrame, scenarios: Sequence[str]) -> pl.DataFrame:
    """Return one row a scenario and year, scenarios in the order given.

    Args:
        values: one row a scenario, seed and year: scenario, seed, simulation_year, value.
        scenarios: all scenarios of the page; their order gives colours and dashes.

    Returns:
        scenario, order, simulation_year, n (seeds), mean, median, low and high (10th and 90th percentile).
    """
    value = pl.col("value").cast(pl.Float64)
    order = pl.DataFrame({"scenario": list(scenarios)}, schema={"scenario": pl.String}).with_row_index(
        "order"
    )
    return (
        values.drop_nulls("value")
        .group_by("scenario", "simulation_year")
        .agg(
            value.count().alias("n"),
            value.mean().alias("mean"),
            value.median().alias("median"),
            value.quantile(LOW, "linear").alias("low"),
            value.quantile(HIGH, "linear").alias("high"),
        )
        .join(order, on="scenario")
        .sort("order", "simulation_year")
    )


def fan_figure(info: pl.DataFrame, unit: Unit, *, title: str, height: int = 340) -> figure:
    """Return the chart of a fan; a scenario has the colour and dash of its order."""
    scale = axis(unit, _peak(info))
    plot = canvas(title, scale, height=height)
    lines: list[DataRenderer] = []
    for (index, name), rows in _by_scenario(info):
        source = ColumnDataSource(_columns(name, rows, scale, unit))
        plot.varea("year", "low", "high", source=source, fill_color=colour(index), fill_alpha=0.16)
        lines.append(
            plot.line(
                "year", "mean", source=source, color=colour(index), line_dash=dash(index), line_width=2.5
            )
        )
        plot.scatter("year", "mean", source=source, color=colour(index), size=6)
    tips = [
        ("", "@scenario, @year"),
        ("mean", "@mean_said"),
        ("80 % of seeds", "@band_said"),
        ("seeds", "@n"),
    ]
    plot.add_tools(HoverTool(renderers=lines, tooltips=tips, mode="vline", line_policy="nearest"))
    plot.xaxis.ticker = sorted(info["simulation_year"].unique().to_list())
    return plot


def fan_takeaway(info: pl.DataFrame, unit: Unit, baseline: str) -> str:
    """Return what a fan says about its last year, in one sentence."""
    if info.is_empty():
        return ""
    last = int(info["simulation_year"].to_numpy().max())
    rows = info.filter(pl.col("simulation_year") == last)
    said = [f"{name} {number(mean, unit)}" for name, mean in rows.select("scenario", "mean").iter_rows()]
    count = int(rows["n"].to_numpy().min())
    first = sorted(said, key=lambda text: not text.startswith(f"{baseline} "))
    spread = BAND if rows.filter(pl.col("high") > pl.col("low")).height else NO_BAND
    return f"{last}, mean of {seeds(count)}: {', '.join(first)}; {spread}."


def _by_scenario(info: pl.DataFrame) -> list[tuple[tuple[int, str], pl.DataFrame]]:
    names = info.select("order", "scenario").unique(maintain_order=True).rows()
    return [((order, name), info.filter(pl.col("order") == order)) for order, name in names]


def _columns(name: str, rows: pl.DataFrame, scale: Axis, unit: Unit) -> dict[str, list[object]]:
    shown = {key: (rows[key] / scale.divisor).to_list() for key in ("mean", "low", "high")}
    bands = zip(rows["low"], rows["high"], strict=True)
    return {
        "year": rows["simulation_year"].to_list(),
        "scenario": [name] * rows.height,
        "n": rows["n"].to_list(),
        "mean_said": [number(value, unit) for value in rows["mean"]],
        "band_said": [f"{number(low, unit)} – {number(high, unit)}" for low, high in bands],
        **shown,
    }


def _peak(info: pl.DataFrame) -> float:
    peak = info.select(pl.col("high").max()).item()
    return 0.0 if peak is None else float(peak)
