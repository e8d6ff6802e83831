"""How to make it again and prove that it is the same: commands and digests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import polars as pl

from simulation.export.report.blocks import Block, Column, Commands, Section, Table, Text
from simulation.export.report.blocks import Facts as Told
from simulation.export.report.facts import Facts
from simulation.export.report.written import counted

MOST_RUNS: Final = 100
"""Runs whose digests are printed one by one."""


def again(facts: Facts) -> Section:
    """Return the section."""
    return Section("again", "How to make it again", tuple(_blocks(facts)))


def _blocks(facts: Facts) -> Iterator[Block]:
    runs = facts.sweep.runs
    if facts.asked.commands:
        yield Text(
            "With the same scenario files, the census of that digest and the same version of PlanWise, this "
            "makes the same runs:"
        )
        yield Commands(facts.asked.commands)
    yield Text(
        "The same inputs give the same events, to the last digit: runs that were made again are the same if "
        "their digests are; that of all runs is the SHA-256 of theirs, sorted. planwise verify "
        "recomputes them from the stores."
    )
    scenarios = runs.unique(["scenario", "scenario_digest"], maintain_order=True)
    digests = [
        (f"Scenario {name}", digest)
        for name, digest in scenarios.select("scenario", "scenario_digest").iter_rows()
    ]
    together = hashlib.sha256("".join(sorted(runs["digest"])).encode()).hexdigest()
    yield Told((*digests, (f"Digest of all {counted(runs.height, 'run')}", together)))
    yield _runs(runs)


def _runs(runs: pl.DataFrame) -> Table:
    shown = runs.head(MOST_RUNS)
    more = f"The first {MOST_RUNS} of {runs.height:,} runs" if runs.height > MOST_RUNS else "Every run"
    columns = (
        Column("Scenario"), Column("Seed", is_number=True), Column("Events", is_number=True),
        Column("Digest of the events"),
    )  # fmt: skip
    rows = [
        (name, str(seed), f"{events:,}", digest)
        for name, seed, events, digest in shown.select("scenario", "seed", "events", "digest").iter_rows()
    ]
    return Table(f"{more}.", columns, tuple(rows))
