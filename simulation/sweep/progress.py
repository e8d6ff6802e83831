"""How far a sweep is: a value for screens, and the tracker that keeps it up to date.

Knows tasks and a clock; nothing of files or of who runs the tasks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from simulation.sweep.look import Look
from simulation.sweep.result import SweepRun
from simulation.sweep.task import RunTask, YearDone


class RunInProgress(NamedTuple):
    """A run that a worker has now."""

    scenario: str
    seed: int
    year_done: int
    years_total: int


class SweepProgress(BaseModel):
    """How far a sweep is; runs that an earlier attempt finished count as done."""

    model_config = ConfigDict(frozen=True)

    runs_total: int
    runs_done: int = 0
    runs_failed: int = 0
    runs_running: int = 0
    current: tuple[RunInProgress, ...] = ()
    last: SweepRun | None = None
    """The run whose end this report is about; every end is reported once."""
    look: Look | None = None
    """The look that this report is about; every look is reported once."""
    retried: int = 0
    """Attempts that failed and were tried again."""
    workers: int = 0
    """0 while they start."""
    elapsed: float = 0.0
    """Seconds since the sweep began."""
    eta: float | None = None
    """Seconds to the end, once there is something to judge by."""

    @property
    def fraction(self) -> float:
        """The share of the work that is done, 0 to 1; a running run counts by its years."""
        running = sum(run.year_done / run.years_total for run in self.current if run.years_total)
        ended = self.runs_done + self.runs_failed
        return (ended + running) / self.runs_total if self.runs_total else 1.0


class Tracker:
    """Counts what happens to the runs of one sweep."""

    def __init__(self, total: int, *, done: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        """Take how many runs there are, and how many an earlier attempt finished."""
        self._clock = clock
        self._began = clock()
        self._working_since: float | None = None
        self._total = total
        self._done = self._already = done
        self._failed = 0
        self._retried = 0
        self._workers = 0
        self._current: dict[RunTask, YearDone] = {}

    @property
    def startup_seconds(self) -> float:
        """Seconds until workers were up."""
        return (self._working_since or self._clock()) - self._began

    @property
    def elapsed(self) -> float:
        """Seconds since the sweep began."""
        return self._clock() - self._began

    def ready(self, workers: int) -> None:
        """Workers are up, for the first time or for another round."""
        self._workers = workers
        if self._working_since is None:
            self._working_since = self._clock()

    def added(self, runs: int) -> None:
        """There are more runs than were known of."""
        self._total += runs

    def started(self, task: RunTask) -> None:
        """A worker has taken a task."""
        self._current[task] = YearDone(0, 0)

    def year_done(self, task: RunTask, step: YearDone) -> None:
        """A task has finished a year."""
        self._current[task] = step

    def ended(self, task: RunTask, *, failed: bool) -> None:
        """A task is over."""
        self._current.pop(task, None)
        self._failed += failed
        self._done += not failed

    def retried(self, task: RunTask) -> None:
        """A task will be tried again."""
        self._current.pop(task, None)
        self._retried += 1

    def report(self, last: SweepRun | None = None) -> SweepProgress:
        """Return how far the sweep is now."""
        progress = SweepProgress(
            runs_total=self._total,
            runs_done=self._done,
            runs_failed=self._failed,
            runs_running=len(self._current),
            current=tuple(
                RunInProgress(task.scenario, task.seed, step.done, step.total)
                for task, step in self._current.items()
            ),
            last=last,
            retried=self._retried,
            workers=self._workers,
            elapsed=self.elapsed,
        )
        return progress.model_copy(update={"eta": self._eta(progress)})

    def _eta(self, progress: SweepProgress) -> float | None:
        """Return the time that the rest takes if it goes on as since the workers were up."""
        worked = progress.fraction * self._total - self._already
        left = self._total * (1 - progress.fraction)
        if self._working_since is None or worked <= 0:
            return None
        return (self._clock() - self._working_since) / worked * left
