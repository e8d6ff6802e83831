"""The difference table of a comparison: every year, every scenario, with what the number rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl
from markupsafe import Markup

from app.components.tables import line_sample, nowrap, table
from app.metrics import Shown
from app.theme import MISSING, difference, number

HEAD: Final = (
    ("Year", False),
    ("Scenario", False),
    ("Baseline mean", True),
    ("Scenario mean", True),
    ("Difference", True),
    ("95 % interval", True),
    ("sd", True),
    ("SE", True),
    ("n", True),
    ("P(above baseline)", True),
)
COLUMNS: Final = (
    "year",
    "scenario",
    "baseline_mean",
    "scenario_mean",
    "difference_mean",
    "ci_low",
    "ci_high",
    "difference_sd",
    "se",
    "n",
    "p_greater",
)


def difference_table(comparison: pl.DataFrame, metric: Shown, scenarios: Sequence[str]) -> Markup:
    """Return the table of one metric, by year and then by scenario in the order of colours."""
    order = {name: index for index, name in enumerate(scenarios)}
    rows = comparison.filter(pl.col("metric") == metric.name).select(COLUMNS).rows()
    ordered = sorted(rows, key=lambda row: (row[0], order.get(row[1], len(order))))
    caption = f"{metric.title}: differences are paired, seed by seed. {metric.definition}"
    return table(caption, HEAD, (_row(row, metric, order) for row in ordered))


def _row(row: Iterable[object], metric: Shown, order: dict[str, int]) -> list[str | Markup]:
    year, name, *numbers, n, above = row
    own, other, mean, low, high, sd, error = (
        None if value is None else float(str(value)) for value in numbers
    )
    unit = metric.unit
    line = nowrap(Markup("{} {}").format(line_sample(order.get(str(name), 0)), str(name)))
    return [
        str(year),
        line,
        number(own, unit),
        number(other, unit),
        Markup("<strong>{}</strong>").format(difference(mean, unit)),
        MISSING if low is None else f"{difference(low, unit)} to {difference(high, unit)}",
        _size(sd, metric),
        _size(error, metric),
        str(n),
        MISSING if above is None else f"{float(str(above)) * 100:.1f} %",
    ]


def _size(value: float | None, metric: Shown) -> str:
    """Return the size of a spread: that of a rate is in points, as its difference is."""
    return MISSING if value is None else difference(value, metric.unit).lstrip("+±")
