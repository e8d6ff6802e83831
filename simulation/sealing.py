"""From a scenario and a census to sealed stores: ``run`` yields the years, a writer a seed takes them.

The one door through which a run becomes a file, for one seed or several, alone or inside a sweep.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from simulation.parameters.restored import told
from simulation.run import Live, Reached, joined, tellings
from simulation.store import Batch, RunIdentity, StoreWriter
from simulation.version import code_version
from simulation.year import live

if TYPE_CHECKING:
    from simulation.census import Census
    from simulation.parameters import Scenario
    from simulation.parameters.output import Keep
    from simulation.store import Checkpointing, Manifest

Writers: TypeAlias = Mapping[int, StoreWriter]
"""A writer a seed."""


@dataclass(frozen=True, slots=True)
class RunResult:
    """A sealed store and what it holds: ``summary`` has a row a year and metric.

    ``seconds`` is wall time, of a batch the run's share. ``warnings`` has a row a year and soft gate of data
    quality that did not pass.
    """

    store: Path
    digest: str
    events: int
    seconds: float
    seed: int
    scenario: str
    summary: pl.DataFrame
    warnings: pl.DataFrame


Steps: TypeAlias = Generator["int | RunResult", None, None]
"""Yields each year when it is written, then a result as each store is sealed. Closing it early leaves sealed
stores and committed years only."""


def store_path(out: Path, scenario: str, seed: int) -> Path:
    """Return where a run's store lies below a directory."""
    return out / scenario / f"seed_{seed}.duckdb"


def simulate(
    scenario: Scenario,
    census: Census,
    *,
    out: str | Path,
    seed: int | None = None,
    checkpointing: Checkpointing | None = None,
    live: Live = live,
) -> RunResult:
    """Run one seed (the scenario's own if none is given) and return its sealed store.

    ``live`` is who lives its years: this process, or another beside it (``simulation.ahead``).

    Raises:
        PlanWiseError: the input cannot be used, a year broke a promise, or the disk refused.
    """
    chosen = scenario.seed if seed is None else seed
    stores = {chosen: store_path(Path(out), scenario.name, chosen)}
    return _results(write_runs(scenario, census, stores, checkpointing, live=live))[0]


def simulate_batch(
    scenario: Scenario,
    census: Census,
    seeds: Sequence[int],
    *,
    out: str | Path,
    checkpointing: Checkpointing | None = None,
) -> list[RunResult]:
    """Run several seeds in one batch and return a sealed store each, equal to those of single runs."""
    stores = {seed: store_path(Path(out), scenario.name, seed) for seed in seeds}
    return _results(write_runs(scenario, census, stores, checkpointing))


def write_runs(
    scenario: Scenario,
    census: Census,
    stores: dict[int, Path],
    checkpointing: Checkpointing | None = None,
    *,
    keep: Keep | None = None,
    live: Live = live,
) -> Steps:
    """Run every seed of ``stores`` and seal its store: a step for genesis, for each year, for each seal.

    Seeds that had reached different years go on in batches of their own. ``keep`` says how much the stores
    keep, whatever the scenario says; ``live`` is who lives the years.
    """
    started = time.perf_counter()
    with ExitStack() as stack:
        writers = {
            seed: stack.enter_context(StoreWriter(stores[seed], identity, checkpointing=checkpointing))
            for seed, identity in _identities(scenario, census, stores, keep)
        }
        for first, batch in _batches(writers, scenario.horizon.start_year - 1):
            years = Batch([*batch.values()])
            for year, telling in zip(
                count(first), tellings(scenario, census, list(batch), _reached(batch), live), strict=False
            ):
                years.write_later(telling)
                yield year
        share = (time.perf_counter() - started) / len(stores)
        for seed, writer in writers.items():
            began = time.perf_counter()
            manifest = writer.seal()
            yield _result(stores[seed], manifest, writer, share + time.perf_counter() - began)


def _results(steps: Steps) -> list[RunResult]:
    return [step for step in steps if isinstance(step, RunResult)]


def _batches(writers: Writers, genesis: int) -> Iterator[tuple[int, Writers]]:
    """Yield the writers whose next year is the same, and that year."""
    firsts = {
        seed: genesis if writer.reached is None else writer.reached.year + 1
        for seed, writer in writers.items()
    }
    for first in sorted(set(firsts.values())):
        yield first, {seed: writer for seed, writer in writers.items() if firsts[seed] == first}


def _reached(batch: Writers) -> Reached | None:
    """Return how far the seeds of a batch have come, in the order of seeds as every state is."""
    reached = [batch[seed].reached for seed in sorted(batch)]
    there = [one for one in reached if one is not None]
    return joined(there) if there else None


def _identities(
    scenario: Scenario, census: Census, seeds: Iterable[int], keep: Keep | None
) -> Iterator[tuple[int, RunIdentity]]:
    """Yield each seed and what its run is made from, which but for the seed is the same for all."""
    shared = _shared(scenario, census, keep)
    for seed in seeds:
        yield seed, RunIdentity(seed=seed, **shared)


def _shared(scenario: Scenario, census: Census, keep: Keep | None) -> dict[str, Any]:
    return {
        "scenario_id": scenario.name,
        "plan_design_id": scenario.plan_design_id,
        "start_year": scenario.horizon.start_year,
        "end_year": scenario.horizon.end_year,
        "scenario_digest": scenario.digest,
        "scenario_json": told(scenario),
        "census_digest": census.digest,
        "census_as_of": census.as_of,
        "census_source": census.source,
        "census_rows": census.frame.height,
        "code_version": code_version(),
        "keep": keep or scenario.output.keep,
        "balance_snapshots": scenario.output.balance_snapshots,
    }


def _result(path: Path, manifest: Manifest, writer: StoreWriter, seconds: float) -> RunResult:
    return RunResult(
        store=path,
        digest=manifest.digest,
        events=manifest.events,
        seconds=seconds,
        seed=manifest.seed,
        scenario=manifest.scenario_id,
        summary=writer.summary,
        warnings=writer.warnings,
    )
