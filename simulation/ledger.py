"""The ledger: what an event's id and a run's digest are computed from, and how.

Both are functions of the canonical columns alone, so that they are the same on every machine and in every
version of the libraries: no hash of Polars or DuckDB, no clock, host or user enters. This module knows
nothing of files and databases.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.events import columns
from simulation.events.catalogue import STAMPED_COLUMNS
from simulation.ids import event_ids, person_keys

Words = npt.NDArray[np.uint64]

NULL_WORD: Final = np.uint64(0x6C6C756E_6C6C756E)
"""What an id mixes in for a cell without a value: ``nullnull``."""

_BLOCK: Final = 16_384
"""Rows mixed at a time: the working arrays stay in the processor's second-level cache, twice as fast."""

_WORTH_IT: Final = 4
"""Rows in a run, on average, from which on runs are looked up instead of rows."""

_SAMPLE: Final = 1_000
"""Rows that tell whether a column has such runs."""

_KINDS: Final[Mapping[pl.DataType, tuple[str, str]]] = {
    pl.Int8(): ("int8", "<i1"),
    pl.Int16(): ("int16", "<i2"),
    pl.Int32(): ("int32", "<i4"),
    pl.Int64(): ("int64", "<i8"),
    pl.UInt64(): ("uint64", "<u8"),
    pl.Float64(): ("float64", "<f8"),
    pl.Date(): ("date", "<i4"),
    pl.Boolean(): ("bool", "<u1"),
    pl.String(): ("text", ""),
    pl.Decimal(28, 8): ("decimal", ""),
}
"""Column types by their name in the digest and how their values lie there: dates as days since 1970, decimals
as text with every place."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The SHA-256 of a frame and how many rows it has."""

    rows: int
    value: bytes


def canonical_columns(event_type: str) -> dict[str, pl.DataType]:
    """Return the columns that an event's id and digest cover, in order: all but the seed.

    The seed is in the run's key, so that one seed alone and one of a batch give the same ids; the number
    stands for the id.
    """
    decided = columns(event_type)
    del decided["seed"], decided["person"]
    return {**decided, **STAMPED_COLUMNS}


class Lexicon:
    """Every text met so far, with a small code (order of first appearance) and its 64-bit key.

    Texts repeat from year to year; codes make them cheap to store and to look up, keys to mix into ids.
    """

    def __init__(self, texts: pl.Series | None = None) -> None:
        """Take the texts of an earlier lexicon, in the order of their codes."""
        self._known = pl.DataFrame(schema={"text": pl.String, "code": pl.Int32})
        self._keys = np.empty(0, dtype=np.uint64)
        if texts is not None:
            self.add(texts)

    def __len__(self) -> int:
        return len(self._known)

    def codes(self, columns: Sequence[pl.Series]) -> list[pl.Series]:
        """Return the codes of several columns, null for null; texts not met before get the next codes.

        One look-up for all columns costs half as much as one for each, and a run of equal texts counts once.
        """
        runs = [_Runs.of(column) for column in columns]
        if not runs:
            return []
        found = self._codes(pl.concat(run.texts for run in runs))
        ends = accumulate(len(run.texts) for run in runs)
        return [run.spread(found[end - len(run.texts) : end]) for run, end in zip(runs, ends, strict=True)]

    def _codes(self, texts: pl.Series) -> pl.Series:
        found = self._look_up(texts)
        if found.null_count() > texts.null_count():
            rows = (found.is_null() & texts.is_not_null()).arg_true()
            new = texts.gather(rows)
            self.add(new.unique(maintain_order=True))
            found = found.scatter(rows, self._look_up(new))
        return found

    def keys(self, codes: npt.ArrayLike) -> Words:
        """Return the 64-bit key of each code."""
        return self._keys.take(np.asarray(codes, dtype=np.int64))

    def texts(self, since: int = 0) -> pl.Series:
        """Return the texts from a code onwards, in the order of their codes."""
        return self._known["text"].slice(since)

    def _look_up(self, texts: pl.Series) -> pl.Series:
        joined = texts.to_frame("text").join(self._known, on="text", how="left", maintain_order="left")
        return joined["code"]

    def add(self, texts: pl.Series) -> None:
        """Give the next codes to texts that were not met before."""
        codes = np.arange(len(self), len(self) + len(texts), dtype=np.int32)
        new = pl.DataFrame({"text": texts, "code": codes})
        keys = person_keys(texts).to_numpy()
        self._known = pl.concat([self._known, new], rechunk=True)
        self._keys = np.concatenate([self._keys, keys])


