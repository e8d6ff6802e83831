"""What runs tasks: the protocol of an executor, the watcher that it tells, and when a failure is tried again.

Two implementations keep it, one in this process and one on Ray; the same contract tests hold for both.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from simulation.errors import CERTAIN_TO_FAIL_AGAIN, PlanWiseError
from simulation.sweep.task import Block, RunOutcome, RunTask, Work, YearDone

MAX_ATTEMPTS: Final = 3
"""A run is tried again twice."""

POLL_SECONDS: Final = 0.2
"""The longest time between two questions of whether to stop."""


class Watcher(Protocol):
    """Is told what happens to the tasks, always in the thread that called the executor."""

    def ready(self, workers: int) -> None:
        """Workers are up: the time until now was starting, not working."""

    def started(self, tasks: Block, attempt: int) -> None:
        """A worker has taken tasks; the first attempt is 1."""

    def year_done(self, tasks: Block, step: YearDone) -> None:
        """Tasks of one worker have finished a year."""

    def finished(self, task: RunTask, outcome: RunOutcome, attempt: int) -> None:
        """A task is done."""

    def failed(self, task: RunTask, error: BaseException, attempt: int, *, final: bool) -> None:
        """An attempt failed; unless it is final, the task is tried again."""

    def cancelled(self) -> bool:
        """Return whether to stop: asked at least every `POLL_SECONDS` while an executor can."""


class Executor(Protocol):
    """Runs tasks until all are finished or failed, or the watcher says stop."""

    def run(
        self, tasks: Iterable[RunTask], inputs: Any, work: Work, watcher: Watcher, *, largest: int = 1
    ) -> None:
        """Run every task; a task that fails does not keep the others from running.

        A worker takes at most ``largest`` tasks of one scenario at once. Of those that fail together each is
        tried again by itself. When it returns, or raises, no worker of it is busy any more.

        Raises:
            ClusterError: there are no workers to be had.
        """

    def kept(self) -> AbstractContextManager[None]:
        """Keep the workers between one ``run`` and the next."""


def is_final(error: BaseException, attempt: int) -> bool:
    """Return whether a failed attempt is the last one of its task."""
    return attempt >= MAX_ATTEMPTS or isinstance(error, CERTAIN_TO_FAIL_AGAIN)


def explained(error: BaseException) -> str:
    """Return an error for a person: one of ours as it is, any other with its kind."""
    return str(error) if isinstance(error, PlanWiseError) else f"{type(error).__name__}: {error}"
