"""One run of a sweep as a value, and the shape of the function that does it.

The function is a generator: a step a year, the outcome last. An executor that stops asking stops the run, and
progress needs no channel of its own. Knows neither Ray nor what a simulation is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class RunTask:
    """One scenario with one seed, and where its store will be."""

    scenario: str
    seed: int
    store: Path


@dataclass(frozen=True, slots=True)
class YearDone:
    """A run has written a year: how many of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """A run has sealed its store; ``warnings`` counts what soft gates of data quality found."""

    digest: str
    events: int
    seconds: float
    warnings: int = 0
    note: str = ""
    """What became of the years that an earlier attempt had committed."""


Steps: TypeAlias = Generator[YearDone | RunOutcome, None, None]
Work: TypeAlias = Callable[[RunTask, Any], Steps]
"""Does a task with what all tasks share: picklable by reference, so that any worker can import it."""
