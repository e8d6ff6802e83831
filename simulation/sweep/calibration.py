"""A short run that shows what a sweep will cost: some of its people, all of its years, one worker's threads.

It runs in a process of its own, whose peak of memory is a worker's, and leaves no file behind.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl

from simulation.census import Census
from simulation.errors import Problem, RunError
from simulation.parameters import Scenario
from simulation.sealing import simulate_batch
from simulation.sweep.cluster import ONE_THREAD, environment

LARGEST_SAMPLE: Final = 2_000
"""People of the larger of two samples; a smaller census is taken whole, and once."""

FRACTION: Final = 4
"""By how much the smaller sample is smaller: two points make the line that is followed to all the people."""

WARM_UP: Final = 20
_KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class Measure:
    """What a block of runs cost: seconds, bytes of its stores, and the peak of its process's memory."""

    people: int
    seconds: float
    stored_bytes: int
    memory_bytes: int


def calibrate(scenario: Scenario, census: Census, seeds: Sequence[int]) -> list[Measure]:
    """Return the cost of a block of seeds, for a sample or two of the people, the smaller one first.

    Raises:
        PlanWiseError: the scenario fails on the sample.
        RunError: the process was killed, most often for want of memory.
    """
    sizes = [census.headcount]
    if census.headcount > LARGEST_SAMPLE:
        sizes = [LARGEST_SAMPLE // FRACTION, LARGEST_SAMPLE]
    samples = [sample(census, size) for size in sizes]
    with (
        tempfile.TemporaryDirectory(prefix="planwise-dry-run-") as place,
        environment(ONE_THREAD),
        ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process,
    ):
        try:
            return process.submit(_measured, scenario, samples, list(seeds), Path(place)).result()
        except BrokenProcessPool as error:
            hint = "most often memory: a worker of the sweep would need as much"
            problem = Problem(f"{scenario.name}, {sizes[-1]:,} people", "its process died", hint=hint)
            raise RunError("what the sweep costs cannot be estimated", problems=[problem]) from error


def sample(census: Census, size: int) -> Census:
    """Return so many people of a census, evenly from its first to its last."""
    people = census.headcount
    size = min(size, people)
    rows = pl.Series([place * people // size for place in range(size)])
    return replace(census, frame=census.frame[rows])


def _measured(scenario: Scenario, samples: list[Census], seeds: list[int], place: Path) -> list[Measure]:
    """Return the cost of each sample. Runs in the process that is measured."""
    _block(scenario, sample(samples[0], WARM_UP), seeds[:1], place / "warm-up")
    return [_block(scenario, people, seeds, place / str(at)) for at, people in enumerate(samples)]


def _block(scenario: Scenario, census: Census, seeds: list[int], out: Path) -> Measure:
    results = simulate_batch(scenario, census, seeds, out=out)
    stored = sum(result.store.stat().st_size for result in results)
    seconds = sum(result.seconds for result in results)
    return Measure(census.headcount, seconds, stored, _peak_memory())


def _peak_memory() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * _KIB
