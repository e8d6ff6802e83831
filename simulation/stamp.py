"""The total order of a year's events: (effective date, phase, employee, place within the employee).

The order does not depend on how rows came to lie in their frames, on threads, or on which seeds share a
batch, so that equal inputs give equal logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Rows: TypeAlias = npt.NDArray[np.int64]

Batch = tuple[int, Mapping[str, pl.DataFrame]]
"""A phase's number and the events that it decided, by type."""


def stamp(batches: Sequence[Batch], year: int, next_sequence: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return event frames by type with year, phase and sequence, each in the total order.

    Events are numbered on from ``next_sequence`` (one row a seed: ``seed``, ``next``).
    """
    by_type = _by_type(batches, year)
    rows = pl.concat([pl.DataFrame(schema=_ORDER), *(frame.select(*_ORDER) for frame in by_type.values())])
    order = _total_order(rows, next_sequence["seed"])
    numbers = _numbers(rows["seed"].to_numpy()[order], next_sequence)
    ends = list(accumulate((frame.height for frame in by_type.values()), initial=0))
    kinds = np.repeat(np.arange(len(by_type), dtype=np.int16), np.diff(ends))
    places = np.argsort(kinds[order], kind="stable")
    return {
        event_type: _in_order(frame, order[places[first:end]] - first, numbers[places[first:end]])
        for (event_type, frame), (first, end) in zip(by_type.items(), pairwise(ends), strict=True)
    }


def following(batches: Sequence[Batch], next_sequence: pl.DataFrame) -> pl.DataFrame:
    """Return the next sequence of each seed after some events."""
    seeds = [frame["seed"] for _, events in batches for frame in events.values()]
    count = pl.concat([pl.Series("seed", [], dtype=pl.UInt64), *seeds]).value_counts(name="count")
    counted = next_sequence.join(count, on="seed", how="left", maintain_order="left")
    return counted.select("seed", next=pl.col("next") + pl.col("count").fill_null(0).cast(pl.Int64))


_ORDER: Final[Mapping[str, pl.DataType]] = MappingProxyType(
    {"seed": pl.UInt64(), "effective_date": pl.Date(), "phase": pl.Int16(), "person": pl.Int32()}
)
"""What orders events; those of one person, day and phase stand by type, and as their engine gave them."""

_WORD: Final = 64
"""Bits of the number that rows are sorted by."""


def _total_order(rows: pl.DataFrame, seeds: pl.Series) -> Rows:
    """Return the rows' positions in the total order, rows that tie as they lie.

    All keys are packed into one number, and the position too where there is room: numbers that all differ
    are sorted without care for ties, several times as fast.
    """
    days, phases, people = (_place(rows[name]) for name in ("effective_date", "phase", "person"))
    ranks = np.searchsorted(np.sort(seeds.to_numpy()), rows["seed"].to_numpy()) if len(seeds) > 1 else _NONE
    packed, used = np.zeros(rows.height, dtype=np.uint64), 0
    for place in (people, phases, days, ranks):
        packed |= place.astype(np.uint64) << np.uint64(used)
        used += int(place.max(initial=0)).bit_length()
    if used > _WORD:
        message = f"{used} bits of seeds, days, phases and people do not fit into one number"
        raise OverflowError(message)
    bits = rows.height.bit_length()
    if used + bits > _WORD:
        return np.argsort(packed, kind="stable")
    packed <<= np.uint64(bits)
    packed |= np.arange(rows.height, dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << bits) - 1)
    return packed.view(np.int64)


_NONE: Final = np.zeros(1, dtype=np.int64)
"""The rank of the one seed there is."""


def _place(key: pl.Series) -> Rows:
    """Return how far each value lies above the least."""
    numbers = key.to_physical().cast(pl.Int64).to_numpy()
    return numbers - (numbers.min() if len(numbers) else 0)


def _numbers(seeds: npt.NDArray[np.uint64], next_sequence: pl.DataFrame) -> Rows:
    """Return the sequence numbers of events sorted by seed."""
    known, nexts = next_sequence["seed"].to_numpy(), next_sequence["next"].to_numpy()
    first = np.searchsorted(seeds, known, side="left")
    count = np.searchsorted(seeds, known, side="right") - first
    by_seed = np.argsort(known)
    return np.repeat((nexts - first)[by_seed], count[by_seed]) + np.arange(len(seeds))


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


def _in_order(frame: pl.DataFrame, rows: Rows, numbers: Rows) -> pl.DataFrame:
    """Return one type's rows in the total order with their numbers; those in order already are not copied."""
    moved = frame if np.array_equal(rows, np.arange(frame.height)) else frame[rows]
    return moved.with_columns(pl.Series("event_sequence", numbers, dtype=pl.Int64))
