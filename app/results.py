"""The read door of the pages: a sweep's values, its comparison, what it was given.

Stores never change, so an answer is kept under the digests of the stores that it came from; a sweep that
still runs gains stores, and with them other keys.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import polars as pl

from app.metrics import EVERYBODY
from simulation.errors import Problem, QueryError
from simulation.query import (
    COMPARISON_COLUMNS,
    Sweep,
    comparison,
    open_sweep,
    parameter_changes,
    population_metrics,
)

T = TypeVar("T")

KEPT: Final = 256
NAMED: Final = 5
"""Runs that are named one by one; of more, the number is said."""


@dataclass(frozen=True)
class SweepData:
    """A sweep as it was when it was read. Two of the same stores are the same."""

    name: str
    key: tuple[str, ...]
    """The digests of its stores."""
    scenarios: tuple[str, ...]
    """The baseline first."""
    sweep: Sweep = field(compare=False, repr=False)
    values: pl.DataFrame = field(compare=False, repr=False)
    """One row a scenario, seed, year and metric: scenario, seed, simulation_year, metric, value."""
    warnings: pl.DataFrame = field(compare=False, repr=False)
    """One row a scenario, seed, year and gate of data quality that did not pass."""

    @property
    def last_year(self) -> int:
        """The last simulated year."""
        return int(self.values["simulation_year"].to_numpy().max())

    def seeds_of(self, baseline: str) -> set[int]:
        """Return the seeds that a scenario was run with."""
        return set(self.sweep.runs.filter(pl.col("scenario") == baseline)["seed"])

    def seed_counts(self, baseline: str) -> tuple[int, int]:
        """Return how many seeds a baseline has, and how many it shares with who shares fewest, if any."""
        own = self.seeds_of(baseline)
        shared = [len(own & self.seeds_of(name)) for name in self.scenarios if name != baseline]
        return len(own), min((count for count in shared if count), default=0)

    def lost(self, finished: Iterable[tuple[str, int]]) -> list[str]:
        """Return what a reader should know of the runs, as scenario and seed, that are not here."""
        here = set(self.sweep.runs.select("scenario", "seed").iter_rows())
        gone = [f"{name} seed {seed}" for name, seed in finished if (name, seed) not in here]
        more = f" and {len(gone) - NAMED} more" if len(gone) > NAMED else ""
        said = f"Finished, but not read: {', '.join(gone[:NAMED])}{more}. What is shown rests on the others."
        return [*([said] if gone else []), *map(str, self.sweep.problems)]


@dataclass(frozen=True)
class Compared:
    """Differences to a baseline, and what a reader should know about them."""

    frame: pl.DataFrame
    notes: tuple[str, ...] = ()


class Results:
    """Reads for all sessions; answers are shared."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._lock = Lock()
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()

    def read(self, directory: Path, order: Sequence[str] = ()) -> SweepData:
        """Return the sweep in a directory; its scenarios in the order given, the others after them.

        Raises:
            QueryError: there is no sealed store in it that can be read.
        """
        if next(directory.rglob("seed_*.duckdb"), None) is None:
            hint = "put its stores back, or run it again under another name"
            problem = Problem(str(directory), "no sealed store of a run here", hint=hint)
            raise QueryError(f"the results of {directory.name!r} are gone", problems=[problem])
        sweep = open_sweep(directory)
        key = tuple(sweep.runs["digest"])
        found = sweep.scenarios
        names = tuple(dict.fromkeys([*(name for name in order if name in found), *found]))
        return self._once(
            (directory, key, names, sweep.problems),
            lambda: SweepData(directory.name, key, names, sweep, sweep.summaries(), sweep.warnings()),
        )

    def of_status(self, data: SweepData, status: str) -> pl.DataFrame:
        """Return the values of everybody, or of the people of one employment status."""
        if status == EVERYBODY:
            return data.values
        return self._once(("status", data.key, status), lambda: population_metrics(data.sweep, [status]))

    def compare(
        self, data: SweepData, baseline: str, metrics: Sequence[str], status: str = EVERYBODY
    ) -> Compared:
        """Return how the other scenarios differ from a baseline; nothing where no seed is common yet."""
        if not self._comparable(data, baseline):
            return Compared(pl.DataFrame(schema=dict.fromkeys(COMPARISON_COLUMNS, pl.Null())))
        asked = () if status == EVERYBODY else (status,)

        def work() -> Compared:
            found = comparison(data.sweep, baseline, metrics, asked)
            return Compared(found.frame, found.notes)

        return self._once(("compare", data.key, baseline, tuple(metrics), status), work)

    def parameters(self, data: SweepData, baseline: str) -> pl.DataFrame:
        """Return what the other scenarios were given that the baseline was not; see `parameter_changes`."""
        if len(data.scenarios) == 1:
            return pl.DataFrame()
        return self._once(("parameters", data.key, baseline), lambda: parameter_changes(data.sweep, baseline))

    def _comparable(self, data: SweepData, baseline: str) -> bool:
        own = data.seeds_of(baseline)
        return any(own & data.seeds_of(name) for name in data.scenarios if name != baseline)

    def _once(self, key: tuple[Any, ...], work: Callable[[], T]) -> T:
        """Return what a key was answered before, or work it out; two that ask at once may both work."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                found: T = self._kept[key]
                return found
        result = work()
        with self._lock:
            self._kept[key] = result
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return result


def with_stores(sweeps: Path) -> list[str]:
    """Return the directories of sweeps that hold sealed stores, those that no job made too, by name."""
    return [each.name for each in sorted(sweeps.glob("[!.]*")) if next(each.glob("*/seed_*.duckdb"), None)]
