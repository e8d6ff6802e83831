"""The work of a job: a sweep, with its progress told run by run.

The one place where jobs meet `simulation.sweep`; the runner gives it a job and knows nothing of sweeps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from app.jobs.runner import Outcome, Report, Work
from app.jobs.spec import JobProgress, RunCell, RunState, SweepSpec
from app.jobs.table import Job, JobState
from app.log import logger
from app.places import Places
from simulation.parameters import Scenario, load_scenario
from simulation.sweep import RunStatus, SweepPlan, SweepProgress, SweepResult, SweepRun, run_sweep

_STATES = {
    RunStatus.DONE: RunState.DONE,
    RunStatus.FAILED: RunState.FAILED,
    RunStatus.CANCELLED: RunState.WAITING,
}


_LOGGED: Final = {"scenario", "seed", "digest", "status", "seconds", "attempts", "error", "warnings", "note"}


class Grid:
    """Every run of a sweep and where it stands, kept up to date from reports."""

    def __init__(self, scenarios: Sequence[Scenario], seeds: Sequence[int]) -> None:
        """Take what is multiplied; all runs wait."""
        years = {scenario.name: len(scenario.horizon.years) for scenario in scenarios}
        self._cells = {
            (name, seed): RunCell(scenario=name, seed=seed, years=count)
            for name, count in years.items()
            for seed in seeds
        }
        self._running: dict[tuple[str, int], int] = {}

    def settle(self, run: SweepRun) -> None:
        """Note how a run ended, or that it did not."""
        changes = {"state": _STATES[run.status], "message": run.error or "", "warnings": run.warnings}
        self._set(run.scenario, run.seed, **changes)

    def progress(self, report: SweepProgress) -> JobProgress:
        """Return a report of the sweep as a job's progress."""
        if report.last is not None:
            self.settle(report.last)
        running = {(run.scenario, run.seed): run.year_done for run in report.current}
        for name, seed in self._running.keys() - running.keys():
            if self._cells[name, seed].state is RunState.RUNNING:
                self._set(name, seed, state=RunState.WAITING, years_done=0)
        for (name, seed), years in running.items():
            if self._running.get((name, seed)) != years:
                self._set(name, seed, state=RunState.RUNNING, years_done=years)
        self._running = running
        note = "" if report.workers else "starting the workers"
        return self._as_progress(report.elapsed, report.eta, note)

    def result(self, result: SweepResult) -> JobProgress:
        """Return what became of every run."""
        for run in result.runs:
            self.settle(run)
        return self._as_progress(result.seconds, None, "")

    def start(self, done: Callable[[str, int], bool]) -> JobProgress:
        """Return the progress before anything runs: what an earlier attempt finished is done."""
        for name, seed in self._cells:
            if done(name, seed):
                self._set(name, seed, state=RunState.DONE)
        return self._as_progress(0.0, None, "starting the workers")

    def _set(self, scenario: str, seed: int, **changes: object) -> None:
        cell = self._cells[scenario, seed]
        self._cells[scenario, seed] = cell.model_copy(update=changes)

    def _as_progress(self, seconds: float, eta: float | None, note: str) -> JobProgress:
        return JobProgress(runs=tuple(self._cells.values()), seconds=seconds, eta_seconds=eta, note=note)


def sweep_work(places: Places) -> Work:
    """Return what does a job whose sweeps belong in a data directory."""

    def work(job: Job, report: Report, should_stop: Callable[[], bool]) -> Outcome:
        spec = job.spec
        scenarios = [load_scenario(path, years=spec.years) for path in spec.scenarios]
        grid = Grid(scenarios, spec.seeds)
        directory = places.sweep(spec.name)
        report(grid.start(lambda name, seed: (directory / name / f"seed_{seed}.duckdb").exists()))

        def tell(progress: SweepProgress) -> None:
            if progress.last is not None:
                _log(progress.last)
            report(grid.progress(progress))

        result = run_sweep(
            _plan(spec, scenarios),
            out=places.sweeps,
            workers=spec.workers,
            address=spec.address,
            resume=job.attempt > 1,
            on_progress=tell,
            should_cancel=should_stop,
        )
        report(grid.result(result))
        return _outcome(result)

    return work


def _log(run: SweepRun) -> None:
    said = run.model_dump(mode="json", include=_LOGGED)
    (logger().error if run.error else logger().info)("run ended", **said)


def _plan(spec: SweepSpec, scenarios: Sequence[Scenario]) -> SweepPlan:
    return SweepPlan(name=spec.name, scenarios=tuple(scenarios), seeds=spec.seeds, census=spec.census)


def _outcome(result: SweepResult) -> Outcome:
    if result.complete:
        return Outcome(JobState.DONE)
    if result.cancelled:
        return Outcome(JobState.CANCELLED)
    failed = [f"{run.scenario}, seed {run.seed}: {run.error}" for run in result.failed]
    shown = "\n".join(failed[:5])
    more = f"\nand {len(failed) - 5} more" if len(failed) > 5 else ""  # noqa: PLR2004 (as above)
    return Outcome(JobState.FAILED, f"{len(failed)} of {len(result.runs)} runs failed\n{shown}{more}")
