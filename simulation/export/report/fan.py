"""The fan on paper: a metric over the years, a line a scenario named at its end, a band over its seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import polars as pl

from simulation.export.palette import SERIES
from simulation.export.report.picture import Area, Dot, Label, Line, Mark, Picture
from simulation.export.report.written import number
from simulation.export.scale import Scale, round_ticks, scale
from simulation.metrics import Metric

LOW: Final = 0.1
HIGH: Final = 0.9
BAND: Final = "the band holds the middle 80 % of the seeds"

MOST: Final = len(SERIES)
"""Scenarios that can be told apart by their colours."""

DASHES: Final[tuple[tuple[float, ...], ...]] = (
    (), (6, 3), (1, 3, 6, 3), (1.5, 3), (6, 3, 1, 3, 1, 3), (10, 3), (3, 3), (10, 3, 2, 3),
)  # fmt: skip
"""Lines differ in dash as well, so that colour is never the only sign."""

WIDTH: Final = 520.0
HEIGHT: Final = 180.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 118.0, 20.0, 22.0
"""Margins for the numbers of the axis, the names at the ends of the lines, the unit, and the years."""

INK: Final = "#17202B"
MUTED: Final = "#566272"
GRID: Final = "#DDE2E8"
SIZE: Final = 9.0
APART: Final = 11.5
"""How far names stand from each other."""

FINEST: Final = 4
"""Decimal places of an axis at most."""

LONGEST: Final = 23
"""Letters of a name that fit beside the lines."""


class _Frame(NamedTuple):
    """Where values come to lie: years across, numbers up."""

    years: Sequence[int]
    ticks: Sequence[float]
    scale: Scale

    def x(self, year: int) -> float:
        """Return the place of a year; one alone stands in the middle."""
        first, last = self.years[0], self.years[-1]
        part = (year - first) / (last - first) if last > first else 0.5
        return LEFT + 8 + part * (WIDTH - LEFT - RIGHT - 16)

    def y(self, value: float) -> float:
        """Return the place of a value, as it is before the scale."""
        low, high = self.ticks[0], self.ticks[-1]
        return TOP + (high - value / self.scale.divisor) / (high - low) * (HEIGHT - TOP - BOTTOM)


def fan(spread: pl.DataFrame, names: Sequence[str], metric: Metric) -> Picture:
    """Return the picture of one metric.

    Args:
        spread: ``quantiles`` of the metric, at the levels ``LOW`` and ``HIGH``.
        names: the scenarios in the order of their colours; at most ``MOST`` are drawn.
        metric: what is shown.
    """
    drawn = [name for name in names if name in set(spread["scenario"])][:MOST]
    rows = spread.filter(pl.col("scenario").is_in(drawn))
    low, high = float(rows["q10"].to_numpy().min()), float(rows["q90"].to_numpy().max())
    scaled = scale(metric.unit, max(abs(low), abs(high)))
    ticks = round_ticks(low / scaled.divisor, high / scaled.divisor)
    frame = _Frame(rows["simulation_year"].unique().sort().to_list(), ticks, scaled)
    lives = {
        name: rows.filter(pl.col("scenario") == name).sort("simulation_year").to_dicts() for name in drawn
    }
    marks = [*_paper(frame), *_bands(frame, lives), *_lines(frame, lives), *_names(frame, lives)]
    return Picture(metric.title, _in_words(lives, metric), WIDTH, HEIGHT, tuple(marks))


def _paper(frame: _Frame) -> Iterator[Mark]:
    yield Label((0, SIZE), frame.scale.label, MUTED, SIZE)
    step = frame.ticks[1] - frame.ticks[0]
    digits = next((places for places in range(FINEST) if round(step, places) == step), FINEST)
    for tick in frame.ticks:
        y = frame.y(tick * frame.scale.divisor)
        yield Line(((LEFT, y), (WIDTH - RIGHT, y)), MUTED if tick == 0 else GRID, 0.6)
        yield Label((LEFT - 6, y + SIZE / 3), f"{tick:,.{digits}f}", MUTED, SIZE, "end")
    every = -(-len(frame.years) // 12)
    for year in frame.years[::every]:
        yield Label((frame.x(year), HEIGHT - 6), str(year), MUTED, SIZE, "middle")


def _bands(frame: _Frame, lives: dict[str, list[dict[str, Any]]]) -> Iterator[Mark]:
    for at, life in enumerate(lives.values()):
        if any(row["q10"] < row["q90"] for row in life):
            low = [(frame.x(row["simulation_year"]), frame.y(row["q10"])) for row in life]
            high = [(frame.x(row["simulation_year"]), frame.y(row["q90"])) for row in life]
            yield Area((*low, *reversed(high)), SERIES[at], 0.16)


def _lines(frame: _Frame, lives: dict[str, list[dict[str, Any]]]) -> Iterator[Mark]:
    for at, life in enumerate(lives.values()):
        points = tuple((frame.x(row["simulation_year"]), frame.y(row["mean"])) for row in life)
        yield Line(points, SERIES[at], 1.8, DASHES[at])
        yield from (Dot(point, SERIES[at], 2.2) for point in points)


def _names(frame: _Frame, lives: dict[str, list[dict[str, Any]]]) -> Iterator[Mark]:
    """Yield each scenario's name beside the end of its line, moved until none lies on another."""
    wanted = sorted(
        (frame.y(life[-1]["mean"]), at, frame.x(life[-1]["simulation_year"]), name)
        for at, (name, life) in enumerate(lives.items())
    )
    places = apart([y for y, *_ in wanted], TOP, HEIGHT - BOTTOM)
    for (y, at, x, name), place in zip(wanted, places, strict=True):
        start = WIDTH - RIGHT + 6
        yield Line(((x + 4, y), (start - 1, place)), SERIES[at], 0.6)
        yield Label((start + 2, place + SIZE / 3), shortened(name), SERIES[at], SIZE, is_strong=True)


def apart(places: Sequence[float], first: float, last: float) -> list[float]:
    """Return sorted places moved until they are ``APART`` from one another, within bounds where they fit."""
    moved: list[float] = []
    for place in places:
        moved.append(max(place, moved[-1] + APART) if moved else max(place, first))
    limit = last
    for at in range(len(moved) - 1, -1, -1):
        moved[at] = max(min(moved[at], limit), first + at * APART)
        limit = moved[at] - APART
    return moved


def shortened(name: str) -> str:
    """Return a name that fits: of a long one the beginning and the end."""
    if len(name) <= LONGEST:
        return name
    half = (LONGEST - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def _in_words(lives: dict[str, list[dict[str, Any]]], metric: Metric) -> str:
    said = [
        f"{name}: {number(life[0]['mean'], metric.unit)} in {life[0]['simulation_year']}, "
        f"{number(life[-1]['mean'], metric.unit)} in {life[-1]['simulation_year']}"
        for name, life in lives.items()
    ]
    return f"{metric.title} by year, mean over the seeds. {'; '.join(said)}."
