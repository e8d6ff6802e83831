"""The accounts at a year end as analysts read them: one row a participant.

Columns are derived from the state by expressions; nothing is decided here, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.balances import total_balance, with_vested
from simulation.dates import year_end
from simulation.events.accounts import ACCOUNT_EVENTS
from simulation.events.sources import SOURCES
from simulation.state import KEYS, State, deferring
from simulation.units import BP, divide_half_up

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


def balance_snapshot(state: State, events: Mapping[str, pl.DataFrame], year: int) -> pl.DataFrame:
    """Return who has an account, a loan or an election on 31 December, by employee number.

    Money in cents; ``vested_bp`` is the vested part of the whole balance in basis points, null without one.
    ``events`` are those of the year: what moved an account is counted.
    """
    owed = state.loans.group_by(KEYS).agg(loan_balance_cents=pl.col("balance_cents").sum())
    moves = [events[name].select(*KEYS) for name in ACCOUNT_EVENTS if name in events]
    counted = pl.concat(moves or [state.people.select(*KEYS).clear()]).group_by(KEYS).len("moved")
    accounts = (
        state.people.with_columns(total_balance_cents=total_balance())
        .join(owed, on=KEYS, how="left", maintain_order="left")
        .join(counted, on=KEYS, how="left", maintain_order="left")
        .with_columns(pl.col("loan_balance_cents", "moved").fill_null(0))
        .filter(
            pl.any_horizontal(pl.col("total_balance_cents", "loan_balance_cents", "moved") > 0, deferring())
        )
    )
    owned, whole = pl.col("vested_balance_cents"), pl.col("total_balance_cents")
    vested = with_vested(accounts).with_columns(
        vested_balance_cents=pl.sum_horizontal(f"owned_{source}_cents" for source in SOURCES)
    )
    rows = vested.with_columns(
        simulation_year=pl.lit(year),
        snapshot_date=pl.lit(year_end(year)),
        vested_bp=pl.when(whole > 0).then(divide_half_up(owned * BP, pl.max_horizontal(whole, pl.lit(1)))),
        event_count_since_last_snapshot="moved",
    )
    return rows.select("person", *(pl.col(name).cast(kind) for name, kind in BALANCE_COLUMNS.items()))
