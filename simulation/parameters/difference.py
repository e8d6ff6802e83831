"""What two scenarios differ in: one row a value that is not the same in both.

Compares resolved values, so two scenarios that say the same in other words differ in nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from simulation.parameters.canonical import text_of
from simulation.parameters.levers import LEVERS, effective_levers
from simulation.parameters.overlay import leaves

if TYPE_CHECKING:
    import polars as pl

    from simulation.parameters.scenario import Scenario

Row = tuple[str, int | None, int | None, str | None, str | None, str, str, str, str]

COLUMNS: Final = (
    "parameter",
    "simulation_year",
    "job_level",
    "a",
    "b",
    "title",
    "unit",
    "origin_a",
    "origin_b",
)


def parameter_diff(a: Scenario, b: Scenario) -> pl.DataFrame:
    """Return one row a difference: dotted key, values of a and b as text, title, unit, origins.

    ``simulation_year`` and ``job_level`` are null except for values that a levers file sets: there they name
    the cell. A year that only one scenario has shows as a null value. Names and descriptions are left out.
    """
    import polars as pl

    whole = {"simulation_year": pl.Int32, "job_level": pl.Int8}
    schema = {name: whole.get(name, pl.String) for name in COLUMNS}
    return pl.DataFrame([*_stated(a, b), *_levered(a, b)], schema=schema, orient="row")


def _stated(a: Scenario, b: Scenario) -> Iterator[Row]:
    left, right = a.flat(), b.flat()
    for key, record in leaves().items():
        texts = text_of(left[key]), text_of(right[key])
        if record.identity or texts[0] == texts[1]:
            continue
        yield (key, None, None, *texts, record.title, record.unit, a.stated_origin(key), b.stated_origin(key))


def _levered(a: Scenario, b: Scenario) -> Iterator[Row]:
    """Yield the cells that a levers file makes differ from what the scenarios' own values say."""
    years = {*a.horizon.years, *b.horizon.years}
    cells = {cell for scenario in (a, b) for cell in scenario.lever_rows.rows if cell[0] in years}
    left, right = effective_levers(a).rows, effective_levers(b).rows
    for year, level, name in sorted(cells):
        cell = (year, level, name)
        texts = _text(left, cell), _text(right, cell)
        if texts[0] != texts[1]:
            record = LEVERS[name].record
            origins = _origin(a, cell), _origin(b, cell)
            yield (LEVERS[name].key, year, level, *texts, record.title, record.unit, *origins)


def _text(rows: Mapping[Any, Any], cell: tuple[int, int, str]) -> str | None:
    return text_of(rows[cell]) if cell in rows else None


def _origin(scenario: Scenario, cell: tuple[int, int, str]) -> str:
    if cell in scenario.lever_rows.rows:
        return "comp_levers"
    return scenario.stated_origin(LEVERS[cell[2]].place(cell[1]))
