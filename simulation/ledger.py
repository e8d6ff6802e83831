"""The ledger: what an event's id and a run's digest are computed from, and how.

Both are functions of the canonical columns alone, so that they are the same on every machine and in every
version of the libraries: no hash of Polars or DuckDB, no clock, host or user enters. This module knows
nothing of files and databases.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.events import columns
from simulation.events.catalogue import STAMPED_COLUMNS
from simulation.ids import event_ids
from simulation.lexicon import Lexicon, Words, bits

NULL_WORD: Final = np.uint64(0x6C6C756E_6C6C756E)
"""What an id mixes in for a cell without a value: ``nullnull``."""

_BLOCK: Final = 16_384
"""Rows mixed at a time: the working arrays stay in the processor's second-level cache, twice as fast."""

_FEW: Final = 4096
"""Rows of a table that are digested by a single call: each call costs more than to copy them together."""

_KINDS: Final[Mapping[type[pl.DataType], tuple[str, str]]] = {
    pl.Int8: ("int8", "<i1"),
    pl.Int16: ("int16", "<i2"),
    pl.Int32: ("int32", "<i4"),
    pl.Int64: ("int64", "<i8"),
    pl.UInt64: ("uint64", "<u8"),
    pl.Float64: ("float64", "<f8"),
    pl.Date: ("date", "<i4"),
    pl.Boolean: ("bool", "<u1"),
    pl.String: ("text", ""),
    pl.Decimal: ("decimal", ""),
}
"""Column types by their name in the digest and how their values lie there: dates as days since 1970, decimals
as text with every place. By class, because types themselves take ten times as long to look up."""

_AS_THEY_ARE: Final = frozenset(_KINDS) - {pl.Date, pl.Boolean, pl.String, pl.Decimal}
"""Types whose values Polars and NumPy hold alike."""


class Digest(NamedTuple):
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


class Cells(NamedTuple):
    """A column as digests and ids take it in: the kind of its values, the values, which are null if any is.

    Of texts and decimals the values are lengths in bytes; ``data`` has the bytes, each text's up to its end.
    """

    kind: str
    values: npt.NDArray[Any]
    empty: npt.NDArray[np.bool_] | None
    data: memoryview | None = None
    ends: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(cls, column: pl.Series) -> Cells:
        """Take a column."""
        dtype = column.dtype.base_type()
        kind, layout = _KINDS[dtype]
        if layout:
            return cls(kind, *_flat(column, dtype, layout))
        empty = column.is_null().to_numpy() if column.null_count() else None
        data, ends = _texts(column.cast(pl.String))
        return cls(kind, np.diff(ends).astype("<u4"), empty, data, ends)

    def words(self, rows: slice, lexicon: Lexicon | None = None) -> Words:
        """Return some cells, no texts, as 64 bits each, those that are codes of a lexicon as their keys."""
        values = self.values[rows]
        if lexicon is not None:
            words = lexicon.keys(values)
        elif values.dtype == np.float64:
            words = values.view(np.uint64)
        else:
            words = values.astype(np.int64, copy=False).view(np.uint64)
        return words if self.empty is None else np.where(self.empty[rows], NULL_WORD, words)

    def pieces(self, name: str, first: int, end: int) -> list[Any]:
        """Return what the digest of some rows takes in, one after the other."""
        rows = end - first
        empty = None if self.empty is None else self.empty[first:end]
        nulls = 0 if empty is None else int(np.count_nonzero(empty))
        pieces: list[Any] = [f"{name}:{self.kind}:{rows}:{nulls}\n".encode()]
        if nulls < rows:
            if nulls and empty is not None:
                pieces.append(np.packbits(empty, bitorder="little"))
            pieces.append(self.values[first:end])
            if self.data is not None and self.ends is not None:
                pieces.append(self.data[self.ends[first] : self.ends[end]])
        return pieces


Columns: TypeAlias = Mapping[str, Cells]
"""The cells of a table by column, in order."""


def cells_of(columns: Iterable[pl.Series]) -> dict[str, Cells]:
    """Return the cells of columns by their names."""
    return {column.name: Cells.of(column) for column in columns}


