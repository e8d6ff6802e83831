"""The accounts at a year end as analysts read them: one row a participant.

Columns are derived from the state by expressions; nothing is decided here, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, amounts, shares_bp
from simulation.dates import year_end
from simulation.events.accounts import ACCOUNT_EVENTS
from simulation.events.sources import SOURCES
from simulation.rules.rounding import half_up
from simulation.rules.vesting import vested_cents
from simulation.state import State, deferring, rows_of
from simulation.units import BP

BALANCE_COLUMNS: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {
        "employee_id": pl.String(),
        "simulation_year": pl.Int32(),
        "snapshot_date": pl.Date(),
        **{f"balance_{source}_cents": pl.Int64() for source in SOURCES},
        "total_balance_cents": pl.Int64(),
        "vested_bp": pl.Int32(),
        "vested_balance_cents": pl.Int64(),
        "loan_balance_cents": pl.Int64(),
        "event_count_since_last_snapshot": pl.Int32(),
    }
)


_READ: Final = ("person", "employee_id", "deferral_bp", "roth_deferral_bp", *BALANCES, *VESTED)


def balance_snapshot(state: State, events: Mapping[str, pl.DataFrame], year: int) -> pl.DataFrame:
    """Return who has an account, a loan or an election on 31 December, by employee number.

    Money in cents; ``vested_bp`` is the vested part of the whole balance in basis points, null without one.
    ``events`` are those of the year: what moved an account is counted.
    """
    people = state.people[[*_READ]]
    if people.is_empty():
        return pl.DataFrame(schema={"person": pl.Int32(), **BALANCE_COLUMNS})
    moved, owed = np.zeros(people.height, dtype=np.int64), np.zeros(people.height, dtype=np.int64)
    np.add.at(owed, rows_of(state.people, state.loans), state.loans["balance_cents"].to_numpy())
    for name in ACCOUNT_EVENTS:
        if name in events:
            moved += np.bincount(rows_of(state.people, events[name]), minlength=people.height)
    whole = amounts(people, BALANCES).sum(axis=1)
    elects = people.select(deferring()).to_series().to_numpy()
    shown = np.flatnonzero((whole > 0) | (owed > 0) | (moved > 0) | elects)
    held, total = people[shown], whole[shown]
    vested = vested_cents(amounts(held, BALANCES), shares_bp(held)).sum(axis=1)
    share = half_up(vested * BP, np.maximum(total, 1))
    rows = held.with_columns(
        simulation_year=pl.lit(year, dtype=pl.Int32),
        snapshot_date=pl.lit(year_end(year)),
        total_balance_cents=pl.Series(total),
        vested_bp=pl.Series(share, dtype=pl.Int32).set(pl.Series(total == 0), None),
        vested_balance_cents=pl.Series(vested),
        loan_balance_cents=pl.Series(owed[shown]),
        event_count_since_last_snapshot=pl.Series(moved[shown], dtype=pl.Int32),
    )
    return rows[["person", *BALANCE_COLUMNS]]
