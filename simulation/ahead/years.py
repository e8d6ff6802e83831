"""A year as the process that lived it sends it: the state that it left, and what each phase decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.ahead.wire import Message
from simulation.evolve import open_year
from simulation.state import State
from simulation.year import LivedYear

if TYPE_CHECKING:
    import polars as pl

    from simulation.context import YearContext


def result(year: LivedYear) -> Message:
    """Return what a year left and what its phases decided, to be sent."""
    batches = [(number, [*events]) for number, events in year.batches]
    state = [getattr(year.closed, name) for name in State.__slots__]
    events = [frame for _, events in year.batches for frame in events.values()]
    return Message({"year": year.context.year, "batches": batches}, [*state, *events])


def lived(message: Message, context: YearContext, state: State, next_sequence: pl.DataFrame) -> LivedYear:
    """Return the year that was sent, which followed a state.

    Raises:
        ValueError: it is another year.
    """
    if message.said["year"] != context.year:
        raise ValueError(f"the year {message.said['year']} came instead of {context.year}")
    frames = iter(message.frames)
    closed = State(*(next(frames) for _ in State.__slots__))
    batches = tuple(
        (number, {event_type: next(frames) for event_type in types})
        for number, types in message.said["batches"]
    )
    return LivedYear(context, open_year(state, context.year), closed, batches, next_sequence)
