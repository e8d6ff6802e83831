"""The runner process: takes queued jobs one after the other and works on them; it owns Ray, pages do not.

``python -m app.jobs.runner --data DIR`` is what `planwise serve` starts and what a systemd unit would.
It knows the job table and a function that does the work, and no screen.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from app.jobs.lock import sole_runner
from app.jobs.spec import JobProgress
from app.jobs.table import Job, JobState, JobTable
from app.log import begin, bound, logger
from app.places import Places
from simulation.errors import PlanWiseError

POLL_SECONDS: Final = 0.3
BEAT_SECONDS: Final = 1.0
REPORT_SECONDS: Final = 0.2
NICENESS: Final = 5
"""The pages come first: a sweep takes a little longer rather than a click."""

ALREADY_RUNNING: Final = 3
"""The exit code when another runner serves this directory."""


class Outcome(NamedTuple):
    """How the work on a job ended."""

    state: JobState
    error: str = ""


Report = Callable[[JobProgress], None]
Work = Callable[[Job, Report, Callable[[], bool]], Outcome]
"""Does a job: is given how to report and whether to stop, and says how it ended."""


class Runner:
    """Works through the queue of one table."""

    def __init__(self, table: JobTable, work: Work) -> None:
        """Take the queue, and the function that does a job."""
        self.table = table
        self.work = work
        self.stopping = threading.Event()

    def run(self, *, until_idle: Callable[[], bool] = lambda: False) -> None:
        """Work until asked to stop, or until the queue is empty and `until_idle` says so."""
        self.table.recover()
        while not self.stopping.is_set():
            job = self.table.claim()
            if job is not None:
                self._do(job)
            elif until_idle():
                return
            else:
                self.stopping.wait(POLL_SECONDS)

    def _do(self, job: Job) -> None:
        """Work on one job, and write down how it ended, whatever happens."""
        with bound(job=job.id, sweep=job.name, attempt=job.attempt):
            logger().info("job begun")
            outcome = self._worked_on(job)
            self.table.finish(job.id, outcome.state, error=outcome.error)
            logger().info("job ended", state=outcome.state, error=outcome.error)

    def _worked_on(self, job: Job) -> Outcome:
        report = _Throttle(lambda progress: self.table.report(job.id, progress))
        with self._heart(job.id):
            try:
                outcome = self.work(job, report, lambda: self._should_stop(job.id))
            except PlanWiseError as error:
                outcome = Outcome(JobState.FAILED, str(error))
            except Exception as error:  # noqa: BLE001 (a fault of ours ends one job, and is shown; never the runner)
                logger().exception("unexpected, while a job was worked on")
                outcome = Outcome(JobState.FAILED, f"{type(error).__name__}: {error}")
            report.flush()
        if outcome.state is JobState.CANCELLED and self.stopping.is_set():
            return Outcome(JobState.INTERRUPTED, "the runner was stopped; finished runs are kept")
        return outcome

    def _should_stop(self, job_id: int) -> bool:
        return self.stopping.is_set() or self.table.cancel_asked(job_id)

    @contextlib.contextmanager
    def _heart(self, job_id: int) -> Iterator[None]:
        """Beat once a second from a thread of its own, so that a long step does not look like death."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(BEAT_SECONDS):
                self.table.beat(job_id)

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


class _Throttle:
    """Passes on a report at most every `REPORT_SECONDS`, and the last one always."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._last = 0.0
        self._kept: JobProgress | None = None

    def __call__(self, progress: JobProgress) -> None:
        self._kept = progress
        if time.monotonic() - self._last >= REPORT_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._kept is not None:
            self._report(self._kept)
            self._kept, self._last = None, time.monotonic()


def main(arguments: list[str] | None = None) -> int:
    """Serve one data directory until a signal comes; return the exit code."""
    options = _parser().parse_args(arguments)
    places = Places.at(options.data)
    os.nice(NICENESS)
    begin()
    with sole_runner(places.runner_lock) as mine:
        if not mine:
            sys.stderr.write(f"another runner serves {places.root}\n")
            return ALREADY_RUNNING
        from app.jobs.work import sweep_work

        runner = Runner(JobTable(places.jobs), sweep_work(places))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: runner.stopping.set())
        runner.run(until_idle=_orphaned(options.parent))
    return 0


def _orphaned(parent: int | None) -> Callable[[], bool]:
    """Return a test of whether the server that started this process is gone.

    A sweep outlives its server and is finished; an idle runner without a server is not wanted.
    """
    return lambda: parent is not None and os.getppid() != parent


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.jobs.runner", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data directory to serve")
    parser.add_argument("--parent", type=int, default=None, help="stop when idle once this process is gone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
