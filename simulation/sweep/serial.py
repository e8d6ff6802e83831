"""The executor without workers: one block of runs after the other, in this process.

For one worker, for small sweeps and for tests; it knows nothing of Ray.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, closing, nullcontext
from typing import Any

from simulation.sweep.attempt import Attempt
from simulation.sweep.executor import Watcher
from simulation.sweep.task import RunTask, Step, Steps, Work
from simulation.sweep.waiting import Waiting


class SerialExecutor:
    """Runs tasks here, in the order given."""

    def run(
        self, tasks: Iterable[RunTask], inputs: Any, work: Work, watcher: Watcher, *, largest: int = 1
    ) -> None:
        """Run every task; a stop takes effect when the year at hand is done."""
        watcher.ready(1)
        waiting = Waiting(tasks, largest=largest, workers=1)
        while waiting and not watcher.cancelled():
            waiting.put_back(_tried(waiting.take(), inputs, work, watcher))

    def kept(self) -> AbstractContextManager[None]:
        """There are no workers to keep."""
        return nullcontext()


def _tried(attempt: Attempt, inputs: Any, work: Work, watcher: Watcher) -> list[Attempt]:
    """Return what is to be tried again of a block that was worked on until its end or a stop."""
    attempt.started(watcher)
    # Runs that are dropped half-way clear their unfinished stores away when their generator closes.
    with closing(work(attempt.block, inputs)) as steps:
        while True:
            step = _next(steps)
            if step is None:
                return attempt.ended(watcher)
            if isinstance(step, Exception):
                return attempt.failed(step, watcher)
            attempt.heard(step, watcher)
            if watcher.cancelled():
                return []


def _next(steps: Steps) -> Step | Exception | None:
    """Return the next step, nothing after the last, or what failed: the others go on, whatever that is."""
    try:
        return next(steps, None)
    except Exception as error:  # noqa: BLE001 (as above)
        return error
