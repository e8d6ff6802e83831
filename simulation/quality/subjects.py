"""What gates look at: a census as it was taken in, a year as it was told, its relations as they are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from simulation.roll import Roll

if TYPE_CHECKING:
    import polars as pl

    from simulation.context import YearContext
    from simulation.rules.rounding import Whole
    from simulation.state import State

Events = Mapping[str, "pl.DataFrame"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A census, the events that it became, one batch of seeds at once, and the state that they made."""

    census: pl.DataFrame
    seeds: int
    events: Events
    state: State


@dataclass(frozen=True)
class Told:
    """A year of a batch: the states when it opened and closed, its events in order.

    ``first`` has the number of each seed's first event (``seed``, ``next``).
    """

    context: YearContext
    opened: State
    closed: State
    events: Events
    first: pl.DataFrame

    @cached_property
    def rows(self) -> dict[str, Whole]:
        """Return the row of the people at the end that each event is about, by kind."""
        roll = Roll.of(self.closed.people)
        return {kind: roll.rows_of(frame) for kind, frame in self.events.items()}


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
