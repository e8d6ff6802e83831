"""The state rebuilt from the log alone: the same fold as the run's, fed with stored events."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from simulation.evolve import Events, empty, evolve, open_year

if TYPE_CHECKING:
    from simulation.state import State


def replay(years: Iterable[tuple[int, Events]]) -> State:
    """Return the state after the given years' events, genesis first, then each year in order."""
    last = deque(states(years), maxlen=1)
    return last[0][1] if last else empty()


def states(years: Iterable[tuple[int, Events]]) -> Iterator[tuple[State, State]]:
    """Yield the states before and after the events of genesis, and of each year in order."""
    closed = empty()
    for position, (year, events) in enumerate(years):
        opened = open_year(closed, year) if position else closed
        closed = evolve(opened, events, year)
        yield opened, closed
