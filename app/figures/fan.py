"""The fan chart: a metric over the years, one line and one band a scenario.

`fan_info` computes what is shown from the runs' values, `FanChart` draws it. Bokeh is spoken to
directly: other data take it 2 ms, and the interactions of fifteen people share one process.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool

from app.figures.canvas import canvas, label
from app.theme import axis, colour, dash, number, seeds
from simulation.metrics import Unit

LOW: Final = 0.1
HIGH: Final = 0.9
NO_BAND: Final = "every seed gives the same"
BAND: Final = "the band holds the middle 80 % of the seeds"
TIPS: Final = [
    ("", "@scenario, @year"),
    ("mean", "@mean_said"),
    ("80 % of seeds", "@band_said"),
    ("seeds", "@n"),
]


def fan_info(values: pl.DataFrame, scenarios: Sequence[str]) -> pl.DataFrame:
    """Return one row a scenario and year, scenarios in the order given.

    Args:
        values: one row a scenario, seed and year: scenario, seed, simulation_year, value.
        scenarios: all scenarios of the page; their order gives colours and dashes.

    Returns:
        scenario, order, simulation_year, n (seeds), mean, median, low and high (10th and 90th percentile).
    """
    value = pl.col("value").cast(pl.Float64)
    names = pl.DataFrame({"scenario": list(scenarios)}, schema={"scenario": pl.String})
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
        .join(names.with_row_index("order"), on="scenario")
        .sort("order", "simulation_year")
    )


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


class FanChart:
    """The drawing of a fan; `show` gives it other data."""

    def __init__(self, *, height: int = 340) -> None:
        """Draw the empty chart."""
        self.sources = bands, lines, points = (ColumnDataSource(), ColumnDataSource(), ColumnDataSource())
        self.figure = canvas(height=height)
        self.figure.patches("xs", "ys", source=bands, fill_color="colour", fill_alpha=0.16, line_color=None)
        self.figure.multi_line(
            "xs", "ys", source=lines, line_color="colour", line_dash="dash", line_width=2.5
        )
        dots = self.figure.scatter("year", "mean", source=points, color="colour", size=6)
        self.figure.add_tools(HoverTool(renderers=[dots], tooltips=TIPS, mode="vline"))
        self.show(fan_info(_NOTHING, ()), Unit.PEOPLE)

    def show(self, info: pl.DataFrame, unit: Unit) -> None:
        """Draw a fan; a scenario has the colour and dash of its order."""
        peak = info.select(pl.col("high").max()).item()
        scale = axis(unit, peak or 0.0)
        parts = [rows for _, rows in info.group_by("order", maintain_order=True)]
        drawn = (
            _bands(parts, scale.divisor),
            _lines(parts, scale.divisor),
            _points(info, scale.divisor, unit),
        )
        for source, columns in zip(self.sources, drawn, strict=True):
            source.data = columns
        ends = [value / scale.divisor for pair in info.select("low", "high").iter_rows() for value in pair]
        label(self.figure, scale, info["simulation_year"].to_list(), ends)


_NOTHING: Final = pl.DataFrame(
    schema={"scenario": pl.String, "seed": pl.Int64, "simulation_year": pl.Int32, "value": pl.Float64}
)


def _bands(parts: Sequence[pl.DataFrame], divisor: float) -> dict[str, list[Any]]:
    """Return a closed shape a scenario: along the low ends, and back along the high ones."""
    return {
        "xs": [[*(years := rows["simulation_year"].to_list()), *reversed(years)] for rows in parts],
        "ys": [[*(rows["low"] / divisor), *(rows["high"] / divisor).reverse()] for rows in parts],
        "colour": [colour(rows["order"][0]) for rows in parts],
    }


def _lines(parts: Sequence[pl.DataFrame], divisor: float) -> dict[str, list[Any]]:
    return {
        "xs": [rows["simulation_year"].to_list() for rows in parts],
        "ys": [(rows["mean"] / divisor).to_list() for rows in parts],
        "colour": [colour(rows["order"][0]) for rows in parts],
        "dash": [dash(rows["order"][0]) for rows in parts],
    }


def _points(info: pl.DataFrame, divisor: float, unit: Unit) -> dict[str, list[Any]]:
    ends = info.select("low", "high").iter_rows()
    return {
        "year": info["simulation_year"].to_list(),
        "mean": (info["mean"] / divisor).to_list(),
        "scenario": info["scenario"].to_list(),
        "colour": [colour(order) for order in info["order"]],
        "n": info["n"].to_list(),
        "mean_said": [number(value, unit) for value in info["mean"]],
        "band_said": [f"{number(low, unit)} – {number(high, unit)}" for low, high in ends],
    }
