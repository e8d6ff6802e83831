"""The runner's promises: whatever the work does, the table says how it ended."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from app.jobs import Job, JobProgress, JobState, JobTable, RunCell, RunState, SweepSpec
from app.jobs.lock import held, sole_runner
from app.jobs.runner import Outcome, Report, Runner
from simulation.errors import CensusError, Problem


@pytest.fixture
def table(tmp_path: Path) -> JobTable:
    table = JobTable(tmp_path / "jobs.sqlite")
    table.submit(SweepSpec(name="job", scenarios=(Path("a.yaml"),), census=Path("c.parquet"), seeds=(1,)))
    return table


def work_through(table: JobTable, work: Callable[[Job, Report, Callable[[], bool]], Outcome]) -> Job:
    Runner(table, work).run(until_idle=lambda: True)
    return table.named("job")


def test_work_that_ends_well_is_done_with_its_last_report(table: JobTable) -> None:
    def work(job: Job, report: Report, _: Callable[[], bool]) -> Outcome:
        for done in range(5):
            report(JobProgress(runs=(RunCell(scenario="a", seed=1, years_done=done, years=5),)))
        report(JobProgress(runs=(RunCell(scenario="a", seed=1, state=RunState.DONE),)))
        return Outcome(JobState.DONE)

    job = work_through(table, work)
    assert job.state is JobState.DONE
    assert job.progress.fraction == pytest.approx(1.0)


def test_a_report_is_seen_while_the_step_after_it_goes_on(table: JobTable) -> None:
    """The second report comes at once after the first, and no third."""

    def work(job: Job, report: Report, _: Callable[[], bool]) -> Outcome:
        for done in (1, 2):
            report(JobProgress(runs=(RunCell(scenario="a", seed=1, years_done=done, years=5),)))
        ends = time.monotonic() + 20
        while time.monotonic() < ends and table.get(job.id).progress.runs[:1] != (
            RunCell(scenario="a", seed=1, years_done=2, years=5),
        ):
            time.sleep(0.01)
        return Outcome(JobState.DONE if time.monotonic() < ends else JobState.FAILED)

    assert work_through(table, work).state is JobState.DONE


def test_a_report_that_the_table_refuses_is_written_later(
    table: JobTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals, written = [sqlite3.OperationalError("disk is full")], table.report

    def report(job_id: int, progress: JobProgress) -> None:
        if refusals:
            raise refusals.pop()
        written(job_id, progress)

    monkeypatch.setattr(table, "report", report)
    test_a_report_is_seen_while_the_step_after_it_goes_on(table)
    assert not refusals


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (CensusError("bad census", problems=[Problem("row 3", "pay is -1")]), "row 3: pay is -1"),
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    ],
)
def test_work_that_fails_says_why_and_the_runner_lives_on(
    table: JobTable, error: Exception, said: str
) -> None:
    def work(*_: object) -> Outcome:
        raise error

    with capture_logs() as lines:
        job = work_through(table, work)
    assert job.state is JobState.FAILED
    assert said in job.error
    begun, *_, ended = lines
    assert (begun["event"], ended["event"], ended["state"]) == ("job begun", "job ended", "failed")
    assert said in ended["error"]


def test_work_sees_that_it_was_cancelled(table: JobTable) -> None:
    def work(job: Job, _: Report, should_stop: Callable[[], bool]) -> Outcome:
        before = should_stop()
        table.cancel(job.id)
        return Outcome(JobState.CANCELLED if should_stop() and not before else JobState.DONE)

    assert work_through(table, work).state is JobState.CANCELLED


def test_a_runner_that_is_told_to_stop_leaves_its_job_interrupted(table: JobTable) -> None:
    def work(_: Job, __: Report, should_stop: Callable[[], bool]) -> Outcome:
        runner.stopping.set()
        return Outcome(JobState.CANCELLED if should_stop() else JobState.DONE)

    runner = Runner(table, work)
    runner.run()
    assert table.named("job").state is JobState.INTERRUPTED
    assert table.named("job").resumable


def test_a_new_runner_takes_up_what_a_dead_one_left(table: JobTable) -> None:
    assert table.claim() is not None
    job = work_through(table, lambda *_: Outcome(JobState.DONE))
    assert job.state is JobState.DONE
    assert job.attempt == 2


def test_one_runner_holds_a_directory(tmp_path: Path) -> None:
    lock = tmp_path / "runner.lock"
    with sole_runner(lock) as mine:
        assert mine
        assert held(lock)
        with sole_runner(lock) as second:
            assert not second
    assert not held(lock)
