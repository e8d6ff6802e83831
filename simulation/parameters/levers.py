"""comp_levers: the analyst's tuning table, a value for a year, a job level and a parameter.

A row stands above the scenario's value for its year and level, as it is and unscaled; where there is no row
the scenario's value holds. Knows the rows, not the file; ``levers_file`` reads and writes that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pydantic_core import PydanticCustomError

from simulation.errors import Problem, ScenarioError, nearest
from simulation.parameters.canonical import decimal_text, described
from simulation.parameters.form import read_multiplier, read_rate
from simulation.parameters.levels import LEVELS, TOP_LEVEL
from simulation.parameters.overlay import parameters
from simulation.parameters.record import Record

if TYPE_CHECKING:
    import polars as pl

    from simulation.parameters.scenario import Scenario

COLUMNS: Final = ("fiscal_year", "job_level", "parameter", "value")
YEARS: Final = (2000, 2150)

Cell = tuple[int, int, str]
"""Fiscal year, job level, name of the lever."""


class Lever(NamedTuple):
    """One lever: its name in the file, the parameter above which it stands, the budget that it escapes."""

    name: str
    key: str
    scaled_by: str = ""

    @property
    def record(self) -> Record:
        """Return the parameter's record: title, unit, bounds."""
        return parameters()[self.key]

    @property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """Return the least and the greatest value; of a table by level, a rate's."""
        low, high = self.record.minimum, self.record.maximum
        return (Decimal(0), Decimal(1)) if high is None else (Decimal(low), Decimal(high))

    def governs(self, key: str) -> bool:
        """Say whether a dotted key is the lever's parameter or one level of it."""
        return key == self.key or key.startswith(f"{self.key}.")

    def place(self, level: int) -> str:
        """Return the dotted key of the scenario's value for a level."""
        return f"{self.key}.{level}" if self.record.form.keys else self.key

    def read(self, value: Any, level: int) -> Decimal:
        """Return a value checked like the parameter's.

        Raises:
            PydanticCustomError: The value is no number, too fine, or out of bounds.
        """
        number = (read_multiplier if self.record.unit == "multiplier" else read_rate)(value)
        low, high = self.bounds
        top = self.name == PROMOTION_PROBABILITY and level == TOP_LEVEL
        if not low <= number <= (0 if top else high):
            allowed = f"0: there is no level above {TOP_LEVEL}" if top else f"from {low} to {high}"
            raise PydanticCustomError("parameter", "allowed: {allowed}", {"allowed": allowed, "hint": ""})
        return number


PROMOTION_PROBABILITY: Final = "promotion_probability"

LEVERS: Final[Mapping[str, Lever]] = {
    lever.name: lever
    for lever in (
        Lever("merit_base", "compensation.merit.by_level", "compensation.merit.budget"),
        Lever("cola_rate", "compensation.cola.rate"),
        Lever("new_hire_salary_adjustment", "workforce.hiring.pay_adjustment"),
        Lever(PROMOTION_PROBABILITY, "workforce.promotion.by_level", "workforce.promotion.rate"),
        Lever("promotion_raise", "workforce.promotion.raise_mean"),
    )
}


