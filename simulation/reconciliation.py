"""Cash that must add up: accounts by participant and source, loans, the forfeiture account.

Recounted from a year's events, to the cent, without the formulas that applied them to the state.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.events.sources import SOURCES
from simulation.movements import BY_SOURCE, LOANS, cents_of, movements
from simulation.roll import named

if TYPE_CHECKING:
    from simulation.books import Books

FORFEITURE_ACCOUNT: Final[Mapping[str, int]] = MappingProxyType(
    {"forfeiture": 1, "restoration": -1, "forfeiture_use": -1}
)
"""Events that pay into the forfeiture account or out of it."""


def accounts(books: Books) -> pl.DataFrame:
    """Return people with a source in which opening balance and movements do not make the closing balance.

    Opening + contributions + returns + repayments + restored + reallocated - withdrawals - distributions -
    rollovers - loans - forfeitures - fees = closing.
    """
    people, roll = books.closed.people, books.roll
    left = np.zeros((len(SOURCES), roll.nobody + 1), dtype=np.int64)
    for account, source in zip(left, SOURCES, strict=True):
        account[books.opening] = cents_of(books.opened.people, f"balance_{source}_cents")
        account[:-1] -= cents_of(people, f"balance_{source}_cents")
    for frame, moved in movements(books.events):
        rows = books.rows_of(frame)
        for place, amount in moved:
            np.add.at(left.reshape(-1), place * np.int64(left.shape[1]) + rows, amount)
    return roll.named(np.flatnonzero(left.any(axis=0)))


def forfeiture_account(books: Books) -> pl.DataFrame:
    """Return people whose part of the forfeiture account is not what was forfeited less what was used."""
    roll, events = books.roll, books.events
    left = np.zeros(roll.nobody + 1, dtype=np.int64)
    left[books.opening] = cents_of(books.opened.people, "forfeiture_account_cents")
    left[:-1] -= cents_of(books.closed.people, "forfeiture_account_cents")
    for kind, sign in FORFEITURE_ACCOUNT.items():
        if kind in events:
            np.add.at(left, books.rows[kind], sign * cents_of(events[kind], "amount_cents"))
    return roll.named(np.flatnonzero(left))


def loan_ledger(books: Books) -> pl.DataFrame:
    """Return whose loans have an opening balance, lending, repayment and default that miss the closing one.

    One row a loan.
    """
    opened, closed, events = books.opened, books.closed, books.events
    moves = [(opened.loans, cents_of(opened.loans, "balance_cents"))]
    moves += [(events[kind], moved(events[kind])) for kind, moved in LOANS.items() if kind in events]
    moves += [(closed.loans, -cents_of(closed.loans, "balance_cents"))]
    numbers = np.concatenate([frame["loan_number"].to_numpy() for frame, _ in moves])
    step = int(numbers.max(initial=0)) + 1
    keys = np.concatenate([books.rows_of(frame) for frame, _ in moves]) * step + numbers
    loans, places = np.unique(keys, return_inverse=True)
    left = np.zeros(len(loans), dtype=np.int64)
    np.add.at(left, places, np.concatenate([cents for _, cents in moves]))
    return books.roll.named(loans[left != 0] // step)


def amounts(books: Books) -> pl.DataFrame:
    """Return events whose amounts by source, or principal and interest, do not add up to their own."""
    parts = dict.fromkeys(BY_SOURCE, tuple(f"{source}_cents" for source in SOURCES))
    split = [*parts.items(), ("loan_repayment", ("principal_cents", "interest_cents"))]
    uneven = [_uneven(books.events[kind], columns) for kind, columns in split if kind in books.events]
    return pl.concat(uneven) if uneven else pl.DataFrame()


def _uneven(events: pl.DataFrame, parts: tuple[str, ...]) -> pl.DataFrame:
    """Return who has an event of some kind whose parts do not make its amount."""
    total = sum(cents_of(events, name) for name in parts)
    return named(events, np.flatnonzero(total != cents_of(events, "amount_cents")))
