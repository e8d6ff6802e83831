"""Work for executors to do in tests: small functions that a worker process can import."""

from __future__ import annotations

import itertools
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from simulation.errors import Problem, ScenarioError
from simulation.sweep.task import RunOutcome, RunTask, Steps, YearDone

YEARS = 3


def tasks(*seeds: int) -> list[RunTask]:
    return [RunTask("baseline", seed, Path(f"seed_{seed}.duckdb")) for seed in seeds]


def steady(task: RunTask, inputs: str) -> Steps:
    """Three years, then an outcome that shows the inputs."""
    for year in range(1, YEARS + 1):
        yield YearDone(year, YEARS)
    yield RunOutcome(f"{inputs}-{task.seed}", task.seed, 0.5)


def unlucky(task: RunTask, inputs: str) -> Steps:
    """Fails in the second year, for seed 2 only."""
    yield YearDone(1, YEARS)
    if task.seed == 2:
        raise ValueError("seed 2 has no luck")
    yield from steady(task, inputs)


def refused(task: RunTask, inputs: str) -> Steps:
    """Fails for its inputs: trying again cannot help."""
    if task.seed == 2:
        raise ScenarioError("no", problems=[Problem("horizon", "too early")], scenario=task.scenario, seed=2)
    yield from steady(task, inputs)


def flaky(task: RunTask, inputs: str) -> Steps:
    """Fails the first time, and succeeds when tried again; inputs is a directory to remember in."""
    if _first_time(task, inputs):
        raise OSError("a passing trouble")
    yield from steady(task, inputs)


def crashing(task: RunTask, inputs: str) -> Steps:
    """Takes its process down the first time."""
    yield YearDone(1, YEARS)
    if _first_time(task, inputs):
        os._exit(9)
    yield from steady(task, inputs)


def silent(task: RunTask, inputs: str) -> Steps:
    """Ends without an outcome."""
    yield YearDone(1, YEARS)


def endless(task: RunTask, inputs: str) -> Steps:
    """Goes on until it is dropped; the file of its seed says that it was closed in good order."""
    try:
        for year in itertools.count(1):
            threading.Event().wait(0.01)
            yield YearDone(min(year, YEARS), YEARS)
    finally:
        Path(inputs, f"closed_{task.seed}").touch()


def environment(task: RunTask, inputs: str) -> Steps:
    """Tells the value of an environment variable of the worker."""
    yield RunOutcome(os.environ.get(inputs, "unset"), 0, 0.0)


def _unreadable() -> None:
    raise ModuleNotFoundError("no such program on this machine")


class OnlyHere:
    """Inputs that no other process can unpack."""

    def __reduce__(self) -> tuple[object, ...]:
        return _unreadable, ()


def _first_time(task: RunTask, directory: str) -> bool:
    mark = Path(directory, f"tried_{task.seed}")
    first = not mark.exists()
    mark.touch()
    return first


@dataclass
class Recorder:
    """A watcher that keeps what it hears: (what, seed, detail)."""

    stop_at: str = ""
    """Say stop once this has happened."""
    heard: list[tuple[str, int, object]] = field(default_factory=list)
    errors: dict[int, BaseException] = field(default_factory=dict)
    workers: int = 0

    def ready(self, workers: int) -> None:
        self.workers = workers

    def started(self, task: RunTask, attempt: int) -> None:
        self.heard.append(("started", task.seed, attempt))

    def year_done(self, task: RunTask, step: YearDone) -> None:
        self.heard.append(("year", task.seed, step.done))

    def finished(self, task: RunTask, outcome: RunOutcome, attempt: int) -> None:
        self.heard.append(("finished", task.seed, outcome.digest))

    def failed(self, task: RunTask, error: BaseException, attempt: int, *, final: bool) -> None:
        self.errors[task.seed] = error
        self.heard.append(("failed" if final else "retry", task.seed, attempt))

    def cancelled(self) -> bool:
        return any(what == self.stop_at for what, _, _ in self.heard)

    def of(self, what: str) -> list[tuple[int, object]]:
        return sorted((seed, detail) for event, seed, detail in self.heard if event == what)

    def story(self, seed: int) -> list[tuple[str, object]]:
        return [(what, detail) for what, of, detail in self.heard if of == seed]