@dataclass(frozen=True, slots=True)
class _Runs:
    """A column's texts, a run of equal ones as one text where that makes it much shorter."""

    texts: pl.Series
    lengths: pl.Series | None = None

    @classmethod
    def of(cls, column: pl.Series) -> _Runs:
        text = column.alias("text")
        sample = text.head(_SAMPLE)
        if len(sample.rle()) * _WORTH_IT > len(sample):
            return cls(text)
        runs = text.rle().struct.unnest()
        return cls(runs["value"].alias("text"), runs["len"])

    def spread(self, codes: pl.Series) -> pl.Series:
        """Return a code for each row of the column."""
        return codes if self.lengths is None else codes.repeat_by(self.lengths).explode(empty_as_null=False)


def identify(run_key: bytes, cells: list[Words]) -> Words:
    """Return the ids of events from their canonical cells (see ``cell_words``): two 64-bit halves a row."""
    rows = len(cells[0])
    result = np.empty((rows, 2), dtype=np.uint64)
    for first in range(0, rows, _BLOCK):
        block = slice(first, first + _BLOCK)
        result[block] = event_ids(run_key, [column[block] for column in cells])
    return result


def cell_words(column: pl.Series, lexicon: Lexicon | None = None) -> Words:
    """Return each cell of a column as 64 bits; ``lexicon`` says that the column holds its codes."""
    values, empty = _flat(column)
    if lexicon is not None:
        words = lexicon.keys(values)
    elif values.dtype == np.float64:
        words = values.view(np.uint64)
    else:
        words = values.astype(np.int64, copy=False).view(np.uint64)
    return words if empty is None else np.where(empty, NULL_WORD, words)


def digest(frame: pl.DataFrame) -> Digest:
    """Return the SHA-256 over the columns of a frame: name, type, which cells are null, values.

    Integers, floats and dates lie as little-endian binary, texts as their lengths in bytes followed by
    their UTF-8; a null counts as nought or as the empty text.
    """
    digester = hashlib.sha256()
    for column in frame.iter_columns():
        for part in _parts(column):
            digester.update(part)
    return Digest(frame.height, digester.digest())


def _parts(column: pl.Series) -> Iterator[Any]:
    kind, layout = _KINDS[column.dtype]
    yield f"{column.name}:{kind}:{len(column)}:{column.null_count()}\n".encode()
    if layout:
        values, empty = _flat(column)
        if empty is not None:
            yield np.packbits(empty, bitorder="little").data
        yield values.astype(layout, copy=False).data
    else:
        yield from _text_parts(column.cast(pl.String))


def _text_parts(column: pl.Series) -> Iterator[Any]:
    """Yield which texts are null, their lengths and their bytes, straight from the Arrow buffers."""
    if column.null_count():
        yield np.packbits(column.is_null().to_numpy(), bitorder="little").data
        column = column.fill_null("")
    array = column.rechunk().to_arrow()
    if len(array):
        _, offsets, data = array.buffers()
        ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
        yield np.diff(ends).astype("<u4").data
        yield memoryview(data or b"")[ends[0] : ends[-1]]


def _flat(column: pl.Series) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_] | None]:
    """Return a column's values, nought for null, and which are null if any is.

    Not by way of Arrow's own arrays: their first conversion to NumPy imports pandas, two thirds of a second.
    """
    physical = column.to_physical()
    if not column.null_count():
        return physical.to_numpy(), None
    return physical.fill_null(column.dtype != pl.Boolean and 0).to_numpy(), column.is_null().to_numpy()


def opening(run_key: bytes) -> bytes:
    """Return what the chain of a run starts from."""
    return hashlib.sha256(b"planwise ledger 1\n" + run_key).digest()


def chain(previous: bytes, year: int, digests: Mapping[str, Digest]) -> bytes:
    """Return a year's link: SHA-256 over the link before, the year, and each event type's digest.

    Types stand in alphabetical order and those without events are left out, so that a type that is added
    to the catalogue changes no older log.
    """
    digester = hashlib.sha256(previous + struct.pack("<i", year))
    for name, part in sorted(digests.items()):
        if part.rows:
            digester.update(f"{name}:{part.rows}\n".encode() + part.value)
    return digester.digest()
