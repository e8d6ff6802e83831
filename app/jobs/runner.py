"""The runner process: takes queued jobs one after the other and works on them; it owns Ray, pages do not.

``python -m app.jobs.runner --data DIR`` is what `planwise serve` starts and what a systemd unit would.
It knows the job table and a function that does the work, and no screen.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from app.jobs.lock import sole_runner
from app.jobs.pulse import Pulse
from app.jobs.spec import JobProgress
from app.jobs.table import Job, JobState, JobTable
from app.log import begin, bound, logger
from app.places import Places
from simulation.errors import PlanWiseError

POLL_SECONDS: Final = 0.3
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
        with Pulse(self.table, job.id) as pulse:
            try:
                outcome = self.work(job, pulse.report, lambda: self._should_stop(job.id))
            except PlanWiseError as error:
                outcome = Outcome(JobState.FAILED, str(error))
            except Exception as error:  # noqa: BLE001 (a fault of ours ends one job, and is shown; never the runner)
                logger().exception("unexpected, while a job was worked on")
                outcome = Outcome(JobState.FAILED, f"{type(error).__name__}: {error}")
        if outcome.state is JobState.CANCELLED and self.stopping.is_set():
            return Outcome(JobState.INTERRUPTED, "the runner was stopped; finished runs are kept")
        return outcome

    def _should_stop(self, job_id: int) -> bool:
        return self.stopping.is_set() or self.table.cancel_asked(job_id)


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
