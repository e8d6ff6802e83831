"""How the two processes speak: a line of JSON, then frames as Arrow streams."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, NamedTuple, Self

import polars as pl


class Message(NamedTuple):
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
