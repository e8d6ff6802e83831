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
    """Every text met so far, with a small code and its 64-bit key.

    Texts repeat from year to year; codes make them cheap to store and to digest, keys to mix into ids.
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
        """Return the codes of several columns, null for null.

        Texts not met before get the next codes in alphabetical order, so that no code depends on the order
        of rows or columns.
        """
        distinct = [_Distinct.of(column) for column in columns]
        if not distinct:
            return []
        texts = pl.concat(each.texts for each in distinct)
        found = self._look_up(texts)
        if found.null_count() > texts.null_count():
            self.add(texts.filter(found.is_null() & texts.is_not_null()).unique().sort())
            found = self._look_up(texts)
        codes = dict(zip(texts, found, strict=True))
        return [each.spread(codes) for each in distinct]

    def keys(self, codes: npt.ArrayLike) -> Words:
        """Return the 64-bit key of each code; one that nobody gave out has the key of another."""
        known = self._keys if len(self) else np.zeros(1, dtype=np.uint64)
        return known.take(np.asarray(codes), mode="clip")

    def texts(self) -> pl.Series:
        """Return the texts in the order of their codes."""
        return self._known["text"]

    def rows(self, since: int = 0) -> pl.DataFrame:
        """Return ``code`` and ``text`` from a code onwards, in the order of codes."""
        return self._known.select("code", "text").slice(since)

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
class _Distinct:
    """A column's distinct texts, and the category of each of them and of each row."""

    texts: pl.Series
    categories: pl.Series
    rows: pl.Series

    @classmethod
    def of(cls, column: pl.Series) -> _Distinct:
        """Take a column of any type of text; plain texts become categories of their own for the moment."""
        plain = column.dtype == pl.String
        sorted_out = column.cast(pl.Categorical(pl.Categories.random())) if plain else column
        rows = sorted_out.to_physical()
        first = rows.arg_unique()
        return cls(sorted_out[first].cast(pl.String).alias("text"), rows[first], rows)

    def spread(self, codes: Mapping[str, int]) -> pl.Series:
        """Return a code for each row of the column, given those of the texts."""
        pairs = zip(self.categories, self.texts, strict=True)
        said = {category: codes[text] for category, text in pairs if text is not None}
        table = np.zeros(max(said, default=0) + 1, dtype=np.int32)
        table[list(said)] = list(said.values())
        return pl.Series("code", table)[self.rows]


@dataclass(frozen=True, slots=True)
class Cells:
    """A column as ids mix it in: values, which of them are null if any is, and for codes their keys."""

    values: npt.NDArray[Any]
    empty: npt.NDArray[np.bool_] | None
    lexicon: Lexicon | None

    @classmethod
    def of(cls, column: pl.Series, lexicon: Lexicon | None = None) -> Cells:
        """Take a column; ``lexicon`` says that it holds codes of it."""
        return cls(*_flat(column), lexicon)

    def __len__(self) -> int:
        return len(self.values)

    def words(self, rows: slice) -> Words:
        """Return some cells as 64 bits each."""
        values = self.values[rows]
        if self.lexicon is not None:
            words = self.lexicon.keys(values)
        elif values.dtype == np.float64:
            words = values.view(np.uint64)
        else:
            words = values.astype(np.int64, copy=False).view(np.uint64)
        return words if self.empty is None else np.where(self.empty[rows], NULL_WORD, words)


def identify(run_key: bytes, cells: Sequence[Cells]) -> Words:
    """Return the ids of events from their canonical cells: two columns of 64-bit halves."""
    rows = len(cells[0])
    halves = np.empty((2, rows), dtype=np.uint64).T
    for first in range(0, rows, _BLOCK):
        block = slice(first, first + _BLOCK)
        halves[block] = event_ids(run_key, [column.words(block) for column in cells])
    return halves


def digest(frame: pl.DataFrame) -> Digest:
    """Return the SHA-256 over the columns of a frame: name, type, which cells are null, values.

    Integers, floats and dates lie as little-endian binary, texts as their lengths in bytes followed by
    their UTF-8; a null counts as nought or as the empty text. Of a column of nulls only there are no values.
    """
    digester = hashlib.sha256()
    for column in frame.iter_columns():
        for part in _parts(column):
            digester.update(part)
    return Digest(frame.height, digester.digest())


def _parts(column: pl.Series) -> Iterator[Any]:
    kind, layout = _KINDS[column.dtype]
    yield f"{column.name}:{kind}:{len(column)}:{column.null_count()}\n".encode()
    if column.null_count() == len(column):
        return
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

    Straight from the Arrow buffers: asking Polars for physical values, for nulls or to fill them is a query
    each, and the first conversion of an Arrow array to NumPy imports pandas, two thirds of a second.
    """
    rows, nulls = len(column), column.null_count()
    layout = _KINDS[column.dtype][1]
    if nulls == rows:
        return np.zeros(rows, dtype=layout), np.ones(rows, dtype=np.bool_) if rows else None
    array = column.rechunk().to_arrow()
    validity, data = array.buffers()
    cells = slice(array.offset, array.offset + rows)
    values = _bits(data, cells) if column.dtype == pl.Boolean else np.frombuffer(data, layout)[cells]
    if not nulls:
        return values, None
    empty = ~_bits(validity, cells)
    return np.where(empty, values.dtype.type(0), values), empty


def _bits(buffer: Any, cells: slice) -> npt.NDArray[np.bool_]:
    """Return some bits of a buffer, as Arrow packs them."""
    packed = np.frombuffer(buffer, dtype=np.uint8)
    return np.unpackbits(packed, count=cells.stop, bitorder="little")[cells].view(np.bool_)


def opening(run_key: bytes) -> bytes:
    """Return what the chain of a run starts from."""
    return hashlib.sha256(b"planwise ledger 1\n" + run_key).digest()


def chain(previous: bytes, year: int, digests: Mapping[str, Digest]) -> bytes:
    """Return a year's link: SHA-256 over the link before, the year, and the digest of each of its parts.

    Parts are event types and lexicons by name. They stand in alphabetical order and those without rows are
    left out, so that a type that is added to the catalogue changes no older log.
    """
    digester = hashlib.sha256(previous + struct.pack("<i", year))
    for name, part in sorted(digests.items()):
        if part.rows:
            digester.update(f"{name}:{part.rows}\n".encode() + part.value)
    return digester.digest()
