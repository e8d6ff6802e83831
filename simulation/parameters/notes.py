"""What is allowed in a scenario but will surprise: values without effect, targets out of reach.

Each rule is a generator of one kind of note; none of them stops a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from simulation.errors import Problem
from simulation.parameters.canonical import text_of
from simulation.parameters.levers import LEVERS
from simulation.parameters.plan.doubts import doubts_of
from simulation.parameters.provenance import BASELINE

if TYPE_CHECKING:
    from simulation.parameters.scenario import Scenario


def notes_of(scenario: Scenario) -> list[Problem]:
    """Return every note on a scenario, in the order of the rules."""
    return [note for rule in RULES for note in rule(scenario)]


def _span(numbers: Iterable[int]) -> str:
    """Return numbers in words: one, a range without gaps, or a list."""
    known = sorted(set(numbers))
    if len(known) > 1 and known[-1] - known[0] == len(known) - 1:
        return f"{known[0]}–{known[-1]}"
    return ", ".join(map(str, known))


def overridden_values(scenario: Scenario) -> Iterator[Problem]:
    """Yield values that a file or setting gave and that rows of the levers file stand above."""
    for lever in LEVERS.values():
        cells = _cells(scenario, lever.name)
        origin = scenario.stated_origin(lever.key)
        if cells and origin != BASELINE:
            found = (
                f"{origin} sets it, but the levers file {scenario.lever_rows.source} overrides it".rstrip()
            )
            years, levels = _span(year for year, _ in cells), _span(level for _, level in cells)
            yield Problem(lever.key, f"{found} in {years} for levels {levels}", hint="remove one of the two")


def escaped_budgets(scenario: Scenario) -> Iterator[Problem]:
    """Yield budgets and rates that cannot be met because levers rows are taken unscaled."""
    flat = scenario.flat()
    for lever in LEVERS.values():
        cells = _cells(scenario, lever.name) if lever.scaled_by else []
        if cells and flat[lever.scaled_by] is not None:
            years = _span(year for year, _ in cells)
            asked = text_of(flat[lever.scaled_by])
            found = f"{asked} is not met in {years}: {lever.name} rows are taken unscaled"
            yield Problem(lever.scaled_by, found)


def _cells(scenario: Scenario, name: str) -> list[tuple[int, int]]:
    """Return year and level of a lever's rows inside the horizon."""
    return [
        (year, level)
        for year, level, lever in scenario.lever_rows.rows
        if lever == name and _in(scenario, year)
    ]


def _in(scenario: Scenario, year: int) -> bool:
    return year in scenario.horizon.years


def outside_horizon(scenario: Scenario) -> Iterator[Problem]:
    """Yield layoffs, headcounts and levers rows for years that are not simulated."""
    span = f"a date within {_span(scenario.horizon.years)}"
    for position, layoff in enumerate(scenario.workforce.reduction_in_force):
        if not _in(scenario, layoff.date.year):
            key = f"workforce.reduction_in_force[{position}].date"
            yield Problem(key, f"{layoff.date} is outside the horizon: nobody is laid off", span)
    path = scenario.workforce.growth.headcount_path or {}
    strange = [year for year in path if not _in(scenario, year)]
    if strange:
        found = f"{_span(strange)} is outside the horizon: no effect"
        yield Problem(
            "workforce.growth.headcount_path", found, f"years within {_span(scenario.horizon.years)}"
        )
    rows = {year for year, _, _ in scenario.lever_rows.rows if not _in(scenario, year)}
    if rows:
        yield Problem("compensation.levers", f"the rows for {_span(rows)} are outside the horizon: no effect")


def path_gaps(scenario: Scenario) -> Iterator[Problem]:
    """Yield simulated years that a headcount path leaves out."""
    path = scenario.workforce.growth.headcount_path
    gaps = [year for year in scenario.horizon.years if path and year not in path]
    if gaps:
        rate = text_of(scenario.workforce.growth.rate)
        found = f"no headcount for {_span(gaps)}: growth there is workforce.growth.rate, {rate}"
        yield Problem("workforce.growth.headcount_path", found)


def growth_out_of_reach(scenario: Scenario) -> Iterator[Problem]:
    """Yield growth that a hiring limit forbids, or a decline that exits alone cannot bring."""
    growth, limit = scenario.workforce.growth, scenario.workforce.hiring.limit
    if limit is not None and (growth.rate > 0 or growth.headcount_path):
        found = f"at most {limit} people hired a year: the headcount asked for may not be reached"
        yield Problem("workforce.hiring.limit", found, hint="the limit wins over growth")
    exits = scenario.workforce.termination.total_rate
    if exits is not None and -growth.rate > exits and not scenario.workforce.reduction_in_force:
        found = f"{text_of(growth.rate)} with exits of {text_of(exits)}: headcount cannot fall so fast"
        yield Problem(
            "workforce.growth.rate", found, hint="raise total_rate or add workforce.reduction_in_force"
        )


def idle_tables(scenario: Scenario) -> Iterator[Problem]:
    """Yield a table of pay bands that the source of bands leaves aside."""
    bands = scenario.compensation.bands
    if bands.source == "census" and bands.table is not None:
        yield Problem("compensation.bands.table", "no effect with source: census", hint="set source: table")


def unkept_snapshots(scenario: Scenario) -> Iterator[Problem]:
    """Yield a choice of snapshots that a store without people does not keep."""
    chosen = scenario.output.balance_snapshots
    if scenario.output.keep == "summary" and chosen != "year_end":
        hint = "set output.keep: full or lifecycle"
        yield Problem("output.balance_snapshots", f"{chosen} has no effect with keep: summary", hint=hint)


RULES: Final[tuple[Callable[[Scenario], Iterator[Problem]], ...]] = (
    overridden_values,
    escaped_budgets,
    outside_horizon,
    path_gaps,
    growth_out_of_reach,
    idle_tables,
    unkept_snapshots,
    doubts_of,
)
