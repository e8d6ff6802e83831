"""A run of a sweep as a value, a block of runs that are done at once, and the shape of what does them.

The function is a generator: a step a year, an outcome a run. An executor that stops asking stops the runs,
and progress needs no channel of its own. Knows neither Ray nor what a simulation is.
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


Block: TypeAlias = tuple[RunTask, ...]
"""Runs of one scenario that a worker does at once, the seed as a column; most often one, or a dozen."""


@dataclass(frozen=True, slots=True)
class YearDone:
    """The runs of a block that are under way have written a year: how many of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """The run of a seed has sealed its store; ``warnings`` counts what soft gates of data quality found."""

    seed: int
    digest: str
    events: int
    seconds: float
    warnings: int = 0
    note: str = ""
    """What became of the years that an earlier attempt had committed."""
    sent_from: str = ""
    """The machine that sent the store back, as it does not see where it belongs."""


@dataclass(frozen=True, slots=True)
class StorePiece:
    """A part of a seed's sealed store that cannot be left in place; the last one, empty, has the SHA-256."""

    seed: int
    content: bytes
    sha256: str = ""


Step: TypeAlias = YearDone | RunOutcome
Steps: TypeAlias = Generator[Step, None, None]
Work: TypeAlias = Callable[[Block, Any], Steps]
"""Does a block with what all blocks share: picklable by reference, so that any worker can import it."""
