"""The values a run uses: by year and level where a lever may differ, with unit and origin.

Frames only; nothing here decides what a value means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from simulation.parameters.canonical import text_of
from simulation.parameters.levels import LEVELS
from simulation.parameters.levers import LEVERS, Lever
from simulation.parameters.limits import limits
from simulation.parameters.overlay import Flat, leaves, tables
from simulation.units import basis_points

if TYPE_CHECKING:
    from simulation.parameters.scenario import Scenario

SCHEMA: Final[Mapping[str, Any]] = {
    "simulation_year": pl.Int32,
    "job_level": pl.Int8,
    "parameter": pl.String,
    "value": pl.Decimal(18, 6),
    "value_text": pl.String,
    "unit": pl.String,
    "origin": pl.String,
}

COMP_LEVERS: Final = "comp_levers"

Rest = tuple[int | None, str, Decimal | None, str, str, str]
Row = tuple[int, int | None, str, Decimal | None, str, str, str]


def effective_parameters(scenario: Scenario, years: Iterable[int] | None = None) -> pl.DataFrame:
    """Return one row a year (of the horizon, or those asked for) x level x parameter: value and what set it.

    ``job_level`` is null where a value does not vary by level; ``value`` is null where it is no number, and
    ``value_text`` always has it. Statutory limits have the origin ``limits``, or ``limits (projected)``.
    """
    rows: list[Row] = []
    flat = scenario.flat()
    stated = list(_stated(scenario, flat))
    for year in scenario.horizon.years if years is None else years:
        rows += ((year, *rest) for rest in stated)
        rows += (row for lever in LEVERS.values() for row in _levered(scenario, flat, lever, year))
        rows += _statutory(scenario, year)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _stated(scenario: Scenario, flat: Flat) -> Iterator[Rest]:
    """Yield the values that no lever can change, the same in every year."""
    for key, value in flat.items():
        if key in _unlevered():
            name, level, unit = _unlevered()[key]
            yield level, name, number_of(value), text_of(value), unit, scenario.stated_origin(key)


@cache
def _unlevered() -> Mapping[str, tuple[str, int | None, str]]:
    """Return name, level and unit of every key that no lever can change."""
    known: dict[str, tuple[str, int | None, str]] = {}
    for key, record in leaves().items():
        if record.identity or any(lever.governs(key) for lever in LEVERS.values()):
            continue
        table, _, entry = key.rpartition(".")
        by_level = table in tables() and "rating" not in table
        known[key] = (table, int(entry), record.unit) if by_level else (key, None, record.unit)
    return known


def number_of(value: Any) -> Decimal | None:
    """Return a value as a number, or nothing if it is none."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _levered(scenario: Scenario, flat: Flat, lever: Lever, year: int) -> Iterator[Row]:
    for level in LEVELS:
        row = scenario.lever_rows.get(year, level, lever.name)
        value = flat[lever.place(level)] if row is None else row
        origin = scenario.stated_origin(lever.place(level)) if row is None else COMP_LEVERS
        yield year, level, lever.key, value, text_of(value), lever.record.unit, origin


def stated_origins(told: pl.DataFrame) -> dict[str, str]:
    """Return by key what set each value, out of the ``job_level``, ``parameter`` and ``origin`` of a run."""
    known = {
        (parameter, level): origin
        for parameter, level, origin in told.select("parameter", "job_level", "origin").unique().iter_rows()
        if origin != COMP_LEVERS
    }
    places = {(name, level): key for key, (name, level, _) in _unlevered().items()}
    places |= {(lever.key, level): lever.place(level) for lever in LEVERS.values() for level in LEVELS}
    return {key: known[place] for place, key in places.items() if place in known}


def _statutory(scenario: Scenario, year: int) -> Iterator[Row]:
    known = limits(year, scenario.limits.indexation.rate)._asdict()
    origin = "limits (projected)" if known.pop("projected") else "limits"
    known.pop("year")
    for name, value in known.items():
        unit = "switch" if isinstance(value, bool) else "USD"
        yield year, None, f"limits.{name}", number_of(value), text_of(value), unit, origin


LEVER_COLUMNS: Final[Mapping[str, str]] = {
    "merit_base": "merit_bp",
    "cola_rate": "cola_bp",
    "new_hire_salary_adjustment": "new_hire_adjustment_bp",
    "promotion_probability": "promotion_probability_bp",
    "promotion_raise": "promotion_raise_bp",
}
"""Column of the engines' frame that holds a lever, in basis points."""

SCALED_COLUMNS: Final[Mapping[str, str]] = {
    "merit_base": "merit_scaled",
    "promotion_probability": "promotion_scaled",
}
"""Column that says whether the value still has to be scaled to its budget or rate."""


def lever_frame(scenario: Scenario) -> pl.DataFrame:
    """Return one row a year and level: each lever in basis points, and whether it is still to be scaled."""
    years, flat = list(scenario.horizon.years), scenario.flat()
    cells = [(year, level) for year in years for level in LEVELS]
    columns: dict[str, pl.Series] = {
        "simulation_year": pl.Series([year for year, _ in cells], dtype=pl.Int32),
        "job_level": pl.Series([level for _, level in cells], dtype=pl.Int8),
    }
    for name, lever in LEVERS.items():
        rows = [scenario.lever_rows.get(year, level, name) for year, level in cells]
        stated = [flat[lever.place(level)] for _, level in cells]
        values = [own if row is None else row for row, own in zip(rows, stated, strict=True)]
        columns[LEVER_COLUMNS[name]] = pl.Series([basis_points(value) for value in values], dtype=pl.Int32)
        if name in SCALED_COLUMNS:
            asked = flat[lever.scaled_by] is not None
            columns[SCALED_COLUMNS[name]] = pl.Series(
                [asked and row is None for row in rows], dtype=pl.Boolean
            )
    return pl.DataFrame(columns)
