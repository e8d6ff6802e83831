"""The state rebuilt from the log alone: the same fold as the run's, fed with stored events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulation.evolve import Events, empty, evolve, open_year

if TYPE_CHECKING:
    from simulation.state import State


def replay(years: Iterable[tuple[int, Events]]) -> State:
    """Return the state after the given years' events, genesis first, then each year in order."""
    state = empty()
    for position, (year, events) in enumerate(years):
        opened = open_year(state, year) if position else state
        state = evolve(opened, events, year)
    return state
