"""Names that last: employees, requisition slots, runs and events.

A future hire is a slot (year, level, n-th), not "the next number", so that hire 17 of 2027 is the same
person in every scenario with that seed. Nothing here draws or stores.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

SLOT_PATTERN: Final = re.compile(r"^H(\d{4})-L(\d)-(\d{5,})$")
"""What a requisition slot looks like; a census may not use such ids."""


def slot_ids(year: int) -> pl.Expr:
    """Return the ids of slots from ``job_level`` and ``slot`` (n-th of its year and level, from 1)."""
    return pl.format(
        "H{}-L{}-{}",
        pl.lit(year),
        pl.col("job_level").cast(pl.String),
        pl.col("slot").cast(pl.String).str.zfill(5),
    )


def person_keys(employee_ids: pl.Series) -> pl.Series:
    """Return the 64-bit key of each employee id, the same in every run, version and machine.

    The id's length, then its bytes in words of eight, each folded in by bijections of 64 bits: ids of up to
    eight bytes and one length never share a key, others as seldom as chance has it.
    """
    words, starts, lengths = _text_words(employee_ids)
    keys = _mix(lengths.astype(np.uint64), _MIX[1])
    for first in range(0, int(lengths.max(initial=0)), _WORD):
        longer = np.flatnonzero(lengths > first)
        word = words[starts[longer] + first] & _LEADING[np.minimum(lengths[longer] - first, _WORD)]
        for multiplier in _MIX:
            word = _mix(keys[longer] ^ word, multiplier)
        keys[longer] = word
    return pl.Series("person_key", keys, dtype=pl.UInt64)


def _text_words(
    texts: pl.Series,
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the eight bytes from every byte of the texts on, where each text begins, and its length."""
    array = texts.rechunk().to_arrow()
    if not len(array):
        return np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.int64)
    _, offsets, data = array.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    held = bytes(data or b"") + bytes(_WORD)
    words = np.ndarray(len(held) - _WORD + 1, dtype="<u8", buffer=held, strides=(1,))
    return words, bounds[:-1], np.diff(bounds)


_WORD: Final = 8
"""Bytes of a word."""

_LEADING: Final = np.array([(1 << (8 * count)) - 1 for count in range(_WORD + 1)], dtype=np.uint64)
"""What keeps the first so many bytes of a word."""


def run_key(scenario_digest: str, census_digest: str, seed: int) -> bytes:
    """Return the 16 bytes that set one run's event ids apart from every other run's."""
    return hashlib.sha256(f"{scenario_digest}\n{census_digest}\n{seed}".encode()).digest()[:16]


def event_ids(key: bytes, content: list[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    """Return event ids as two 64-bit halves a row: UUIDs of version 8 (RFC 9562), a function of content.

    ``content`` has one array a column, each cell as 64 bits. Rows of tables that have fewer columns come
    last: a column is no longer than the one before. Any changed cell gives another id, so that a row that
    was tampered with gives itself away; the proof is the SHA-256 chain, this is the finger that points.
    """
    halves = np.frombuffer(key, dtype="<u8").astype(np.uint64)
    lanes = np.repeat(halves[:, None], len(content[0]), axis=1)
    folded = np.empty_like(lanes)
    for position, column in enumerate(content, start=1):
        mixed, room = lanes[:, : len(column)], folded[:, : len(column)]
        mixed ^= column + np.uint64(position)
        _fold(mixed, _FIRST_FOLD, room)
        mixed *= _MULTIPLIERS
        _fold(mixed, _SECOND_FOLD, room)
    lanes &= _KEPT_BITS
    lanes |= _VERSION_AND_VARIANT
    return lanes.T


def _fold(words: npt.NDArray[np.uint64], bits: np.uint64, folded: npt.NDArray[np.uint64]) -> None:
    """Fold the upper bits of words into the lower ones, in place; ``folded`` is room to work in."""
    np.right_shift(words, bits, out=folded)
    words ^= folded


_KEPT_BITS: Final = np.array([[0xFFFFFFFFFFFF0FFF], [0x3FFFFFFFFFFFFFFF]], dtype=np.uint64)
_VERSION_AND_VARIANT: Final = np.array([[0x8000], [0x8000000000000000]], dtype=np.uint64)
"""What RFC 9562 asks of the two halves."""

_MIX: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93))
_MULTIPLIERS: Final = np.array(_MIX)[:, None]
_FIRST_FOLD: Final = np.uint64(32)
_SECOND_FOLD: Final = np.uint64(29)


def _mix(words: npt.NDArray[np.uint64], multiplier: np.uint64) -> npt.NDArray[np.uint64]:
    """Return words multiplied and folded: a bijection of 64 bits, as in the finaliser of SplitMix64."""
    words = (words ^ (words >> _FIRST_FOLD)) * multiplier
    return words ^ (words >> _SECOND_FOLD)
