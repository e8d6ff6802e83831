"""Cash that must add up: accounts by participant and source, loans, the forfeiture account.

Recounted from a year's events, to the cent, without the formulas that applied them to the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.events.sources import SOURCES, Source
from simulation.state import KEYS, LOAN_KEYS

if TYPE_CHECKING:
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

_CENTS: Final = tuple(f"{source}_cents" for source in SOURCES)


def accounts(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return people with a source in which opening balance and movements do not make the closing balance.

    Opening + contributions + returns + repayments + restored + reallocated - withdrawals - distributions -
    rollovers - loans - forfeitures - fees = closing.
    """
    del year
    places = _Places.of(closed.people)
    wrong = np.zeros(closed.people.height, dtype=np.bool_)
    for source in Source:
        left = -closed.people[f"balance_{source.column}_cents"].to_numpy()
        left[places.of_rows(opened.people)] += opened.people[f"balance_{source.column}_cents"].to_numpy()
        for rows, change in _moves(events, source):
            np.add.at(left, places.of_rows(rows), rows.select(change).to_series().to_numpy())
        wrong |= left != 0
    return closed.people.filter(pl.Series(wrong))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where people stand: numbered from nought within a seed, and sorted by seed."""

    seeds: npt.NDArray[np.uint64]
    first: npt.NDArray[np.int64]

    @classmethod
    def of(cls, people: pl.DataFrame) -> Self:
        seeds, first = np.unique(people["seed"].to_numpy(), return_index=True)
        return cls(seeds, first)

    def of_rows(self, rows: pl.DataFrame) -> npt.NDArray[np.int64]:
        begin = self.first[np.searchsorted(self.seeds, rows["seed"].to_numpy())]
        return np.asarray(begin + rows["person"].to_numpy(), dtype=np.int64)


def _moves(events: Events, source: Source) -> Iterator[tuple[pl.DataFrame, pl.Expr]]:
    """Yield the events that move money in a source, and by how much each does."""
    for kind, sign in BY_SOURCE.items():
        if kind in events:
            yield events[kind], sign * pl.col(f"{source.column}_cents")
    for kind, (sign, column) in OF_ONE_SOURCE.items():
        if kind in events:
            yield events[kind].filter(pl.col(column) == source.value), sign * pl.col("amount_cents")
    if source is Source.PROFIT_SHARING and "forfeiture_use" in events:
        shares = events["forfeiture_use"].filter(pl.col("use") == "reallocate")
        yield shares, pl.col("amount_cents")


def forfeiture_account(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return people whose part of the forfeiture account is not what was forfeited less what was used."""
    del year
    held = "forfeiture_account_cents"
    moves = [
        events[kind].select(*KEYS, cents=sign * pl.col("amount_cents"))
        for kind, sign in FORFEITURE_ACCOUNT.items()
        if kind in events
    ]
    opening = opened.people.select(*KEYS, cents=held)
    closing = closed.people.select(*KEYS, cents=-pl.col(held))
    return _unequal(closed, pl.concat([opening, *moves, closing]), KEYS, ("cents",))


def loan_ledger(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return loans whose opening balance, lending, repayment and default do not make the closing balance."""
    del year
    moves = [
        events[kind].select(*LOAN_KEYS, cents=change)
        for kind, change in _LOAN_MOVES.items()
        if kind in events
    ]
    opening = opened.loans.select(*LOAN_KEYS, cents="balance_cents")
    closing = closed.loans.select(*LOAN_KEYS, cents=-pl.col("balance_cents"))
    return _unequal(closed, pl.concat([opening, *moves, closing]), LOAN_KEYS, ("cents",))


_LOAN_MOVES: Final[Mapping[str, pl.Expr]] = {
    "loan": pl.col("amount_cents"),
    "loan_repayment": -pl.col("principal_cents"),
    "loan_default": pl.col("accrued_interest_cents") - pl.col("amount_cents"),
}


def amounts(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return events whose amounts by source, or principal and interest, do not add up to their own."""
    del opened, closed, year
    uneven = [
        events[kind]
        .filter(reduce(add, map(pl.col, _CENTS)) != pl.col("amount_cents"))
        .select(*KEYS, "employee_id")
        for kind in BY_SOURCE
        if kind in events
    ]
    if "loan_repayment" in events:
        parts = pl.col("principal_cents") + pl.col("interest_cents")
        wrong = events["loan_repayment"].filter(parts != pl.col("amount_cents"))
        uneven.append(wrong.select(*KEYS, "employee_id"))
    return pl.concat(uneven) if uneven else pl.DataFrame()


def _unequal(
    closed: State, moves: pl.DataFrame, keys: tuple[str, ...], columns: tuple[str, ...]
) -> pl.DataFrame:
    """Return the rows, with the employee's id, whose opening, movements and closing leave a difference."""
    left = moves.group_by(keys).agg(pl.col(name).sum() for name in columns)
    wrong = left.filter(pl.any_horizontal(pl.col(name) != 0 for name in columns))
    return (
        wrong.join(closed.people.select(*KEYS, "employee_id"), on=KEYS, how="left") if wrong.height else wrong
    )
