"""Cash that must add up: accounts by participant and source, loans, the forfeiture account.

Recounted from a year's events, to the cent, without the formulas that applied them to the state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.events.sources import SOURCES, Source
from simulation.roll import Roll, named

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole
    from simulation.state import State

Events = Mapping[str, pl.DataFrame]
Check = Callable[["State", "State", Events, int], pl.DataFrame]
"""``(opened, closed, events, year) -> offending rows``."""

BY_SOURCE: Final[Mapping[str, int]] = MappingProxyType(
    {
        "loan": -1,
        "loan_repayment": 1,
        "withdrawal": -1,
        "distribution": -1,
        "rollover": -1,
        "investment_return": 1,
        "fee": -1,
    }
)
"""Events that move an amount a source, and whether it comes in or goes out."""

OF_ONE_SOURCE: Final[Mapping[str, tuple[int, str]]] = MappingProxyType(
    {
        "contribution": (1, "source"),
        "restoration": (1, "restored_to_source"),
        "forfeiture": (-1, "forfeited_from_source"),
    }
)
"""Events that move their amount in one source, whether in or out, and the column that names it."""

FORFEITURE_ACCOUNT: Final[Mapping[str, int]] = MappingProxyType(
    {"forfeiture": 1, "restoration": -1, "forfeiture_use": -1}
)
"""Events that pay into the forfeiture account or out of it."""

_SOURCES: Final = pl.Enum(Source)
_PROFIT_SHARING: Final = list(Source).index(Source.PROFIT_SHARING)


def accounts(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return people with a source in which opening balance and movements do not make the closing balance.

    Opening + contributions + returns + repayments + restored + reallocated - withdrawals - distributions -
    rollovers - loans - forfeitures - fees = closing.
    """
    del year
    roll = Roll.of(closed.people)
    opening = roll.rows_of(opened.people)
    left = np.zeros((len(SOURCES), roll.nobody + 1), dtype=np.int64)
    for account, source in zip(left, SOURCES, strict=True):
        account[opening] = _cents(opened.people, f"balance_{source}_cents")
        account[:-1] -= _cents(closed.people, f"balance_{source}_cents")
    for kind, sign in BY_SOURCE.items():
        if kind in events:
            rows = roll.rows_of(events[kind])
            for account, source in zip(left, SOURCES, strict=True):
                np.add.at(account, rows, sign * _cents(events[kind], f"{source}_cents"))
    for kind, (sign, column) in OF_ONE_SOURCE.items():
        if kind in events:
            source_of_each = events[kind][column].cast(_SOURCES).to_physical().to_numpy()
            places = source_of_each * np.int64(left.shape[1]) + roll.rows_of(events[kind])
            np.add.at(left.reshape(-1), places, sign * _cents(events[kind], "amount_cents"))
    if "forfeiture_use" in events:
        shares = events["forfeiture_use"].filter(pl.col("use") == "reallocate")
        np.add.at(left[_PROFIT_SHARING], roll.rows_of(shares), _cents(shares, "amount_cents"))
    return roll.named(np.flatnonzero(left.any(axis=0)))


def _cents(frame: pl.DataFrame, column: str) -> Whole:
    return frame[column].to_numpy()


def forfeiture_account(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return people whose part of the forfeiture account is not what was forfeited less what was used."""
    del year
    roll = Roll.of(closed.people)
    left = np.zeros(roll.nobody + 1, dtype=np.int64)
    left[roll.rows_of(opened.people)] = _cents(opened.people, "forfeiture_account_cents")
    left[:-1] -= _cents(closed.people, "forfeiture_account_cents")
    for kind, sign in FORFEITURE_ACCOUNT.items():
        if kind in events:
            np.add.at(left, roll.rows_of(events[kind]), sign * _cents(events[kind], "amount_cents"))
    return roll.named(np.flatnonzero(left))


def loan_ledger(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return whose loans have an opening balance, lending, repayment and default that miss the closing one.

    One row a loan.
    """
    del year
    roll = Roll.of(closed.people)
    moves = [(opened.loans, _cents(opened.loans, "balance_cents"))]
    moves += [(events[kind], moved(events[kind])) for kind, moved in _LOAN_MOVES.items() if kind in events]
    moves += [(closed.loans, -_cents(closed.loans, "balance_cents"))]
    numbers = np.concatenate([frame["loan_number"].to_numpy() for frame, _ in moves])
    step = int(numbers.max(initial=0)) + 1
    keys = np.concatenate([roll.rows_of(frame) for frame, _ in moves]) * step + numbers
    loans, places = np.unique(keys, return_inverse=True)
    left = np.zeros(len(loans), dtype=np.int64)
    np.add.at(left, places, np.concatenate([cents for _, cents in moves]))
    return roll.named(loans[left != 0] // step)


_LOAN_MOVES: Final[Mapping[str, Callable[[pl.DataFrame], Whole]]] = {
    "loan": lambda lent: _cents(lent, "amount_cents"),
    "loan_repayment": lambda paid: -_cents(paid, "principal_cents"),
    "loan_default": lambda lost: _cents(lost, "accrued_interest_cents") - _cents(lost, "amount_cents"),
}


def amounts(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return events whose amounts by source, or principal and interest, do not add up to their own."""
    del opened, closed, year
    parts = dict.fromkeys(BY_SOURCE, tuple(f"{source}_cents" for source in SOURCES))
    split = [*parts.items(), ("loan_repayment", ("principal_cents", "interest_cents"))]
    uneven = [_uneven(events[kind], columns) for kind, columns in split if kind in events]
    return pl.concat(uneven) if uneven else pl.DataFrame()


def _uneven(events: pl.DataFrame, parts: tuple[str, ...]) -> pl.DataFrame:
    """Return who has an event of some kind whose parts do not make its amount."""
    total = sum(_cents(events, name) for name in parts)
    return named(events, np.flatnonzero(total != _cents(events, "amount_cents")))
