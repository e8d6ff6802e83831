"""How accounts stood when some days of a year ended: the balances of 1 January and what moved them since.

A cumulative fold, day after day; the last day is 31 December, which the state itself tells. Knows nothing of
rows and files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import polars as pl

from simulation.balances import BALANCES, VESTED, amounts
from simulation.events.accounts import ACCOUNT_EVENTS
from simulation.events.sources import SOURCES
from simulation.movements import LOANS, Events, Movement, movements
from simulation.state import deferring, rows_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from simulation.rules.days import Days
    from simulation.rules.rounding import Truths, Whole
    from simulation.state import State


@dataclass(frozen=True, slots=True)
class AccountYear:
    """A year of accounts, every seed's: the states of 1 January and 31 December, and the events between."""

    year: int
    opened: State
    closed: State
    events: Events

    def rows_of(self, rows: pl.DataFrame) -> Whole:
        """Return the row of people that each of some rows is about."""
        return rows_of(self.closed.people, rows)

    def owed(self, loans: pl.DataFrame) -> Whole:
        """Return what each person owes on loans."""
        sums = np.zeros(self.closed.people.height, dtype=np.int64)
        np.add.at(sums, self.rows_of(loans), loans["balance_cents"].to_numpy())
        return sums

    def opening(self) -> Whole:
        """Return what was in accounts on 1 January, in cents by sources and people."""
        return amounts(self.closed.people, _OPENING).T

    def opening_shares(self) -> Whole:
        """Return what was owned on 1 January, in basis points by employer source and people."""
        shares = np.zeros((len(VESTED), self.closed.people.height), dtype=np.int64)
        shares[:, self.rows_of(self.opened.people)] = self.opened.people[[*VESTED]].to_numpy().T
        return shares

    def told_vesting(self) -> Truths:
        """Return of whom vesting was told in an earlier year."""
        told = np.zeros(self.closed.people.height, dtype=bool)
        told[self.rows_of(self.opened.people)] = self.opened.people["vesting_told"].to_numpy()
        return told


_OPENING: Final = tuple(f"opening_{source}_cents" for source in SOURCES)


class Standing(NamedTuple):
    """Everybody's account when a day ended, in the order of people.

    ``balances`` are cents by source and people, ``shares`` vested basis points by employer source and
    people, ``told`` whether these were ever told; ``owed`` is cents on loans; ``defers`` tells whose
    election is above nought; ``moved`` and ``since`` count the events that moved the account in the year,
    and since the day before this one.
    """

    balances: Whole
    shares: Whole
    told: Truths
    owed: Whole
    defers: Truths
    moved: Whole
    since: Whole


def standings(accounts: AccountYear, days: Sequence[date]) -> Iterator[Standing]:
    """Yield how accounts stood on days of the year, in order; the last one has to be 31 December."""
    on = np.array(days, dtype="datetime64[D]")
    since = _counted(accounts, on)
    moved = np.cumsum(since, axis=0)
    yield from _folded(accounts, on, moved, since)
    people = accounts.closed.people
    yield Standing(
        balances=amounts(people, BALANCES).T,
        shares=people[[*VESTED]].to_numpy().T,
        told=np.ones(people.height, dtype=bool),
        owed=accounts.owed(accounts.closed.loans),
        defers=people.select(deferring()).to_series().to_numpy(),
        moved=moved[-1],
        since=since[-1],
    )


def _folded(accounts: AccountYear, on: Days, moved: Whole, since: Whole) -> Iterator[Standing]:
    """Yield how accounts stood on every day but the last."""
    if len(on) == 1:
        return
    held = np.vstack([accounts.opening(), accounts.owed(accounts.opened.loans)])
    shares, told = accounts.opening_shares(), accounts.told_vesting()
    defers = np.zeros(held.shape[1], dtype=bool)
    posted, elected, credited = (fold(accounts, on) for fold in (_posted, _elected, _credited))
    for n in range(len(on) - 1):
        held, shares, told, defers = held.copy(), shares.copy(), told.copy(), defers.copy()
        places, cents = posted.at(n)
        np.add.at(held.reshape(-1), places, cents)
        rows, *now = credited.at(n)
        shares[:, rows], told[rows] = now, True
        # Of one person's elections the last one stays.
        rows, rates = elected.at(n)
        defers[rows] = rates > 0
        yield Standing(held[:-1], shares, told, held[-1], defers, moved[n], since[n])


class _Dated(NamedTuple):
    """Columns of what happened, by the first of some days that shows it; ``ends`` says where each begins."""

    columns: Sequence[Whole]
    ends: Whole

    @classmethod
    def of(cls, first: NDArray[np.uint8], days: int, *columns: Whole) -> Self:
        """Put columns into the order of the days on which they are first shown."""
        order = np.argsort(first, kind="stable")
        ends = np.searchsorted(first[order], np.arange(days + 1))
        return cls([column[order] for column in columns], ends)

    def at(self, day: int) -> list[Whole]:
        """Return what the n-th day is the first to show."""
        return [column[self.ends[day] : self.ends[day + 1]] for column in self.columns]


def _first_shown(on: Days, events: pl.DataFrame) -> NDArray[np.uint8]:
    """Return the first of some days that shows each event: its own day, or the next one."""
    return np.searchsorted(on, events["effective_date"].to_numpy()).astype(np.uint8)


def _counted(accounts: AccountYear, on: Days) -> Whole:
    """Return how many events moved each account, by the day that shows them first."""
    people = accounts.closed.people.height
    counts = np.zeros(len(on) * people, dtype=np.int64)
    for name in ACCOUNT_EVENTS:
        if name in accounts.events:
            events = accounts.events[name]
            places = _first_shown(on, events) * np.int64(people) + accounts.rows_of(events)
            counts += np.bincount(places, minlength=len(counts))
    return counts.reshape(len(on), people)


def _posted(accounts: AccountYear, on: Days) -> _Dated:
    """Return what was moved: places in a table of sources, and loans below them, by people; and cents."""
    people = np.int64(accounts.closed.people.height)
    first, places, cents = [np.empty(0, np.uint8)], [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for events, moved in chain(movements(accounts.events), _owed(accounts.events)):
        rows, shown = accounts.rows_of(events), _first_shown(on, events)
        for place, amount in moved:
            first.append(shown)
            places.append(place * people + rows)
            cents.append(amount)
    return _Dated.of(np.concatenate(first), len(on), np.concatenate(places), np.concatenate(cents))


def _owed(events: Events) -> Iterator[tuple[pl.DataFrame, list[Movement]]]:
    """Yield events that change the debt on loans, which stands below the sources."""
    for name, added in LOANS.items():
        if name in events:
            yield events[name], [Movement(len(SOURCES), added(events[name]))]


def _elected(accounts: AccountYear, on: Days) -> _Dated:
    """Return who elected, and which rate; those in force on 1 January are among them."""
    elections = accounts.closed.elections
    rates = elections["pre_tax_bp"].to_numpy() + elections["roth_bp"].to_numpy()
    return _Dated.of(_first_shown(on, elections), len(on), accounts.rows_of(elections), rates)


def _credited(accounts: AccountYear, on: Days) -> _Dated:
    """Return of whom vesting was told, and the share of each employer source."""
    told = accounts.events.get("vesting")
    if told is None:
        nothing = np.empty(0, dtype=np.int64)
        return _Dated.of(np.empty(0, dtype=np.uint8), len(on), nothing, *(nothing for _ in VESTED))
    shares = (told[name].to_numpy() for name in VESTED)
    return _Dated.of(_first_shown(on, told), len(on), accounts.rows_of(told), *shares)
