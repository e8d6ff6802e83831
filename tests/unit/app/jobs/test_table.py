"""The job table's promises: who may do what when, and that two processes never share a job."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.jobs import Job, JobProgress, JobState, JobTable, RunCell, RunState, SweepSpec
from app.jobs.table import MOVES, RESUMABLE
from simulation.errors import SweepError


def spec(name: str = "first", seeds: tuple[int, ...] = (1, 2)) -> SweepSpec:
    return SweepSpec(
        name=name, scenarios=(Path("a.yaml"), Path("b.yaml")), census=Path("c.parquet"), seeds=seeds
    )


@pytest.fixture
def table(tmp_path: Path) -> JobTable:
    return JobTable(tmp_path / "jobs.sqlite")


def running(table: JobTable, name: str = "first") -> Job:
    table.submit(spec(name))
    job = table.claim()
    assert job is not None
    return job


def test_a_submitted_job_comes_back_as_it_was_given(table: JobTable) -> None:
    table.submit(spec())
    job = table.named("first")
    assert job.spec == spec()
    assert job.state is JobState.QUEUED
    assert job.live
    assert not job.resumable


def test_jobs_are_claimed_oldest_first_and_once(table: JobTable) -> None:
    for name in ("first", "second"):
        table.submit(spec(name))
    claimed = [table.claim(), table.claim(), table.claim()]
    assert [job.name if job else None for job in claimed] == ["first", "second", None]


def test_runners_that_claim_at_once_get_different_jobs(table: JobTable) -> None:
    for index in range(12):
        table.submit(spec(f"job-{index}"))
    gate = threading.Barrier(4)

    def claim_three() -> list[str]:
        gate.wait()
        return [job.name for job in (table.claim(), table.claim(), table.claim()) if job]

    with ThreadPoolExecutor(4) as pool:
        claims = [name for names in pool.map(lambda _: claim_three(), range(4)) for name in names]
    assert sorted(claims) == sorted(f"job-{index}" for index in range(12))


@pytest.mark.parametrize("second", ["first", "FIRST"])
def test_a_name_is_taken_once_whatever_its_case(table: JobTable, second: str) -> None:
    table.submit(spec("first"))
    with pytest.raises(SweepError, match="of that name") as refusal:
        table.submit(spec(second))
    assert "resume that sweep" in str(refusal.value)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "end.", "x" * 65, "semi;colon", "new\nline"])
def test_a_name_that_is_unfit_for_a_directory_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        spec(name)


@pytest.mark.parametrize("seeds", [(), (-1,)])
def test_seeds_are_whole_numbers_and_at_least_one(seeds: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        spec(seeds=seeds)


def test_a_seed_that_is_asked_for_twice_runs_once() -> None:
    assert spec(seeds=(3, 1, 3)).seeds == (3, 1)


def test_progress_is_kept_and_counts_years_of_running_runs(table: JobTable) -> None:
    job = running(table)
    cells = (
        RunCell(scenario="a", seed=1, state=RunState.DONE),
        RunCell(scenario="a", seed=2, state=RunState.RUNNING, years_done=2, years=4),
    )
    table.report(job.id, JobProgress(runs=cells, seconds=3.5, eta_seconds=1.0))
    progress = table.get(job.id).progress
    assert progress.fraction == pytest.approx(0.75)
    assert progress.count(RunState.DONE) == 1
    assert progress.eta_seconds == pytest.approx(1.0)


def test_a_queued_job_is_cancelled_at_once(table: JobTable) -> None:
    job_id = table.submit(spec())
    table.cancel(job_id)
    assert table.get(job_id).state is JobState.CANCELLED
    assert table.claim() is None


def test_a_running_job_is_asked_to_stop_and_says_itself_when_it_has(table: JobTable) -> None:
    job = running(table)
    assert not table.cancel_asked(job.id)
    table.cancel(job.id)
    assert table.cancel_asked(job.id)
    assert table.get(job.id).state is JobState.RUNNING
    table.finish(job.id, JobState.CANCELLED)
    assert table.get(job.id).resumable


@pytest.mark.parametrize("ended", sorted(RESUMABLE))
def test_what_ended_with_work_left_can_be_queued_again(table: JobTable, ended: JobState) -> None:
    job = running(table)
    table.cancel(job.id)
    table.finish(job.id, ended, error="for a reason")
    table.resume(job.id)
    again = table.claim()
    assert again is not None
    assert again.attempt == 2
    assert not again.cancel_asked
    assert again.error == ""


@pytest.mark.parametrize("state", sorted({JobState.DONE, *RESUMABLE}))
def test_a_job_ends_once(table: JobTable, state: JobState) -> None:
    job = running(table)
    table.finish(job.id, JobState.DONE)
    with pytest.raises(SweepError, match="is done"):
        table.finish(job.id, state)


def test_what_is_done_is_not_resumed(table: JobTable) -> None:
    job = running(table)
    table.finish(job.id, JobState.DONE)
    with pytest.raises(SweepError, match="is done"):
        table.resume(job.id)


def test_every_state_has_its_moves() -> None:
    assert set(MOVES) == set(JobState)


def test_what_a_dead_runner_left_is_queued_once_more_and_then_left_to_a_person(table: JobTable) -> None:
    job = running(table)
    assert [left.state for left in table.recover()] == [JobState.QUEUED]
    assert table.claim() is not None
    (left,) = table.recover()
    assert left.id == job.id
    assert left.state is JobState.INTERRUPTED
    assert left.resumable
    assert "runner stopped" in left.error
    assert table.recover() == []


def test_a_beat_is_later_than_the_start(table: JobTable) -> None:
    job = running(table)
    table.beat(job.id)
    beaten = table.get(job.id)
    assert beaten.heartbeat_at is not None
    assert job.heartbeat_at is not None
    assert beaten.heartbeat_at >= job.heartbeat_at


def test_the_newest_come_first_and_no_more_than_asked_for(table: JobTable) -> None:
    for index in range(4):
        table.submit(spec(f"job-{index}"))
    assert [job.name for job in table.newest(2)] == ["job-3", "job-2"]


def test_a_sweep_that_is_not_there_is_named_with_the_nearest(table: JobTable) -> None:
    table.submit(spec("baseline-2027"))
    with pytest.raises(SweepError, match="did you mean 'baseline-2027'"):
        table.named("baselin-2027")
    with pytest.raises(SweepError, match="no such job"):
        table.get(99)


def test_a_second_opening_finds_the_same_jobs(table: JobTable) -> None:
    table.submit(spec())
    assert JobTable(table.path).named("first").spec == spec()