class Content(NamedTuple):
    """Rows of a table as their ids mix them in: cells in canonical order, of codes also their lexicon."""

    cells: Sequence[Cells]
    lexicons: Sequence[Lexicon | None]
    first: int
    end: int


def identify(run_key: bytes, tables: Sequence[Content]) -> list[Words]:
    """Return the ids of the events of some tables: two columns of 64-bit halves each."""
    halves = [np.empty((2, table.end - table.first), dtype=np.uint64).T for table in tables]
    for block in _blocks(tables):
        columns: list[list[Words]] = []
        for place, rows in block:
            table = tables[place]
            columns += ([] for _ in range(len(table.cells) - len(columns)))
            for column, cells, lexicon in zip(columns, table.cells, table.lexicons, strict=False):
                column.append(cells.words(rows, lexicon))
        ids = event_ids(run_key, [np.concatenate(column) for column in columns])
        begin = 0
        for place, rows in block:
            end, first = begin + rows.stop - rows.start, tables[place].first
            halves[place][rows.start - first : rows.stop - first] = ids[begin:end]
            begin = end
    return halves


def _blocks(tables: Sequence[Content]) -> Iterator[list[tuple[int, slice]]]:
    """Yield rows to be mixed at a time, by the table's place; tables with more columns come first."""
    block: list[tuple[int, slice]] = []
    room = _BLOCK
    for place in sorted(range(len(tables)), key=lambda place: -len(tables[place].cells)):
        _, _, first, last = tables[place]
        while first < last:
            end = min(last, first + room)
            block.append((place, slice(first, end)))
            room -= end - first
            first = end
            if not room:
                yield block
                block, room = [], _BLOCK
    if block:
        yield block


def digest(frame: pl.DataFrame) -> Digest:
    """Return the SHA-256 over the columns of a frame: name, type, which cells are null, values.

    Integers, floats and dates lie as little-endian binary, texts as their lengths in bytes followed by
    their UTF-8; a null counts as nought or as the empty text. Of a column of nulls only there are no values.
    """
    return digests(cells_of(frame.iter_columns()), [0, frame.height])[0]


def digests(columns: Columns, bounds: Sequence[int]) -> list[Digest]:
    """Return the digests of parts of a table, each as if it were a frame of its own.

    A part begins at each of ``bounds`` but the last, and ends where the next one begins.
    """
    found = []
    for first, end in pairwise(bounds):
        digester = hashlib.sha256()
        pieces = [piece for name, cells in columns.items() for piece in cells.pieces(name, first, end)]
        for piece in pieces if end - first > _FEW else [b"".join(pieces)]:
            digester.update(piece)
        found.append(Digest(end - first, digester.digest()))
    return found


def _texts(column: pl.Series) -> tuple[memoryview, npt.NDArray[np.int64]]:
    """Return the bytes of texts and where each begins and ends, straight from the Arrow buffers."""
    array = (column.fill_null("") if column.null_count() else column).to_arrow()
    if not len(array):
        return memoryview(b""), np.zeros(1, dtype=np.int64)
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return memoryview(data or b""), ends


def _flat(
    column: pl.Series, dtype: type[pl.DataType], layout: str
) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_] | None]:
    """Return a column's values, nought for null, and which are null if any is.

    Straight from the buffers: asking Polars for physical values, for nulls or to fill them is a query
    each, and the first conversion of an Arrow array to NumPy imports pandas, two thirds of a second.
    """
    rows, nulls = len(column), column.null_count()
    if nulls == rows:
        return np.zeros(rows, dtype=layout), np.ones(rows, dtype=np.bool_) if rows else None
    if not nulls and dtype in _AS_THEY_ARE:
        return column.to_numpy(), None
    array = column.to_arrow()
    validity, data = array.buffers()
    cells = slice(array.offset, array.offset + rows)
    values = bits(data, cells) if dtype == pl.Boolean else np.frombuffer(data, layout)[cells]
    if not nulls:
        return values, None
    empty = ~bits(validity, cells)
    return np.where(empty, values.dtype.type(0), values), empty


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
