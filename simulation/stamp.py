"""The total order of a year's events: (effective date, phase, employee, place within the employee).

The order does not depend on how rows came to lie in their frames, on threads, or on which seeds share a
batch, so that equal inputs give equal logs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
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
    parts = sorted(_parts(batches), key=itemgetter(0))
    if not parts:
        return {}
    kinds, numbers_of_phases, frames = zip(*parts, strict=True)
    phases = np.repeat(np.array(numbers_of_phases, dtype=np.int16), [frame.height for frame in frames])
    seeds = np.concatenate([_ranks(frame, next_sequence) for frame in frames])
    order = _total_order(frames, phases, seeds)
    numbers = _numbers(seeds, next_sequence)
    by_type = {
        kind: pl.concat([frame for other, frame in zip(kinds, frames, strict=True) if other == kind])
        for kind in dict.fromkeys(kinds)
    }
    ends = list(accumulate((frame.height for frame in by_type.values()), initial=0))
    types = np.repeat(np.arange(len(by_type), dtype=np.uint8), np.diff(ends))
    places = np.argsort(types[order], kind="stable")
    rows = order[places]
    stamps = pl.DataFrame(
        {
            "simulation_year": np.full(len(rows), year, dtype=np.int32),
            "phase": phases[rows],
            "event_sequence": numbers[places],
        }
    )
    return {
        kind: _in_order(frame, rows[first:end] - first).hstack(stamps.slice(first, end - first))
        for (kind, frame), (first, end) in zip(by_type.items(), pairwise(ends), strict=True)
    }


def following(batches: Sequence[Batch], next_sequence: pl.DataFrame) -> pl.DataFrame:
    """Return the next sequence of each seed after some events."""
    count = np.zeros(next_sequence.height, dtype=np.int64)
    for _, _, frame in _parts(batches):
        count += np.bincount(_ranks(frame, next_sequence), minlength=len(count))
    return next_sequence.with_columns(
        pl.Series("next", next_sequence["next"].to_numpy() + count[_ranks(next_sequence, next_sequence)])
    )


def _parts(batches: Sequence[Batch]) -> list[tuple[str, int, pl.DataFrame]]:
    """Return what each phase decided of each type, if anything: type, phase and rows."""
    return [
        (kind, phase, frame) for phase, events in batches for kind, frame in events.items() if frame.height
    ]


def _ranks(rows: pl.DataFrame, next_sequence: pl.DataFrame) -> Rows:
    """Return how many seeds of the batch lie below each row's."""
    if next_sequence.height == 1:
        return np.zeros(rows.height, dtype=np.int64)
    return np.searchsorted(np.sort(next_sequence["seed"].to_numpy()), rows["seed"].to_numpy())


_WORD: Final = 64
"""Bits of the number that rows are sorted by."""


def _total_order(frames: Sequence[pl.DataFrame], phases: npt.NDArray[np.int16], seeds: Rows) -> Rows:
    """Return the rows' positions in the total order, rows that tie as they lie: by type and as they came.

    All keys are packed into one number, and the position too where there is room: numbers that all differ
    are sorted without care for ties, several times as fast.
    """
    days, people = (
        np.concatenate([frame[name].cast(pl.Int32).to_numpy() for frame in frames])
        for name in ("effective_date", "person")
    )
    packed, used = np.zeros(len(seeds), dtype=np.uint64), 0
    for key in (people, phases, days, seeds):
        place = key - key.min()
        packed |= place.astype(np.uint64) << np.uint64(used)
        used += int(place.max()).bit_length()
    if used > _WORD:
        message = f"{used} bits of seeds, days, phases and people do not fit into one number"
        raise OverflowError(message)
    bits = len(seeds).bit_length()
    if used + bits > _WORD:
        return np.argsort(packed, kind="stable")
    packed <<= np.uint64(bits)
    packed |= np.arange(len(seeds), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << bits) - 1)
    return packed.view(np.int64)


def _numbers(seeds: Rows, next_sequence: pl.DataFrame) -> Rows:
    """Return the sequence numbers of events in total order, of which ``seeds`` says whose there are."""
    nexts = next_sequence.sort("seed")["next"].to_numpy()
    count = np.bincount(seeds, minlength=len(nexts))
    return np.repeat(nexts - (np.cumsum(count) - count), count) + np.arange(len(seeds))


def _in_order(frame: pl.DataFrame, rows: Rows) -> pl.DataFrame:
    """Return some type's rows in another order; those in order already are not copied."""
    if np.array_equal(rows, np.arange(frame.height)):
        return frame
    return frame[pl.Series(rows, dtype=pl.UInt32)]
