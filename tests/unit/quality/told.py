"""A year to be looked at: eventful, sound, and easily spoiled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from simulation.balance_snapshot import balance_snapshots
from simulation.evolve import open_year
from simulation.genesis import genesis
from simulation.quality.subjects import Kept, Told
from simulation.run import contexts
from simulation.snapshot import status_totals, workforce_snapshot
from simulation.standing import AccountYear
from simulation.summary import summarise
from simulation.year import live
from tests.populations import census_of, scenario_of

SAVING: Mapping[str, Any] = {
    "deferral_bp": 600,
    "roth_deferral_bp": 0,
    "balance_pre_tax_cents": 9_000_000,
}
VALUES: Mapping[str, Any] = {"workforce.growth.rate": "20%", "plan.loans.take_up": "60%"}


def told_year(
    values: Mapping[str, Any] = VALUES, *, people: int = 60, seeds: tuple[int, ...] = (42,)
) -> Told:
    """Return a year of some people who save."""
    census, scenario = census_of(*[SAVING] * people), scenario_of(values)
    start = genesis(census.frame, census.as_of, 2024, seeds)
    context = next(contexts(scenario, census, seeds))
    lived = live(context, start.state, start.next_sequence)
    opened, events = open_year(start.state, 2025), lived.record().events
    return Told(2025, opened, lived.closed, events, context, start.next_sequence)


def with_people(told: Told, **columns: pl.Expr) -> Told:
    """Return the year with other columns of the people at its end."""
    return replace(told, closed=replace(told.closed, people=told.closed.people.with_columns(**columns)))


def with_events(told: Told, kind: str, rows: pl.DataFrame) -> Told:
    """Return the year with other events of one kind."""
    return replace(told, events={**told.events, kind: rows})


def kept_year(told: Told) -> Kept:
    """Return the year as a store would keep it."""
    snapshot = workforce_snapshot(told.closed, 2025)
    accounts = AccountYear(2025, told.opened, told.closed, told.events)
    balances = balance_snapshots(accounts, "weekly")
    summary = summarise(told.closed, 2025)
    totals = status_totals(snapshot)
    return Kept(told.context.seeds, told.closed, told.events, 2025, snapshot, balances, totals, summary)
