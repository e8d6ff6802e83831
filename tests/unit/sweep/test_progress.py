"""How far a sweep is."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.sweep.progress import RunInProgress, SweepProgress, Tracker
from simulation.sweep.task import RunTask, YearDone


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def task(seed: int) -> RunTask:
    return RunTask("baseline", seed, Path(f"seed_{seed}.duckdb"))


def test_years_of_running_runs_count() -> None:
    progress = SweepProgress(
        runs_total=4,
        runs_done=1,
        runs_failed=1,
        current=(RunInProgress("a", 3, 1, 4), RunInProgress("a", 4, 0, 0)),
    )
    assert progress.fraction == pytest.approx(2.25 / 4)


def test_a_sweep_without_runs_is_done() -> None:
    assert SweepProgress(runs_total=0).fraction == 1.0


def test_runs_move_from_waiting_over_running_to_their_end() -> None:
    tracker = Tracker(3)
    tracker.ready(2)
    tracker.started(task(1))
    tracker.started(task(2))
    tracker.year_done(task(1), YearDone(2, 5))
    report = tracker.report()
    assert report.current == (RunInProgress("baseline", 1, 2, 5), RunInProgress("baseline", 2, 0, 0))
    tracker.ended(task(1), failed=False)
    tracker.ended(task(2), failed=True)
    report = tracker.report()
    assert (report.runs_done, report.runs_failed, report.runs_running, report.current) == (1, 1, 0, ())


def test_a_retried_run_waits_again() -> None:
    tracker = Tracker(1)
    tracker.started(task(1))
    tracker.retried(task(1))
    assert (tracker.report().runs_running, tracker.report().retried) == (0, 1)


def test_the_time_that_is_left_is_judged_by_the_work_since_the_workers_were_up() -> None:
    clock = Clock()
    tracker = Tracker(10, done=2, clock=clock)
    assert tracker.report().eta is None
    clock.now += 50  # starting workers says nothing about the work
    tracker.ready(2)
    assert tracker.report().eta is None
    clock.now += 20
    for seed in (1, 2):
        tracker.started(task(seed))
        tracker.ended(task(seed), failed=False)
    report = tracker.report()
    assert report.eta == pytest.approx(60)  # 10 s a run, 6 to go
    assert report.elapsed == pytest.approx(70)
    assert tracker.startup_seconds == pytest.approx(50)


def test_a_run_that_an_executor_never_started_can_end() -> None:
    tracker = Tracker(1)
    tracker.ended(task(1), failed=True)
    assert tracker.report().runs_failed == 1
