"""One year of a batch: open it, let each phase decide and ``evolve`` apply, stamp the events, check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.evolve import evolve, open_year
from simulation.invariants import check
from simulation.phases import PHASES
from simulation.stamp import Batch, stamp
from simulation.summary import summarise

if TYPE_CHECKING:
    import polars as pl

    from simulation.context import YearContext
    from simulation.state import State


@dataclass(frozen=True, slots=True)
class YearRecord:
    """What a year leaves behind, for every seed of the batch.

    ``events`` has one frame a type, in total order; ``state`` is that of 31 December (at genesis: as the
    census has it); ``summary`` one row a metric; ``parameters`` the values that the year used.
    """

    year: int
    events: Mapping[str, pl.DataFrame]
    state: State
    summary: pl.DataFrame
    parameters: pl.DataFrame


def simulate_year(
    context: YearContext, state: State, next_sequence: pl.DataFrame, parameters: pl.DataFrame
) -> tuple[YearRecord, pl.DataFrame]:
    """Return the year's record and the next event sequence of each seed.

    Raises:
        InvariantError: the year broke a promise of the model.
    """
    opened = open_year(state, context.year)
    closed, batches = opened, list[Batch]()
    for phase in PHASES:
        events = phase.decide(context, closed)
        closed = evolve(closed, events, context.year)
        batches.append((phase.number, events))
    stamped = stamp(batches, context.year, next_sequence)
    check(opened, closed, stamped.events, context.year)
    summary = summarise(closed, context.year)
    return YearRecord(context.year, stamped.events, closed, summary, parameters), stamped.next_sequence
