"""The watcher of a sweep: writes the journal, keeps the count, reports progress, passes on the wish to stop.

Called by an executor; knows nothing of how it runs tasks.
"""

from __future__ import annotations

from collections.abc import Callable

from simulation.sweep.executor import explained
from simulation.sweep.journal import Journal
from simulation.sweep.look import Look
from simulation.sweep.progress import SweepProgress, Tracker
from simulation.sweep.result import RunStatus, SweepRun
from simulation.sweep.task import Block, RunOutcome, RunTask, YearDone


class SweepWatch:
    """What a sweep hears from its executor."""

    def __init__(
        self,
        journal: Journal,
        tracker: Tracker,
        on_progress: Callable[[SweepProgress], None] | None,
        should_cancel: Callable[[], bool] | None,
    ) -> None:
        """Take where to write, what to count with, whom to tell and whom to ask."""
        self.ended: dict[RunTask, SweepRun] = {}
        self.looks: list[Look] = []
        self.was_cancelled = False
        self._journal = journal
        self._tracker = tracker
        self._on_progress = on_progress
        self._should_cancel = should_cancel
        self._report()

    def ready(self, workers: int) -> None:
        """Workers are up."""
        self._tracker.ready(workers)
        self._journal.write("ready", workers=workers, seconds=round(self._tracker.elapsed, 3))
        self._report()

    def started(self, tasks: Block, attempt: int) -> None:
        """A worker has taken tasks."""
        for task in tasks:
            self._tracker.started(task)
            self._journal.write("started", scenario=task.scenario, seed=task.seed, attempt=attempt)
        self._report()

    def year_done(self, tasks: Block, step: YearDone) -> None:
        """Tasks of one worker have finished a year."""
        for task in tasks:
            self._tracker.year_done(task, step)
        self._report()

    def finished(self, task: RunTask, outcome: RunOutcome, attempt: int) -> None:
        """A task is done."""
        run = SweepRun(
            scenario=task.scenario,
            seed=task.seed,
            store=task.store,
            digest=outcome.digest,
            status=RunStatus.DONE,
            seconds=round(outcome.seconds, 3),
            attempts=attempt,
            note=outcome.note or None,
            sent_from=outcome.sent_from or None,
            warnings=outcome.warnings,
        )
        self._end(task, run, events=outcome.events)

    def failed(self, task: RunTask, error: BaseException, attempt: int, *, final: bool) -> None:
        """An attempt failed."""
        message = explained(error)
        if final:
            failed = SweepRun(
                scenario=task.scenario,
                seed=task.seed,
                status=RunStatus.FAILED,
                attempts=attempt,
                error=message,
            )
            self._end(task, failed)
            return
        self._tracker.retried(task)
        self._journal.write("retry", scenario=task.scenario, seed=task.seed, attempt=attempt, error=message)
        self._report()

    def added(self, runs: int) -> None:
        """There are more runs than were known of."""
        self._tracker.added(runs)
        self._report()

    def looked(self, look: Look) -> None:
        """Something is known of a difference after another block of seeds."""
        self.looks.append(look)
        self._journal.write("look", **look.model_dump(mode="json"))
        if self._on_progress is not None:
            self._on_progress(self._tracker.report().model_copy(update={"look": look}))

    def cancelled(self) -> bool:
        """Return whether to stop; once said, it stays so."""
        if not self.was_cancelled and self._should_cancel is not None:
            self.was_cancelled = self._should_cancel()
        return self.was_cancelled

    def counts(self) -> dict[str, int]:
        """Return how many runs this sweep did and how many failed."""
        states = [run.status for run in self.ended.values()]
        return {status: states.count(status) for status in (RunStatus.DONE, RunStatus.FAILED)}

    def _end(self, task: RunTask, run: SweepRun, events: int | None = None) -> None:
        self.ended[task] = run
        self._tracker.ended(task, failed=run.status is RunStatus.FAILED)
        details = run.model_dump(mode="json", exclude={"status", "store"})
        size = task.store.stat().st_size if run.store and run.store.exists() else None
        self._journal.write(run.status, **details, events=events, bytes=size)
        self._report(run)

    def _report(self, last: SweepRun | None = None) -> None:
        if self._on_progress is not None:
            self._on_progress(self._tracker.report(last))
