"""The executor without workers: one run after the other, in this process.

For one worker, for small sweeps and for tests; it knows nothing of Ray.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import Any

from simulation.errors import RunError
from simulation.sweep.executor import MAX_ATTEMPTS, Watcher, is_final
from simulation.sweep.task import RunOutcome, RunTask, Steps, Work, YearDone


class SerialExecutor:
    """Runs tasks here, in the order given."""

    def run(self, tasks: Iterable[RunTask], inputs: Any, work: Work, watcher: Watcher) -> None:
        """Run every task; a stop takes effect when the year at hand is done."""
        watcher.ready(1)
        for task in tasks:
            for attempt in range(1, MAX_ATTEMPTS + 1):
                if watcher.cancelled():
                    return
                if _attempted(task, inputs, work, watcher, attempt):
                    break


def _attempted(task: RunTask, inputs: Any, work: Work, watcher: Watcher, attempt: int) -> bool:
    """Return whether this was the last attempt that the task needs."""
    watcher.started(task, attempt)
    # A run that is dropped half-way clears its unfinished store away when its generator closes.
    with closing(work(task, inputs)) as steps:
        while True:
            step = _next(steps)
            if isinstance(step, Exception):
                final = is_final(step, attempt)
                watcher.failed(task, step, attempt, final=final)
                return final
            if isinstance(step, RunOutcome):
                watcher.finished(task, step, attempt)
                return True
            watcher.year_done(task, step)
            if watcher.cancelled():
                return True


def _next(steps: Steps) -> YearDone | RunOutcome | Exception:
    """Return the next step of a run, or what it failed of: the others go on, whatever that is."""
    try:
        return next(steps)
    except StopIteration:
        return RunError("the run ended without an outcome")
    except Exception as error:  # noqa: BLE001 (as above)
        return error
