"""The only author of state: ``(state, events) -> state``.

A run and a replay pass through the same functions, so that a replay gives the run's state column for
column, whatever the order in which the types of a year's events are applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from simulation.evolve.accounts import ACCOUNTS
from simulation.evolve.administration import ADMINISTRATION
from simulation.evolve.opening import open_year
from simulation.evolve.participation import PARTICIPATION, settled
from simulation.evolve.workforce import WORKFORCE, Apply
from simulation.frames import ElectionFrame, LoanFrame, PeopleFrame, RaiseFrame, types_of
from simulation.state import State

Events = Mapping[str, pl.DataFrame]
"""Event frames by type; types without events may be absent."""

APPLY: Final[Mapping[str, Apply]] = {**WORKFORCE, **PARTICIPATION, **ACCOUNTS, **ADMINISTRATION}
"""What the events of each type do, in the order in which types are applied."""


def empty() -> State:
    """Return the state before genesis: nobody."""
    contracts = (PeopleFrame, RaiseFrame, ElectionFrame, LoanFrame)
    return State(*(pl.DataFrame(schema=types_of(contract)) for contract in contracts))


def evolve(state: State, events: Events, year: int) -> State:
    """Return the state after events of one open year; genesis events need no open year."""
    after = state
    for event_type, apply in APPLY.items():
        frame = events.get(event_type)
        if frame is not None and frame.height:
            after = apply(after, frame, year)
    return after if after.elections is state.elections else settled(after)


__all__ = ["APPLY", "Events", "empty", "evolve", "open_year"]
