"""The total order of a year's events: (effective date, phase, employee, place within the employee).

The order does not depend on how rows came to lie in their frames, on threads, or on which seeds share a
batch, so that equal inputs give equal logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

Batch = tuple[int, Mapping[str, pl.DataFrame]]
"""A phase's number and the events that it decided, by type."""


@dataclass(frozen=True, slots=True)
class Stamped:
    """Event frames by type with year, phase and sequence, and the next sequence of each seed."""

    events: Mapping[str, pl.DataFrame]
    next_sequence: pl.DataFrame


def stamp(batches: Sequence[Batch], year: int, next_sequence: pl.DataFrame) -> Stamped:
    """Return a year's events numbered on from ``next_sequence`` (one row a seed: ``seed``, ``next``)."""
    by_type = _by_type(batches, year)
    keys = pl.concat(
        [
            frame.select(*_ORDER).with_row_index("row").with_columns(kind=pl.lit(position, dtype=pl.Int16))
            for position, frame in enumerate(by_type.values())
        ]
        or [pl.DataFrame(schema=_KEYS)]
    )
    # Stable sorts, the last key first: half the work of all keys at once, as rows come nearly in order.
    for key in reversed(_ORDER):
        keys = keys.sort(key, maintain_order=True)
    numbered = keys.join(next_sequence, on="seed", maintain_order="left").with_columns(
        event_sequence=pl.col("next") + pl.int_range(pl.len(), dtype=pl.Int64).over("seed")
    )
    events = {
        event_type: _in_order(frame, numbered.filter(pl.col("kind") == position))
        for position, (event_type, frame) in enumerate(by_type.items())
    }
    counted = numbered.group_by("seed").agg(count=pl.len().cast(pl.Int64))
    following = next_sequence.join(counted, on="seed", how="left", maintain_order="left").select(
        "seed", next=pl.col("next") + pl.col("count").fill_null(0)
    )
    return Stamped(events, following)


_ORDER = ("seed", "effective_date", "phase", "person")
"""What orders events; those of one person, day and phase stand by type, and as their engine gave them."""

_KEYS = {
    "row": pl.UInt32(),
    "seed": pl.UInt64(),
    "effective_date": pl.Date(),
    "phase": pl.Int16(),
    "person": pl.Int32(),
    "kind": pl.Int16(),
}


def _by_type(batches: Sequence[Batch], year: int) -> dict[str, pl.DataFrame]:
    gathered: dict[str, list[pl.DataFrame]] = {}
    for phase, events in batches:
        for event_type, frame in events.items():
            if frame.height:
                stamped = frame.with_columns(
                    simulation_year=pl.lit(year, dtype=pl.Int32), phase=pl.lit(phase, dtype=pl.Int16)
                )
                gathered.setdefault(event_type, []).append(stamped)
    return {event_type: pl.concat(gathered[event_type]) for event_type in sorted(gathered)}


def _in_order(frame: pl.DataFrame, order: pl.DataFrame) -> pl.DataFrame:
    """Return one type's rows in the total order; ``order`` is sorted by seed and sequence already."""
    return frame[order["row"]].with_columns(order["event_sequence"])