@dataclass(frozen=True)
class Levers:
    """Rows of a levers table, as sparse as wanted; ``source`` says where they came from."""

    rows: Mapping[Cell, Decimal] = field(default_factory=dict)
    source: str = ""

    def get(self, year: int, level: int, parameter: str) -> Decimal | None:
        """Return the value of a cell, or nothing."""
        return self.rows.get((year, level, parameter))

    def within(self, years: Iterable[int], parameter: str) -> bool:
        """Say whether a lever has a row in any of the years."""
        wanted = set(years)
        return any(year in wanted and name == parameter for year, _, name in self.rows)

    def content(self, years: Iterable[int]) -> list[tuple[int, int, str, str]]:
        """Return the rows of some years in order, values as their one text."""
        wanted = set(years)
        rows = sorted((cell, value) for cell, value in self.rows.items() if cell[0] in wanted)
        return [(*cell, decimal_text(value)) for cell, value in rows]

    def sorted(self) -> list[tuple[Cell, Decimal]]:
        """Return the rows in the file's order: year, level, then the levers as they are declared."""
        return sorted(self.rows.items(), key=_order)

    def overlaid(self, over: Levers) -> Levers:
        """Return these rows with others laid over them, the others winning."""
        return Levers({**self.rows, **over.rows}, over.source or self.source)

    def with_value(
        self, parameter: str, value: object, years: Iterable[int], levels: Iterable[int] = LEVELS
    ) -> Levers:
        """Return the rows with a value for each of some years and levels: one year, or all of a horizon.

        Raises:
            ScenarioError: The parameter is no lever, or the value is not allowed.
        """
        wanted = tuple(levels)
        over: dict[Cell, Decimal] = {}
        problems: list[Problem] = []
        for year in years:
            for level in wanted:
                cell = read_cell(
                    (year, level, parameter, value), f"{parameter}, {year}, level {level}", problems
                )
                over |= cell
        if problems:
            raise ScenarioError("A lever cannot be set so", problems=problems)
        return self.overlaid(Levers(over))

    def without(self, parameter: str, years: Iterable[int], levels: Iterable[int] = LEVELS) -> Levers:
        """Return the rows less a lever's for some years and levels, so that the scenario's values hold."""
        gone = {(year, level, parameter) for year in years for level in levels}
        return replace(self, rows={cell: value for cell, value in self.rows.items() if cell not in gone})

    def frame(self) -> pl.DataFrame:
        """Return one row a cell with the columns of the file, ``value`` as an exact decimal."""
        import polars as pl

        cells = [(*cell, value) for cell, value in self.sorted()]
        types: tuple[Any, ...] = (pl.Int32, pl.Int8, pl.String, pl.Decimal(18, 6))
        schema = dict(zip(COLUMNS, types, strict=True))
        return pl.DataFrame(cells, schema=schema, orient="row")


def _order(row: tuple[Cell, Decimal]) -> tuple[int, int, int]:
    (year, level, parameter), _ = row
    return year, level, list(LEVERS).index(parameter)


def read_cell(row: tuple[Any, Any, Any, Any], where: str, problems: list[Problem]) -> dict[Cell, Decimal]:
    """Return a checked row as a cell and its value, or nothing and what is wrong with each of its fields."""
    year, level, parameter, value = row
    found = len(problems)
    if not isinstance(year, int) or not YEARS[0] <= year <= YEARS[1]:
        allowed = f"a year from {YEARS[0]} to {YEARS[1]}"
        problems.append(Problem(f"{where} fiscal_year", described(year), allowed))
    if level not in LEVELS:
        problems.append(Problem(f"{where} job_level", described(level), "1, 2, 3, 4 or 5"))
    if parameter not in LEVERS:
        hint = nearest(str(parameter), list(LEVERS))
        problems.append(
            Problem(f"{where} parameter", described(parameter), f"one of {', '.join(LEVERS)}", hint)
        )
        return {}
    try:
        number = LEVERS[parameter].read(value, level)
    except PydanticCustomError as error:
        context = error.context or {}
        problems.append(
            Problem(f"{where} value", described(value), context.get("allowed", ""), context.get("hint", ""))
        )
        return {}
    return {} if len(problems) > found else {(year, level, parameter): number}


def effective_levers(scenario: Scenario) -> Levers:
    """Return every lever's value for every year of the horizon and level: the rows where there are any."""
    flat, rows = scenario.flat(), scenario.lever_rows
    stated = {
        (year, level, lever.name): flat[lever.place(level)]
        for year in scenario.horizon.years
        for level in LEVELS
        for lever in LEVERS.values()
    }
    inside = {cell: value for cell, value in rows.rows.items() if cell in stated}
    return Levers({**stated, **inside}, rows.source)
