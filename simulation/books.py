"""The books of a year: what its promises are held against, and the places of people in it, looked up once.

Knows no promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from simulation.roll import Roll

if TYPE_CHECKING:
    import polars as pl

    from simulation.rules.rounding import Whole
    from simulation.state import State

Events = Mapping[str, "pl.DataFrame"]


@dataclass(frozen=True)
class Books:
    """The states of a batch when a year opened and closed, and the year's events by kind."""

    year: int
    opened: State
    closed: State
    events: Events

    @cached_property
    def roll(self) -> Roll:
        """Return the roll of the people at the end."""
        return Roll.of(self.closed.people)

    @cached_property
    def opening(self) -> Whole:
        """Return the row of the people at the end that each person at the opening has."""
        return self.roll.rows_of(self.opened.people)

    @cached_property
    def rows(self) -> dict[str, Whole]:
        """Return the row of the people at the end that each event is about, by kind."""
        return {kind: self.roll.rows_of(frame) for kind, frame in self.events.items()}

    def rows_of(self, frame: pl.DataFrame) -> Whole:
        """Return the row of the people at the end that each row is about; known of the year's events."""
        for kind, known in self.events.items():
            if known is frame:
                return self.rows[kind]
        return self.roll.rows_of(frame)
