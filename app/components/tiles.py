"""Tiles: a metric's value in the last year under the baseline, and each scenario's difference to it.

`tiles_info` picks the numbers, `tiles_markup` shows them; a difference has its sign and its 95 % interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl
from markupsafe import Markup

from app.metrics import Shown
from app.theme import colour, difference, number, seeds
from simulation.metrics import Unit


class Difference(NamedTuple):
    """How far a scenario is from the baseline, its interval, and its place in the order of colours."""

    scenario: str
    order: int
    mean: float | None
    low: float | None
    high: float | None


class Tile(NamedTuple):
    """What a tile shows."""

    title: str
    unit: Unit
    value: float | None
    differences: tuple[Difference, ...]


def tiles_info(
    values: pl.DataFrame,
    comparison: pl.DataFrame,
    metrics: Sequence[Shown],
    scenarios: Sequence[str],
    year: int,
) -> list[Tile]:
    """Return a tile for each metric.

    Args:
        values: the baseline's: one row a seed, year and metric: simulation_year, metric, value.
        comparison: rows of `simulation.compare` for the metrics.
        metrics: what there is a tile for.
        scenarios: all scenarios in the order of their colours.
        year: the year that is shown.
    """
    own = values.filter(pl.col("simulation_year") == year)
    means = dict(own.group_by("metric").agg(pl.col("value").cast(pl.Float64).mean()).iter_rows())
    rows = comparison.filter(pl.col("year") == year)
    return [
        Tile(metric.title, metric.unit, means.get(metric.name), _differences(rows, metric.name, scenarios))
        for metric in metrics
    ]


def tiles_markup(tiles: Sequence[Tile], *, year: int, baseline: str, seeds_of: tuple[int, int]) -> Markup:
    """Return the tiles; each says whose value it is, of which year, over how many seeds.

    `seeds_of` are those of the baseline, and those that it shares with the others.
    """
    own, shared = seeds_of
    intervals = ", with 95 % intervals" if shared > 1 else ""
    beneath = f"; below it the differences, paired over {seeds(shared)}{intervals}" if shared else ""
    note = f"{year}: {baseline}, mean of {seeds(own)}{beneath}."
    shown = Markup("").join(_tile(tile) for tile in tiles)
    return Markup('<p class="takeaway tiles-note">{}</p><div class="tiles">{}</div>').format(note, shown)


def _differences(rows: pl.DataFrame, metric: str, scenarios: Sequence[str]) -> tuple[Difference, ...]:
    columns = ("scenario", "difference_mean", "ci_low", "ci_high")
    found = {row[0]: row[1:] for row in rows.filter(pl.col("metric") == metric).select(columns).iter_rows()}
    return tuple(
        Difference(name, order, *(None if value is None else float(value) for value in found[name]))
        for order, name in enumerate(scenarios)
        if name in found
    )


def _tile(tile: Tile) -> Markup:
    rows = Markup("").join(_row(each, tile.unit) for each in tile.differences)
    listed = Markup("<ul>{}</ul>").format(rows) if rows else ""
    return Markup('<section class="tile"><h3>{}</h3><div class="value">{}</div>{}</section>').format(
        tile.title, number(tile.value, tile.unit), listed
    )


def _row(each: Difference, unit: Unit) -> Markup:
    band = ""
    if each.low is not None and each.high is not None:
        band = f"{difference(each.low, unit)} to {difference(each.high, unit)}"
    return Markup(
        '<li title="95 % interval {}"><span class="swatch" style="background:{}"></span>'
        '<span class="name">{}</span><span class="number">{}</span></li><li class="band">{}</li>'
    ).format(band, colour(each.order), each.scenario, difference(each.mean, unit), band)
