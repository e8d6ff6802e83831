"""Accounts on some dates of a year as analysts read them: one row a participant and date.

Nothing is decided here, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES
from simulation.events.sources import ELECTIVE, SOURCES
from simulation.rules.rounding import half_up
from simulation.rules.snapshot_dates import snapshot_dates
from simulation.rules.vesting import forfeitable_cents
from simulation.standing import AccountYear, Standing, standings
from simulation.state import KEYS
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


NO_BALANCES: Final = pl.DataFrame(schema={"seed": pl.UInt64(), "person": pl.Int32(), **BALANCE_COLUMNS}).drop(
    "employee_id"
)
"""The columns of a year's snapshots, without rows: genesis has none. A number stands for the id."""


def balance_snapshots(accounts: AccountYear, every: str) -> pl.DataFrame:
    """Return who has an account, a loan or an election on each date, by date and employee number.

    Whose account moved in the year is there, too. Money in cents; ``vested_bp`` is the vested part of the
    whole balance in basis points, null without one. What is vested is null, too, of who has employer money
    before vesting was ever told: in the first year of the run, or of somebody's participation. Counted are
    the events that moved the account after the date before: the first date of a year counts from 1 January.
    """
    people = accounts.closed.people[[*KEYS]]
    if people.is_empty():
        return NO_BALANCES
    dates = snapshot_dates(every, accounts.year)
    rows = [
        _rows(people, day, standing) for day, standing in zip(dates, standings(accounts, dates), strict=True)
    ]
    return pl.concat(rows)


def _rows(people: pl.DataFrame, day: date, standing: Standing) -> pl.DataFrame:
    """Return the participants of a date."""
    balances = standing.balances
    whole = balances.sum(axis=0)
    shown = np.flatnonzero((whole > 0) | (standing.owed > 0) | (standing.moved > 0) | standing.defers)
    total = whole[shown]
    # What participants put in is their own; how much of the employer's is, vesting has to tell.
    of_employer = balances[len(ELECTIVE) :, shown]
    vested = total - forfeitable_cents(of_employer, standing.shares[:, shown]).sum(axis=0)
    share = half_up(vested * BP, np.maximum(total, 1))
    unknown = pl.Series(~standing.told[shown] & (of_employer.sum(axis=0) > 0))
    return people[shown].with_columns(
        *(pl.Series(name, column[shown]) for name, column in zip(BALANCES, balances, strict=True)),
        simulation_year=pl.lit(day.year, dtype=pl.Int32),
        snapshot_date=pl.lit(day),
        total_balance_cents=pl.Series(total),
        vested_bp=pl.Series(share, dtype=pl.Int32).set(pl.Series(total == 0) | unknown, None),
        vested_balance_cents=pl.Series(vested).set(unknown, None),
        loan_balance_cents=pl.Series(standing.owed[shown]),
        event_count_since_last_snapshot=pl.Series(standing.since[shown], dtype=pl.Int32),
    )[NO_BALANCES.columns]
