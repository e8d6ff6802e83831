"""The paired difference to the baseline: a point with its interval a year and scenario, a line at nothing.

`difference_info` picks what is shown from a comparison, `DifferenceChart` draws it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
from bokeh.models import ColumnDataSource, HoverTool
from bokeh.models.annotations import Span

from app.figures.canvas import canvas, label
from app.theme import axis, colour, difference, seeds
from simulation.metrics import Unit

SPREAD: Final = 0.16
"""How far apart, in years, the points of neighbouring scenarios stand."""

NUMBERS: Final = ("difference_mean", "ci_low", "ci_high", "p_greater")
TIPS: Final = [
    ("", "@scenario, @year"),
    ("difference", "@said"),
    ("95 % interval", "@interval"),
    ("seeds", "@n"),
]


def difference_info(comparison: pl.DataFrame, metric: str, scenarios: Sequence[str]) -> pl.DataFrame:
    """Return one row a scenario and year, with the place on the year axis that keeps scenarios apart.

    Args:
        comparison: rows of `simulation.compare`.
        metric: the metric to show.
        scenarios: all scenarios of the page in their order, the baseline among them; it gives the colour.

    Returns:
        scenario, order, year, x, n, difference_mean, ci_low, ci_high, p_greater.
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
    return (
        comparison.cast({"scenario": pl.String, "metric": pl.String, "year": pl.Int32})
        .filter(pl.col("metric") == metric)
        .join(places, on="scenario")
        .select(
            "scenario",
            "order",
            "year",
            (pl.col("year") + pl.col("shift")).alias("x"),
            "n",
            *(pl.col(name).cast(pl.Float64) for name in NUMBERS),
        )
        .sort("order", "year")
    )


def difference_takeaway(info: pl.DataFrame, unit: Unit) -> str:
    """Return what the differences of the last year say, in one sentence."""
    if info.is_empty():
        return "There is nothing to set against the baseline yet."
    last = int(info["year"].to_numpy().max())
    rows = info.filter(pl.col("year") == last)
    said = [
        f"{name} {difference(mean, unit)}"
        for name, mean in rows.select("scenario", "difference_mean").iter_rows()
    ]
    count = int(rows["n"].to_numpy().min())
    return f"{last}, paired over {seeds(count)}: {', '.join(said)}; bars are 95 % intervals."


class DifferenceChart:
    """The drawing of differences; `show` gives it other data."""

    def __init__(self, *, height: int = 340) -> None:
        """Draw the empty chart."""
        self.source = ColumnDataSource()
        self.figure = canvas(height=height)
        self.figure.add_layout(Span(location=0, dimension="width", line_width=1, line_color="#8792A0"))
        self.figure.segment("x", "low", "x", "high", source=self.source, color="colour", line_width=2)
        points = self.figure.scatter("x", "mean", source=self.source, color="colour", size=9)
        self.figure.add_tools(HoverTool(renderers=[points], tooltips=TIPS))
        self.show(difference_info(_NOTHING, "", ()), Unit.PEOPLE)

    def show(self, info: pl.DataFrame, unit: Unit) -> None:
        """Draw differences; colours are those of the scenarios in the fan chart."""
        ends = pl.max_horizontal(pl.col("ci_low", "ci_high", "difference_mean").abs())
        scale = axis(unit, info.select(ends.max()).item() or 0.0)
        columns = _columns(info, scale.divisor, unit)
        self.source.data = columns
        unit_said = "percentage points" if unit is Unit.RATE else scale.label
        reach = [0.0, *columns["low"], *columns["high"]] if info.height else []
        label(self.figure, scale._replace(label=unit_said), info["year"].to_list(), reach)


_NOTHING: Final = pl.DataFrame(
    schema={
        "metric": pl.String,
        "scenario": pl.String,
        "year": pl.Int32,
        "n": pl.Int64,
        **dict.fromkeys(NUMBERS, pl.Float64),
    }
)


def _columns(info: pl.DataFrame, divisor: float, unit: Unit) -> dict[str, list[Any]]:
    """Return what the chart draws; one pair of seeds has no interval, so its bar has no length."""
    mean = info["difference_mean"]
    ends = info.select("ci_low", "ci_high").iter_rows()
    return {
        "x": info["x"].to_list(),
        "year": info["year"].to_list(),
        "scenario": info["scenario"].to_list(),
        "colour": [colour(order) for order in info["order"]],
        "n": info["n"].to_list(),
        "mean": (mean / divisor).to_list(),
        "low": (info["ci_low"].fill_null(mean) / divisor).to_list(),
        "high": (info["ci_high"].fill_null(mean) / divisor).to_list(),
        "said": [difference(value, unit) for value in mean],
        "interval": [f"{difference(low, unit)} to {difference(high, unit)}" for low, high in ends],
    }
