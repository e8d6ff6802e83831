"""One run, from its inputs to its sealed store: the run yields years, the store takes them.

``simulate`` is what a notebook calls; a sweep draws the same run year by year. No Ray, no screen.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from simulation.census import Census
from simulation.parameters import Scenario
from simulation.run import run
from simulation.store import RunIdentity, StoreWriter
from simulation.version import code_version


@dataclass(frozen=True, slots=True)
class RunResult:
    """A finished run. ``summary`` has one row a seed, year and metric; ``events`` counts genesis too."""

    scenario: str
    seed: int
    store: Path
    digest: str
    events: int
    seconds: float
    summary: pl.DataFrame


def simulate(
    scenario: Scenario, census: Census, *, seed: int | None = None, out: str | Path = "runs"
) -> RunResult:
    """Run a scenario over a census with one seed (by default the scenario's own) and seal its store.

    The store is ``<out>/<scenario>/seed_<n>.duckdb``. One of the same digest that is there already is kept.

    Raises:
        ScenarioError: the horizon opens before the census was taken.
        CensusError: an employee id cannot be used.
        StoreError: the store's name is taken by another run.
        InvariantError: a year broke a promise of the model; nothing is sealed.
        WriteError: the disk or the directory refused; nothing is sealed.
    """
    number = scenario.seed if seed is None else seed
    steps = record_run(scenario, census, number, Path(out) / scenario.name / f"seed_{number}.duckdb")
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]  # what the generator returns


def record_run(scenario: Scenario, census: Census, seed: int, store: Path) -> Generator[int, None, RunResult]:
    """Yield each year of the horizon when it is written, and return the result when the store is sealed.

    A generator that is closed before its end leaves no file.

    Raises:
        As `simulate` does.
    """
    began = time.perf_counter()
    summaries: list[pl.DataFrame] = []
    with StoreWriter(store, identity(scenario, census, seed)) as writer:
        for record in run(scenario, census, [seed]):
            writer.write(record)
            if record.year >= scenario.horizon.start_year:
                summaries.append(record.summary)
                yield record.year
        manifest = writer.seal()
    return RunResult(
        scenario=scenario.name,
        seed=seed,
        store=store,
        digest=manifest.digest,
        events=manifest.events,
        seconds=time.perf_counter() - began,
        summary=pl.concat(summaries),
    )


def identity(scenario: Scenario, census: Census, seed: int) -> RunIdentity:
    """Return what a run is made from, as its manifest keeps it."""
    return RunIdentity(
        scenario_id=scenario.name,
        plan_design_id=scenario.plan_design_id,
        seed=seed,
        start_year=scenario.horizon.start_year,
        end_year=scenario.horizon.end_year,
        scenario_digest=scenario.digest,
        scenario_json=scenario.model_dump_json(),
        census_digest=census.digest,
        census_as_of=census.as_of,
        census_source=census.source,
        census_rows=census.frame.height,
        code_version=code_version(),
        keep=scenario.output.keep,
    )
