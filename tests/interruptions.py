"""Runs that end early, as Ctrl-C ends them, and what goes on with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

from simulation.census import Census
from simulation.parameters import Scenario, load_scenario
from simulation.sealing import RunResult, write_runs
from simulation.store import Checkpointing
from tests.stores import EVENTFUL

YEARS = (2025, 2028)
GENESIS = YEARS[0] - 1


def eventful(values: Mapping[str, object] | None = None) -> Scenario:
    """Return a scenario of four years in which much happens."""
    return load_scenario("baseline", years=YEARS).changed({"name": "baseline", **EVENTFUL, **(values or {})})


def run_until(
    scenario: Scenario,
    census: Census,
    stores: Mapping[int, Path],
    last: int | None = None,
    checkpointing: Checkpointing | None = None,
) -> tuple[list[int], list[RunResult]]:
    """Commit each year, stop after ``last`` if it is given; return the years lived and what was sealed."""
    steps = write_runs(scenario, census, dict(stores), checkpointing or Checkpointing(resume=True, seconds=0))
    years: list[int] = []
    sealed: list[RunResult] = []
    with closing(steps):
        for step in steps:
            if isinstance(step, RunResult):
                sealed.append(step)
            else:
                years.append(step)
            if step == last:
                break
    return years, sealed


def run_in_pieces(
    scenario: Scenario, census: Census, stores: Mapping[int, Path], stops: Iterable[int]
) -> tuple[list[int], list[RunResult]]:
    """Run on after each stop to the end; return every year that was lived, in order, and what was sealed."""
    lived: list[int] = []
    for stop in sorted(stops):
        lived += run_until(scenario, census, stores, stop)[0]
    years, results = run_until(scenario, census, stores)
    return lived + years, results
