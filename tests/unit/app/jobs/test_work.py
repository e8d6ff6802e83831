"""A job is done by a real sweep, and told run by run."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.jobs import JobProgress, JobState, JobTable, RunState, SweepSpec
from app.jobs.runner import Runner
from app.jobs.work import Grid, sweep_work
from app.places import Places
from simulation.census import generate_census, write_census
from simulation.parameters import Scenario
from simulation.parameters.places import shipped_directory
from simulation.sweep import RunInProgress, RunStatus, SweepProgress, SweepRun


def grid() -> Grid:
    return Grid([Scenario(), Scenario(name="other")], [1, 2])


def states(progress: JobProgress) -> list[str]:
    return [run.state.value for run in progress.runs]


def test_before_it_begins_only_finished_stores_are_done() -> None:
    progress = grid().start(lambda name, seed: (name, seed) == ("other", 1))
    assert states(progress) == ["waiting", "waiting", "done", "waiting"]
    assert progress.note


def test_a_run_is_waiting_then_running_then_done() -> None:
    cells = grid()
    report = SweepProgress(runs_total=4, workers=2, current=(RunInProgress("baseline", 2, 3, 5),))
    running = cells.progress(report)
    assert states(running) == ["waiting", "running", "waiting", "waiting"]
    assert running.runs[1].years_done == 3
    over = SweepRun(scenario="baseline", seed=2, status=RunStatus.DONE)
    done = cells.progress(SweepProgress(runs_total=4, workers=2, last=over, elapsed=2.0, eta=1.0))
    assert states(done) == ["waiting", "done", "waiting", "waiting"]
    assert done.eta_seconds == pytest.approx(1.0)


def test_a_failed_run_says_why_and_a_retried_one_waits() -> None:
    cells = grid()
    cells.progress(SweepProgress(runs_total=4, current=(RunInProgress("other", 1, 2, 5),)))
    failed = SweepRun(scenario="other", seed=2, status=RunStatus.FAILED, error="disk full")
    progress = cells.progress(SweepProgress(runs_total=4, last=failed))
    assert states(progress) == ["waiting", "waiting", "waiting", "failed"]
    assert progress.runs[3].message == "disk full"
    assert progress.count(RunState.FAILED) == 1


def test_a_job_becomes_sealed_stores(tmp_path: Path) -> None:
    places = Places.at(tmp_path)
    census = write_census(generate_census(60), places.census / "small.parquet")
    table = JobTable(places.jobs)
    baseline = shipped_directory() / "baseline.yaml"
    table.submit(
        SweepSpec(
            name="small", scenarios=(baseline,), census=census, seeds=(1,), years=(2025, 2026), workers=1
        )
    )
    Runner(table, sweep_work(places)).run(until_idle=lambda: True)
    job = table.named("small")
    assert (job.state, job.error) == (JobState.DONE, "")
    assert job.order == ("baseline",)
    assert (places.sweep("small") / "baseline" / "seed_1.duckdb").exists()


def test_a_job_whose_scenario_is_gone_fails_with_the_reason(tmp_path: Path) -> None:
    places = Places.at(tmp_path)
    table = JobTable(places.jobs)
    gone = SweepSpec(
        name="gone", scenarios=(tmp_path / "gone.yaml",), census=tmp_path / "c.parquet", seeds=(1,)
    )
    table.submit(gone)
    Runner(table, sweep_work(places)).run(until_idle=lambda: True)
    job = table.named("gone")
    assert job.state is JobState.FAILED
    assert "gone.yaml" in job.error
