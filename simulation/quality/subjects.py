"""What gates look at: a census as it was taken in, a year as it was told, its relations as they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from simulation.books import Books, Events

if TYPE_CHECKING:
    import polars as pl

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State


@dataclass(frozen=True, slots=True)
class Taken:
    """A census, the events that it became, one batch of seeds at once, and the state that they made."""

    census: pl.DataFrame
    seeds: int
    events: Events
    state: State


@dataclass(frozen=True)
class Told(Books):
    """A year of a batch, its events in order: its books, and what it was lived by.

    ``first`` has the number of each seed's first event (``seed``, ``next``).
    """

    context: YearContext
    first: pl.DataFrame

    @cached_property
    def days(self) -> dict[str, Whole]:
        """Return the day of each event, by kind."""
        return {kind: day_numbers(frame["effective_date"]) for kind, frame in self.events.items()}


def day_numbers(dates: pl.Series) -> Whole:
    """Return days as numbers, since 1970; none is before any day."""
    return dates.to_numpy().view(np.int64)


@dataclass(frozen=True, slots=True)
class Kept:
    """A year of a batch as its stores keep it: snapshots, totals by status, summary; and the state."""

    seeds: Sequence[int]
    state: State
    events: Events
    year: int
    snapshot: pl.DataFrame
    balances: pl.DataFrame
    totals: pl.DataFrame
    summary: pl.DataFrame
