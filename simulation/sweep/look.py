"""A look at what a sweep's seeds have shown so far, and whether more of them are needed.

A fixed-width sequential interval (Chow and Robbins 1965): look, and go on until it is narrow enough. The
interval itself is that of ``query.paired``, the same that `planwise compare` shows.
"""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from simulation.errors import QueryError
from simulation.query.paired import compare
from simulation.sweep.until import Aim


class Decision(StrEnum):
    """What follows from a look."""

    GO_ON = "go on"
    KNOWN = "known"
    """The difference is known as closely as was asked."""
    MAXIMUM = "maximum"
    """It is not, and all the seeds are used that were allowed."""
    NO_PAIRS = "no pairs"
    """No seed of the last block has a value in both scenarios: more would not help."""


class Look(BaseModel):
    """What the common seeds of two scenarios say of their difference, in the metric's unit."""

    model_config = ConfigDict(frozen=True)

    metric: str
    year: int
    baseline: str
    scenario: str
    within: float
    pairs: int
    """Seeds that both have a value for."""
    difference: float | None = None
    half_width: float | None = None
    """Half the width of the interval at 95 %."""
    needed: int | None = None
    """How many more pairs it is likely to take; 0 when it is known."""
    decision: Decision


def more_needed(pairs: int, half_width: float, within: float) -> int:
    """Return how many more pairs make the interval narrow enough: n x (h / X)^2, less the n there are."""
    if half_width <= within:
        return 0
    return max(math.ceil(pairs * (half_width / within) ** 2) - pairs, 1)


def look_at(directory: Path, aim: Aim, seeds: int, before: int) -> Look:
    """Return what the stores of a sweep say after so many seeds; ``before`` pairs were there already."""
    until = aim.until
    pairs, difference, half_width = _interval(directory, aim)
    within = float(until.within)
    needed = None if half_width is None else more_needed(pairs, half_width, within)
    if needed == 0:
        decision = Decision.KNOWN
    elif pairs <= before:
        decision = Decision.NO_PAIRS
    else:
        decision = Decision.MAXIMUM if seeds >= until.maximum else Decision.GO_ON
    return Look(
        metric=until.metric,
        year=aim.year,
        baseline=aim.baseline,
        scenario=aim.scenario,
        within=within,
        pairs=pairs,
        difference=difference,
        half_width=half_width,
        needed=needed,
        decision=decision,
    )


def _interval(directory: Path, aim: Aim) -> tuple[int, float | None, float | None]:
    """Return how many pairs there are, their mean difference and half the width of its interval."""
    try:
        rows = compare(directory, aim.baseline, [aim.until.metric])
    except QueryError:  # no run of a scenario has succeeded
        return 0, None, None
    of_both = rows.filter(scenario=aim.scenario, year=aim.year)
    if of_both.is_empty():
        return 0, None, None
    row = of_both.row(0, named=True)
    half_width = None if row["ci_high"] is None else row["ci_high"] - row["difference_mean"]
    return row["n"], row["difference_mean"], half_width
