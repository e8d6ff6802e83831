"""What a sweep would do and cost, before anything of it starts: runs, time, disk, memory.

An estimate from a short calibration; it writes nothing where the sweep would.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import psutil
from pydantic import BaseModel, ConfigDict

from simulation.cores import cores
from simulation.parameters.canonical import plain
from simulation.sweep.calibration import Measure, calibrate
from simulation.sweep.directory import SweepDirectory
from simulation.sweep.driver import admitted
from simulation.sweep.inputs import Inputs, gather, sweep_name
from simulation.sweep.plan import SweepPlan
from simulation.sweep.record import SweepRecord
from simulation.sweep.until import aim_of
from simulation.sweep.waiting import largest_block
from simulation.version import code_version

HEADROOM: Final = 1.2
"""Of an estimate, before it is said to fit."""


class Cost(BaseModel):
    """What some runs take."""

    model_config = ConfigDict(frozen=True)

    runs: int
    seconds: float
    disk_bytes: int


class Forecast(BaseModel):
    """What a sweep would do and cost."""

    model_config = ConfigDict(frozen=True)

    name: str
    directory: Path
    scenarios: tuple[str, ...]
    seeds: int
    points: Mapping[str, Mapping[str, Any]] | None = None
    """The design's points by name; none without a design."""
    runs_total: int
    runs_done: int = 0
    """Of them, those that an earlier attempt finished."""
    cost: Cost
    """Of the runs that are missing."""
    cost_at_most: Cost | None = None
    """With every seed that may be added until something is known."""
    workers: int
    block: int
    """Runs that a worker does at once."""
    memory_bytes: int
    """The peak of all the workers together."""
    memory_available: int
    disk_free: int
    basis: str
    """What the estimate was made from, in a sentence."""

    @property
    def disk_fits(self) -> bool:
        """Whether the disk has the room, for all that may be added too."""
        return (self.cost_at_most or self.cost).disk_bytes * HEADROOM <= self.disk_free

    @property
    def memory_fits(self) -> bool:
        """Whether the memory that is free now holds the workers."""
        return self.memory_bytes * HEADROOM <= self.memory_available


def sweep_forecast(
    plan: SweepPlan, *, out: str | Path, workers: int | None = None, resume: bool = False
) -> Forecast:
    """Return what `run_sweep` would do with the same arguments, and what it is likely to cost.

    Raises:
        SweepError, ScenarioError, CensusError: what `run_sweep` would refuse.
    """
    inputs = gather(plan)
    aim = aim_of(plan.until, inputs.scenarios)
    name = sweep_name(plan, inputs)
    directory = SweepDirectory.of(out, name)
    record = admitted(directory, SweepRecord.of(name, plan, inputs, code_version()), resume=resume)
    seeds = record.seeds if aim else plan.seeds
    done = {(scenario, seed) for scenario, seed, _ in directory.stores()}
    missing = {name: sum((name, seed) not in done for seed in seeds) for name in inputs.scenarios}
    total = len(missing) * len(seeds)
    count = min(workers or plan.workers or cores(), max(sum(missing.values()), 1))
    block = _block(plan, inputs, sum(missing.values()), count, len(seeds))
    scenario = next(iter(inputs.scenarios.values()))
    measures = calibrate(scenario, inputs.census, seeds[:block])
    price = _Price(measures, inputs, block, count)
    most = {name: runs + max(plan.most_seeds - len(seeds), 0) for name, runs in missing.items()}
    return Forecast(
        name=name,
        directory=directory.path,
        scenarios=tuple(inputs.scenarios),
        seeds=len(seeds),
        points=plain(plan.design.points) if plan.design else None,
        runs_total=total,
        runs_done=total - sum(missing.values()),
        cost=price.of(missing),
        cost_at_most=price.of(most) if aim else None,
        workers=count,
        block=block,
        memory_bytes=price.memory * count,
        memory_available=psutil.virtual_memory().available,
        disk_free=shutil.disk_usage(_there(directory.path)).free,
        basis=_basis(measures, scenario.name, inputs, block, count),
    )


class _Price:
    """What a run costs, from what samples of the people did."""

    def __init__(self, measures: Sequence[Measure], inputs: Inputs, block: int, workers: int) -> None:
        people = inputs.census.headcount
        self.seconds = _extended(measures, people, lambda one: one.seconds) / block / workers
        self.stored = _extended(measures, people, lambda one: one.stored_bytes) / block
        self.memory = math.ceil(_extended(measures, people, lambda one: one.memory_bytes))
        years = {name: len(scenario.horizon.years) for name, scenario in inputs.scenarios.items()}
        measured = next(iter(years.values()))
        self._length = {name: count / measured for name, count in years.items()}

    def of(self, runs: Mapping[str, int]) -> Cost:
        """Return the cost of so many runs of each scenario; one of twice the years costs twice as much."""
        lengths = sum(self._length[name] * count for name, count in runs.items())
        return Cost(
            runs=sum(runs.values()),
            seconds=round(self.seconds * lengths, 1),
            disk_bytes=math.ceil(self.stored * lengths),
        )


def _extended(measures: Sequence[Measure], people: int, value: Callable[[Measure], float]) -> float:
    """Return a value for all the people, on the line through that of the smaller and of the larger sample.

    The line never falls: noise in a small sample does not make more people cheaper.
    """
    small, large = measures[0], measures[-1]
    if people <= large.people:
        return value(large)
    slope = max(value(large) - value(small), 0) / (large.people - small.people)
    return value(large) + slope * (people - large.people)


def _block(plan: SweepPlan, inputs: Inputs, runs: int, workers: int, seeds: int) -> int:
    """Return how many runs a worker is likely to do at once."""
    largest = plan.block_size or largest_block(inputs.census.headcount)
    return max(min(largest, math.ceil(runs / workers), seeds), 1)


def _there(path: Path) -> Path:
    """Return the directory, or the nearest around it that exists."""
    return next(place for place in (path, *path.parents) if place.exists())


def _basis(measures: Sequence[Measure], scenario: str, inputs: Inputs, block: int, workers: int) -> str:
    people = inputs.census.headcount
    samples = " and ".join(f"{measure.people:,}" for measure in measures)
    of_all = f"{samples} of {people:,}" if people > measures[-1].people else f"all {people:,}"
    years = len(inputs.scenarios[scenario].horizon.years)
    together = "one seed" if block == 1 else f"{block} seeds at once"
    return (
        f"an estimate from {scenario}, {of_all} people, {years} years, {together} on one thread; "
        f"{workers} workers are taken to share the work evenly, and their start is not counted"
    )
