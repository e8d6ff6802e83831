"""One year of a batch: open it, let each phase decide and ``evolve`` apply; then order, check and sum up.

A year is lived before it is told. The next year needs only its state, so that putting events in order,
proving the model's promises and summing up may be done beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from simulation.balance_snapshot import balance_snapshots
from simulation.errors import PlanWiseError
from simulation.evolve import evolve, open_year
from simulation.phases import PHASES
from simulation.quality.inspect import inspect_year
from simulation.quality.subjects import Told
from simulation.stamp import Batch, following, stamp
from simulation.standing import AccountYear
from simulation.summary import summarise
from simulation.used import used_parameters

if TYPE_CHECKING:
    import polars as pl

    from simulation.context import YearContext
    from simulation.state import State


@dataclass(frozen=True, slots=True)
class YearRecord:
    """What a year leaves behind, for every seed of the batch.

    ``events`` has one frame a type, in total order; ``state`` is that of 31 December (at genesis: as the
    census has it); ``summary`` one row a metric; ``balances`` one row a participant and snapshot date;
    ``parameters`` the values that the year used; ``quality`` one row a gate that its data went through.
    """

    year: int
    events: Mapping[str, pl.DataFrame]
    state: State
    summary: pl.DataFrame
    balances: pl.DataFrame
    parameters: pl.DataFrame
    quality: pl.DataFrame


class LivedYear(NamedTuple):
    """A year that is over and not yet told: its states, and what each phase decided."""

    context: YearContext
    opened: State
    closed: State
    batches: tuple[Batch, ...]
    next_sequence: pl.DataFrame

    @property
    def following(self) -> pl.DataFrame:
        """Return the next event sequence of each seed after this year."""
        return following(self.batches, self.next_sequence)

    def record(self) -> YearRecord:
        """Return the year in order, proved and summed up.

        Raises:
            InvariantError: the year broke a promise of the model.
        """
        year, scenario = self.context.year, self.context.scenario
        events = stamp(self.batches, year, self.next_sequence)
        try:
            told = Told(year, self.opened, self.closed, events, self.context, self.next_sequence)
            quality = inspect_year(told)
        except PlanWiseError as error:
            error.context.setdefault("scenario", scenario.name)
            raise
        accounts = AccountYear(year, self.opened, self.closed, events)
        return YearRecord(
            year=year,
            events=events,
            state=self.closed,
            summary=summarise(self.closed, year),
            balances=balance_snapshots(accounts, scenario.output.balance_snapshots),
            parameters=used_parameters(self.context),
            quality=quality,
        )


def live(context: YearContext, state: State, next_sequence: pl.DataFrame) -> LivedYear:
    """Return a year after the state that the one before has left."""
    opened = open_year(state, context.year)
    closed, batches = opened, list[Batch]()
    for phase in PHASES:
        events = phase.decide(context, closed)
        closed = evolve(closed, events, context.year)
        batches.append((phase.number, events))
    return LivedYear(context, opened, closed, tuple(batches), next_sequence)
