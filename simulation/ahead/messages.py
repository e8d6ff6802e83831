"""What the two processes tell each other: a line of JSON, then frames as Arrow streams."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING, Any, Self

import polars as pl

from simulation.census import Census
from simulation.evolve import open_year
from simulation.parameters.restored import restored, told
from simulation.state import State
from simulation.year import LivedYear

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.parameters import Scenario


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, as JSON knows it, and frames."""

    said: Mapping[str, Any]
    frames: Sequence[pl.DataFrame]

    def parts(self) -> list[bytes | memoryview]:
        """Return what has to be written for the other side to read the message."""
        streams = [_stream(frame) for frame in self.frames]
        head = {"said": self.said, "bytes": [len(stream) for stream in streams]}
        return [json.dumps(head).encode() + b"\n", *streams]

    @classmethod
    def read(cls, pipe: IO[bytes]) -> Self:
        """Return the next message.

        Raises:
            EOFError: the other side ended before it, or within it.
        """
        head = pipe.readline()
        if not head.endswith(b"\n"):
            raise EOFError("the other process ended")
        known = json.loads(head)
        return cls(known["said"], [_frame(pipe, size) for size in known["bytes"]])


def write(parts: Iterable[bytes | memoryview], pipe: IO[bytes]) -> None:
    """Write a message; ``OSError`` comes through."""
    for part in parts:
        pipe.write(part)
    pipe.flush()


def _stream(frame: pl.DataFrame) -> memoryview:
    stream = io.BytesIO()
    frame.write_ipc_stream(stream)
    return stream.getbuffer()


def _frame(pipe: IO[bytes], size: int) -> pl.DataFrame:
    stream = pipe.read(size)
    if len(stream) < size:
        raise EOFError("the other process ended within a frame")
    return pl.read_ipc_stream(stream)


def order(scenario: Scenario, census: Census, seeds: Sequence[int]) -> Message:
    """Return what a run is made from, to be sent."""
    said = {
        "scenario": told(scenario),
        "digest": scenario.digest,
        "as_of": census.as_of.isoformat(),
        "source": census.source,
        "seeds": [*seeds],
    }
    return Message(said, [census.frame])


def ordered(message: Message) -> tuple[Scenario, Census, list[int]]:
    """Return what a run is made from, as it was sent."""
    said = message.said
    census = Census(message.frames[0], date.fromisoformat(said["as_of"]), said["source"])
    return restored(said["scenario"], said["digest"]), census, said["seeds"]


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
