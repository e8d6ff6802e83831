"""Small sealed stores for tests, and ways to spoil a copy of one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from simulation.census import Census, generate_census
from simulation.parameters import load_scenario
from simulation.sealing import RunResult, simulate_batch
from simulation.store import open_store
from simulation.store.connection import BLOCK_SIZE
from simulation.store.files import READ_ONLY

PEOPLE = 80
YEARS = (2025, 2026)

EVENTFUL = {
    "workforce.termination.total_rate": "0.25",
    "workforce.rehire.rate": "0.5",
    "workforce.hours.leave_rate": "0.2",
    "workforce.promotion.rate": "0.2",
    "plan.auto_enrollment.opt_out_rate": "0.3",
    "plan.deferral.raise_rate": "0.3",
    "plan.escalation.delay_years": 0,
    "plan.loans.take_up": "0.6",
    "plan.loans.default_rate": "0.5",
    "plan.distributions.hardship_rate": "0.2",
}
"""Enough of everything that eighty people in two years show every type of event."""


def small_census() -> Census:
    """Return eighty generated people."""
    return generate_census(PEOPLE, seed=7)


def make_stores(
    out: Path,
    *,
    seeds: Sequence[int] = (1,),
    name: str = "baseline",
    values: Mapping[str, Any] | None = None,
    years: tuple[int, int] = YEARS,
    census: Census | None = None,
) -> list[RunResult]:
    """Run a small, eventful scenario and return a sealed store a seed, at ``out/name/seed_<n>.duckdb``."""
    stated = {"name": name, **EVENTFUL, **(values or {})}
    scenario = load_scenario("baseline", years=years).changed(stated)
    return simulate_batch(scenario, census or small_census(), seeds, out=out)


def copies_of(store: Path, folder: Path, count: int) -> list[Path]:
    """Return sealed copies of a store, ``seed_<n>.duckdb`` in a folder."""
    copies = [Path(shutil.copyfile(store, folder / f"seed_{each}.duckdb")) for each in range(count)]
    for copy in copies:
        copy.chmod(READ_ONLY)
    return copies


def held(path: Path) -> int:
    """Return how many times this process has a file open."""
    return sum(each.exists() and each.samefile(path) for each in Path("/proc/self/fd").iterdir())


def tampered(store: Path, folder: Path, *statements: str) -> Path:
    """Return a copy of a store after some SQL that its writer never ran."""
    copy = folder / store.name
    shutil.copyfile(store, copy)
    with duckdb.connect(str(copy)) as database:
        for statement in statements:
            database.execute(statement)
    return copy


_FIRST_BLOCK = 3 * 4096


def damaged_block(store: Path, folder: Path) -> Path:
    """Return a copy of a store of which a block of hours cannot be read."""
    with open_store(store) as opened:
        blocks = opened.sql("SELECT max(block_id) AS block FROM pragma_storage_info('event_hours')")["block"]
    content = bytearray(store.read_bytes())
    inside = _FIRST_BLOCK + blocks[0] * BLOCK_SIZE + BLOCK_SIZE // 4
    content[inside : inside + 8] = b"DAMAGED!"
    copy = folder / store.name
    copy.write_bytes(content)
    return copy
