"""Stated accounts for tests of the engines that move them: exits, vesting, loans, and what an engine paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from simulation.events.sources import SOURCES
from simulation.evolve import evolve
from simulation.state import State
from tests.plan_years import Decide, Stated, the_year

ACCOUNT = {"balance_pre_tax_cents": 1_800_000, "balance_match_cents": 600_000}
"""18,000 of deferrals and 6,000 of match."""


def left(employee: str, on: date, reason: str = "voluntary") -> Stated:
    """Return an employee's exit."""
    return "termination", employee, on, {"reason": reason}


def vested(employee: str, share_bp: int, on: date = date(2025, 1, 1)) -> Stated:
    """Return that an employee owns a share of every employer source."""
    shares = {f"vested_{source}_bp": share_bp for source in ("match", "nonelective", "profit_sharing")}
    return "vesting", employee, on, {"credited_service": share_bp // 2_000, **shares}


def paid_in(employee: str, on: date, amount_cents: int, source: str = "employee_pre_tax") -> Stated:
    """Return a contribution."""
    said = {"source": source, "kind": "regular", "pay_period": 1, "compensation_cents": 500_000}
    return "contribution", employee, on, {"amount_cents": amount_cents, **said}


def lent(employee: str, on: date, by_source: Mapping[str, int], terms: tuple[int, int, int]) -> Stated:
    """Return a loan of amounts by source on (rate in basis points, payments, payment in cents)."""
    rate, payments, payment = terms
    amounts = {f"{source}_cents": by_source.get(source, 0) for source in SOURCES}
    said = {"loan_number": 1, "interest_rate_bp": rate, "payments": payments, "payment_cents": payment}
    return "loan", employee, on, {"amount_cents": sum(by_source.values()), **said, **amounts}


def forfeited(employee: str, amount_cents: int, on: date = date(2025, 1, 1)) -> Stated:
    """Return that an employee's match went to the forfeiture account."""
    said = {"forfeited_from_source": "employer_match", "reason": "unvested_termination"}
    return "forfeiture", employee, on, {"amount_cents": amount_cents, "vested_percentage_bp": 0, **said}


def by_source(events: pl.DataFrame) -> list[dict[str, int]]:
    """Return the amounts of events by source, without those of nothing."""
    rows = events.select(f"{source}_cents" for source in SOURCES).rows()
    return [{source: cents for source, cents in zip(SOURCES, row, strict=True) if cents} for row in rows]


def equal_one_by_one(
    decide: Decide, census: Any, events: Sequence[Stated], values: Mapping[str, Any]
) -> bool:
    """Say whether an engine decides the same for a batch of seeds as for each seed alone."""
    seeds = [1, 2, 3]
    together = decide(*the_year(census, events, values, seeds=seeds))
    alone = [decide(*the_year(census, events, values, seeds=[seed])) for seed in seeds]
    return all(
        frame.equals(pl.concat(one[kind] for one in alone).select(frame.columns))
        for kind, frame in (
            (kind, frame.sort("seed", maintain_order=True)) for kind, frame in together.items()
        )
    )


def after(state: State, events: Mapping[str, pl.DataFrame], year: int = 2025) -> State:
    """Return the state after what an engine decided."""
    return evolve(state, events, year)
