"""Which runs of a sweep come next: all that are missing at once, or block by block until something is known.

Writes what it adds to the sweep's record before it is run, so that a resume goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulation.sweep.directory import SweepDirectory
from simulation.sweep.journal import Journal
from simulation.sweep.look import Decision, look_at
from simulation.sweep.record import SweepRecord
from simulation.sweep.result import SweepRun
from simulation.sweep.settled import settled_runs
from simulation.sweep.task import RunTask
from simulation.sweep.until import Aim
from simulation.sweep.watch import SweepWatch


class Rounds:
    """The runs of a sweep, and which of them are done already."""

    def __init__(
        self,
        directory: SweepDirectory,
        record: SweepRecord,
        scenarios: Sequence[str],
        seeds: Sequence[int],
        journal: Journal,
    ) -> None:
        """Take where the sweep is, and which runs are asked for."""
        self.tasks: list[RunTask] = []
        self.settled: dict[RunTask, SweepRun] = {}
        self._directory = directory
        self._record = record
        self._scenarios = scenarios
        self._seeds = tuple(seeds)
        self._journal = journal
        self.missing = self._added(self._seeds)

    def each(self, aim: Aim | None, watch: SweepWatch) -> Iterator[list[RunTask]]:
        """Yield the runs of each round; a round is asked for when the one before it has ended."""
        if self.missing:
            yield self.missing
        pairs = 0
        while aim is not None and not watch.was_cancelled:
            look = look_at(self._directory.path, aim, len(self._seeds), pairs)
            watch.looked(look)
            if look.decision is not Decision.GO_ON:
                return
            pairs = look.pairs
            seeds = aim.until.further(self._seeds)
            self._seeds += seeds
            self._record = self._record.model_copy(update={"seeds": self._seeds})
            self._record.write(self._directory.record)
            missing = self._added(seeds)
            watch.added(len(missing))
            yield missing

    def in_order(self) -> list[RunTask]:
        """Return every run: scenario by scenario, seed by seed."""
        places = {name: place for place, name in enumerate(self._scenarios)}
        return sorted(self.tasks, key=lambda task: places[task.scenario])

    def _added(self, seeds: Sequence[int]) -> list[RunTask]:
        """Take in every scenario with some seeds, and return what of it is missing."""
        tasks = [
            RunTask(scenario, seed, self._directory.store(scenario, seed))
            for scenario in self._scenarios
            for seed in seeds
        ]
        settled = settled_runs(self._directory, self._record, tasks, self._journal)
        self.tasks += tasks
        self.settled |= settled
        return [task for task in tasks if task not in settled]
