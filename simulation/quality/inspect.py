"""Puts data through their gates: results to be stored with the run, or an error that keeps it unsealed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import polars as pl

from simulation.errors import InvariantError, Problem
from simulation.quality.drift import Measured, drift
from simulation.quality.gate import Gate, Layer, Severity
from simulation.quality.gates import KEPT_GATES, TAKEN_GATES, TOLD_GATES

if TYPE_CHECKING:
    from simulation.quality.subjects import Kept, Taken, Told

S = TypeVar("S")

SHOWN: Final = 10
"""Employees of a breach that are named; of the others it is said how many they are."""

RESULTS: Final = {
    "seed": pl.UInt64(),
    "simulation_year": pl.Int32(),
    "gate": pl.String(),
    "layer": pl.String(),
    "severity": pl.String(),
    "passed": pl.Boolean(),
    "value": pl.Float64(),
    "threshold": pl.Float64(),
    "rows": pl.Int64(),
    "detail": pl.String(),
}
"""One row a seed and gate. ``rows`` is how many break a promise; of drift, how many people were compared."""


def inspect_census(taken: Taken, year: int, seeds: Sequence[int]) -> pl.DataFrame:
    """Return what the gates say of a census that was taken in.

    Raises:
        InvariantError: as ``inspect_year``.
    """
    return _held(TAKEN_GATES, taken, year, seeds)


def inspect_year(told: Told) -> pl.DataFrame:
    """Return what the gates say of a year.

    Raises:
        InvariantError: names each hard gate that is broken, how many rows break it, and ten of the employees.
    """
    context = told.context
    held = _held(TOLD_GATES, told, context.year, context.seeds)
    severity = Severity(context.scenario.quality.drift.severity)
    measured = list(drift(told))
    failed = [one for one in measured if not one.passed]
    if failed and severity is Severity.HARD:
        raise _refusal([_drifted(one) for one in failed], context.year)
    rows = [_row(one, context.year, severity) for one in measured]
    return pl.concat([held, pl.DataFrame(rows, schema=RESULTS, orient="row")])


def inspect_kept(kept: Kept) -> pl.DataFrame:
    """Return what the gates say of a year as it is written.

    Raises:
        InvariantError: as ``inspect_year``.
    """
    return _held(KEPT_GATES, kept, kept.year, kept.seeds)


def _held(gates: tuple[Gate[S], ...], subject: S, year: int, seeds: Sequence[int]) -> pl.DataFrame:
    found = ((gate, gate.offending(subject)) for gate in gates)
    broken = [_problem(gate, offending, seeds) for gate, offending in found if offending.height]
    if broken:
        raise _refusal(broken, year)
    return _passed(gates, year, seeds)


def _passed(gates: tuple[Gate[Any], ...], year: int, seeds: Sequence[int]) -> pl.DataFrame:
    """Return what is said of gates that nothing breaks, seed by seed."""
    said = _said(gates, len(seeds))
    of = np.repeat(np.array(seeds, dtype=np.uint64), len(gates))
    years = np.full(said.height, year, dtype=np.int32)
    return pl.DataFrame([pl.Series("seed", of), pl.Series("simulation_year", years), *said.iter_columns()])


@cache
def _said(gates: tuple[Gate[Any], ...], seeds: int) -> pl.DataFrame:
    """Return what is said of gates that nothing breaks, as often as there are seeds, in every year."""
    rows = [(gate.name, gate.layer.value, Severity.HARD.value, True, 0.0, 0.0, 0, "") for gate in gates]
    return pl.DataFrame(rows * seeds, schema=dict([*RESULTS.items()][2:]), orient="row")


def _problem(gate: Gate[Any], offending: pl.DataFrame, seeds: Sequence[int]) -> Problem:
    found = f"{offending.height:,} row{'s' * (offending.height > 1)} break it"
    shown = _first(offending, several=len(seeds) > 1)
    return Problem(gate.name, found, gate.holds, f"first {shown}" if shown else "")


def _first(offending: pl.DataFrame, *, several: bool) -> str:
    """Return who breaks a promise, or else what was found: at most so many, and how many more.

    Of ``several`` seeds, the first one that has any.
    """
    if several and {"employee_id", "found"} & {*offending.columns} and "seed" in offending.columns:
        seed = offending["seed"][0]
        return f"{_first(offending.filter(seed=seed), several=False)} with seed {seed}"
    for column, said in (("employee_id", "employees"), ("found", "found"), ("seed", "seed")):
        if column in offending.columns:
            named = offending[column].drop_nulls().unique(maintain_order=True)
            if named.len():
                more = f" and {named.len() - SHOWN:,} more" if named.len() > SHOWN else ""
                return f"{said} {', '.join(map(str, named.head(SHOWN)))}{more}"
    return ""


def _drifted(one: Measured) -> Problem:
    found = f"{one.value} with seed {one.seed}, of {one.people:,} people"
    return Problem(one.gate.name, found, f"at most {one.threshold}", one.detail)


def _refusal(problems: list[Problem], year: int) -> InvariantError:
    message = "the data break hard gates of quality; nothing is sealed"
    return InvariantError(message, problems=problems, year=year)


def _row(one: Measured, year: int, severity: Severity) -> tuple[Any, ...]:
    values = (one.passed, one.value, one.threshold, one.people, one.detail)
    return (one.seed, year, one.gate.name, Layer.DRIFT.value, severity.value, *values)
