"""Work for executors to do in tests: small functions that a worker process can import."""

from __future__ import annotations

import itertools
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from simulation.errors import Problem, ScenarioError
from simulation.sweep.task import Block, RunOutcome, RunTask, Steps, YearDone

YEARS = 3


def tasks(*seeds: int) -> list[RunTask]:
    return [RunTask("baseline", seed, Path(f"seed_{seed}.duckdb")) for seed in seeds]


def steady(block: Block, inputs: str) -> Steps:
    """Three years, then an outcome a run that shows the inputs."""
    for year in range(1, YEARS + 1):
        yield YearDone(year, YEARS)
    yield from outcomes(block, inputs)


def outcomes(block: Block, inputs: str) -> Steps:
    """Nothing but the outcomes."""
    for task in block:
        yield RunOutcome(task.seed, f"{inputs}-{task.seed}", task.seed, 0.5)


def at_once(block: Block, inputs: object) -> Steps:
    """Outcomes that hold nothing."""
    yield from (RunOutcome(task.seed, "", 0, 0.0) for task in block)


def unlucky(block: Block, inputs: str) -> Steps:
    """Fails in the second year, for seed 2 only."""
    yield YearDone(1, YEARS)
    if 2 in seeds(block):
        raise ValueError("seed 2 has no luck")
    yield from steady(block, inputs)


def late(block: Block, inputs: str) -> Steps:
    """Fails for seed 2 only, when the runs before it in the block are done."""
    for task in block:
        if task.seed == 2:
            raise ValueError("seed 2 has no luck")
        yield from outcomes((task,), inputs)


def refused(block: Block, inputs: str) -> Steps:
    """Fails for its inputs: trying again cannot help."""
    if 2 in seeds(block):
        problem = Problem("horizon", "too early")
        raise ScenarioError("no", problems=[problem], scenario=block[0].scenario, seed=2)
    yield from steady(block, inputs)


def flaky(block: Block, inputs: str) -> Steps:
    """Fails the first time, and succeeds when tried again; inputs is a directory to remember in."""
    if _first_time(block, inputs):
        raise OSError("a passing trouble")
    yield from steady(block, inputs)


def crashing(block: Block, inputs: str) -> Steps:
    """Takes its process down the first time."""
    yield YearDone(1, YEARS)
    if _first_time(block, inputs):
        os._exit(9)
    yield from steady(block, inputs)


def silent(block: Block, inputs: str) -> Steps:
    """Ends without an outcome of the last run."""
    yield YearDone(1, YEARS)
    yield from outcomes(block[:-1], inputs)


def endless(block: Block, inputs: str) -> Steps:
    """Goes on until it is dropped; the file of each seed says that it was closed in good order."""
    try:
        for year in itertools.count(1):
            threading.Event().wait(0.01)
            yield YearDone(min(year, YEARS), YEARS)
    finally:
        for seed in seeds(block):
            Path(inputs, f"closed_{seed}").touch()


def together(block: Block, inputs: str) -> Steps:
    """Tells how many runs were done at once."""
    yield from (RunOutcome(task.seed, f"{inputs}-{len(block)}", 0, 0.0) for task in block)


def environment(block: Block, inputs: str) -> Steps:
    """Tells the value of an environment variable of the worker."""
    yield from (RunOutcome(task.seed, os.environ.get(inputs, "unset"), 0, 0.0) for task in block)


def seeds(block: Block) -> list[int]:
    return [task.seed for task in block]


def dying(*_: object) -> None:
    """Take the process down."""
    os._exit(9)


def _unreadable() -> None:
    raise ModuleNotFoundError("no such program on this machine")


class OnlyHere:
    """Inputs that no other process can unpack."""

    def __reduce__(self) -> tuple[object, ...]:
        return _unreadable, ()


def _first_time(block: Block, directory: str) -> bool:
    marks = [Path(directory, f"tried_{seed}") for seed in seeds(block)]
    first = not any(mark.exists() for mark in marks)
    for mark in marks:
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

    def started(self, tasks: Block, attempt: int) -> None:
        self.heard.extend(("started", task.seed, attempt) for task in tasks)

    def year_done(self, tasks: Block, step: YearDone) -> None:
        self.heard.extend(("year", task.seed, step.done) for task in tasks)

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
