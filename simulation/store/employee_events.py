"""Which types of events an employee has in a year: who asks about one person asks a few tables, not all.

To ask a table costs a millisecond even if it has none of the rows. The types of a year are the bits of a
number; which bit is whose is said by ``simulation.events.catalogue``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.events import EVENT_TYPES
from simulation.lexicon import Ranks
from simulation.store.relations import EVENTS, Relation

BITS: Final[Mapping[str, np.uint64]] = MappingProxyType(
    {relation.name: np.uint64(1 << EVENT_TYPES[name].number) for name, relation in EVENTS.items()}
)
"""What stands for a type, by its table."""


def types_in(bits: int) -> list[str]:
    """Return the event types that a number stands for, in the order of the catalogue."""
    return [name for name, kind in EVENT_TYPES.items() if bits >> kind.number & 1]


def index_of(
    year: int, people: Sequence[int], events: Iterable[tuple[Relation, pl.Series, Ranks]]
) -> tuple[pl.DataFrame, list[int]]:
    """Return a year's rows of ``employee_events``, seed after seed by employee, and where each seed's begin.

    Args:
        year: the year.
        people: how many people each seed knows.
        events: tables with their events' people by number, and the place of the seed of each event; of a
            single seed that is not asked.
    """
    first = np.concatenate([[0], np.cumsum(people)])
    bits = np.zeros(first[-1], dtype=np.uint64)
    for relation, person, ranks in events:
        places = person.to_numpy()
        bits[places if len(people) == 1 else places + first[ranks]] |= BITS[relation.name]
    found = np.flatnonzero(bits)
    bounds = np.searchsorted(found, first)
    employee = found - np.repeat(first[:-1], np.diff(bounds))
    rows = {
        "employee_id": employee.astype(np.int32),
        "simulation_year": np.full(len(found), year, dtype=np.int32),
        "event_types": bits[found],
    }
    return pl.DataFrame(rows), bounds.tolist()
