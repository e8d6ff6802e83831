"""The ledger: what an event's id and a run's digest are computed from, and how.

Both are functions of the canonical columns alone, so that they are the same on every machine and in every
version of the libraries: no hash of Polars or DuckDB, no clock, host or user enters. This module knows
nothing of files and databases.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.events import columns
from simulation.events.catalogue import STAMPED_COLUMNS
from simulation.ids import event_ids, person_keys

Words = npt.NDArray[np.uint64]
Ranks = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

NULL_WORD: Final = np.uint64(0x6C6C756E_6C6C756E)
"""What an id mixes in for a cell without a value: ``nullnull``."""

_BLOCK: Final = 16_384
"""Rows mixed at a time: the working arrays stay in the processor's second-level cache, twice as fast."""

_FEW: Final = 4096
"""Rows of a column that are digested by a single call: each call costs more than to copy them together."""

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


UNKNOWN: Final = -1
"""Stands for the code of a text that was not met before."""


class Lexicon:
    """Every text met so far, with a small code and its 64-bit key.

    Texts repeat from year to year; codes make them cheap to store and to digest, keys to mix into ids.
    """

    def __init__(self, texts: pl.Series | None = None) -> None:
        """Take the texts of an earlier lexicon, in the order of their codes."""
        self._known = pl.DataFrame(schema={"code": pl.Int32, "text": pl.String})
        self._keys = np.empty(0, dtype=np.uint64)
        self._code_of: dict[str, int] = {}
        if texts is not None:
            self.add(texts)

    def __len__(self) -> int:
        return len(self._known)

    def codes(self, columns: Sequence[pl.Series]) -> list[pl.Series]:
        """Return the codes of several columns as ``codes_by_owner`` does, with a single owner."""
        return codes_by_owner([self], columns, [np.zeros(0, dtype=np.int64)] * len(columns))

    def learnt(self, texts: Sequence[str]) -> list[int]:
        """Return the codes of distinct texts; those not met before get the next ones, in the order given."""
        new = [text for text, code in zip(texts, self.found(texts), strict=True) if code == UNKNOWN]
        if new:
            self._code_of.update(zip(new, range(len(self), len(self) + len(new)), strict=True))
            self.add(pl.Series("text", new, dtype=pl.String))
        return self.found(texts)

    def found(self, texts: Sequence[str]) -> list[int]:
        """Return the codes of texts, ``UNKNOWN`` for those not met before."""
        codes = self._code_of
        if len(codes) < len(self):
            codes.update(zip(self.texts(), self._known["code"], strict=True))
        return [codes.get(text, UNKNOWN) for text in texts]

    def keys(self, codes: npt.ArrayLike) -> Words:
        """Return the 64-bit key of each code; one that nobody gave out has the key of another."""
        known = self._keys if len(self) else np.zeros(1, dtype=np.uint64)
        return known.take(np.asarray(codes), mode="clip")

    def texts(self) -> pl.Series:
        """Return the texts in the order of their codes."""
        return self._known["text"]

    def rows(self, since: int = 0) -> pl.DataFrame:
        """Return ``code`` and ``text`` from a code onwards, in the order of codes."""
        return self._known.slice(since)

    def add(self, texts: pl.Series) -> None:
        """Give the next codes to texts that were not met before."""
        codes = np.arange(len(self), len(self) + len(texts), dtype=np.int32)
        new = pl.DataFrame({"code": codes, "text": texts})
        keys = person_keys(texts).to_numpy()
        self._known = pl.concat([self._known, new], rechunk=True)
        self._keys = np.concatenate([self._keys, keys])


def codes_by_owner(
    lexicons: Sequence[Lexicon], columns: Sequence[pl.Series], owners: Sequence[Ranks]
) -> list[pl.Series]:
    """Return the codes of several columns, null for null, each row's after the lexicon of its owner.

    ``owners`` has an array a column, of each row the place of its lexicon; of a single lexicon nothing is
    asked. Texts that a lexicon has not met before get the next codes in alphabetical order, so that no code
    depends on the order of rows or columns, or on other owners.
    """
    distinct = [_Distinct.of(column) for column in columns]
    texts = sorted({text for each in distinct for text in each.texts})
    number = {text: place for place, text in enumerate(texts)}
    found = [lexicon.found(texts) for lexicon in lexicons]
    codes = np.array(found, dtype=np.int32).reshape(len(lexicons), len(texts))
    # Whose text it is, is asked only where somebody does not know it: seldom after the first year.
    new = {texts[place] for place in np.flatnonzero((codes == UNKNOWN).any(axis=0))}
    there = np.zeros(codes.shape, dtype=np.bool_)
    for each, owner in zip(distinct, owners, strict=True):
        if not new.isdisjoint(each.texts):
            each.mark(there, number, owner)
    for row, lexicon, mine in zip(codes, lexicons, there & (codes == UNKNOWN), strict=True):
        places = np.flatnonzero(mine).tolist()
        row[places] = lexicon.learnt([texts[place] for place in places])
    return [each.spread(codes, number, owner) for each, owner in zip(distinct, owners, strict=True)]


class _Distinct(NamedTuple):
    """A column's distinct texts, the category of each of them and of each row, which are null if any is."""

    texts: list[str]
    categories: Ranks
    rows: npt.NDArray[np.unsignedinteger[Any]]
    empty: npt.NDArray[np.bool_] | None

    @classmethod
    def of(cls, column: pl.Series) -> _Distinct:
        """Take a column of any type of text; plain texts become categories of their own for the moment.

        Straight from the Arrow buffers: asking Polars for physical categories is a query each time.
        """
        plain = column.dtype == pl.String
        array = (column.cast(pl.Categorical(pl.Categories.random())) if plain else column).to_arrow()
        validity, data = array.buffers()
        cells = slice(array.offset, array.offset + len(array))
        rows = np.frombuffer(data, f"<u{array.type.index_type.bit_width // 8}")[cells]
        empty = ~_bits(validity, cells) if array.null_count else None
        met = np.flatnonzero(np.bincount(rows if empty is None else rows[~empty]))
        names = array.dictionary.to_pylist()
        return cls([names[category] for category in met.tolist()], met, rows, empty)

    def mark(self, there: npt.NDArray[np.bool_], number: Mapping[str, int], owner: Ranks) -> None:
        """Note which owner, a row of ``there``, has which text, a column by its number."""
        numbers = [number[text] for text in self.texts]
        if len(there) == 1:
            there[0, numbers] = True
            return
        places = self._places(owner)
        met = np.zeros((len(there), self._width), dtype=np.bool_)
        met.ravel()[places if self.empty is None else places[~self.empty]] = True
        there[:, numbers] |= met[:, self.categories]

    def spread(self, codes: Codes, number: Mapping[str, int], owner: Ranks) -> pl.Series:
        """Return a code for each row of the column, given those of each owner by the texts' numbers."""
        table = np.zeros((len(codes), self._width), dtype=np.int32)
        table[:, self.categories] = codes[:, [number[text] for text in self.texts]]
        rows = self._rows if len(codes) == 1 else self._places(owner)
        found = pl.Series("code", table.ravel()[rows])
        return found if self.empty is None else found.set(pl.Series(self.empty), None)

    @property
    def _width(self) -> int:
        return int(self.categories[-1]) + 1 if len(self.categories) else 1

    @property
    def _rows(self) -> npt.NDArray[np.unsignedinteger[Any]]:
        """Return the rows' categories, some one or other for null."""
        return self.rows if self.empty is None else np.where(self.empty, self.rows.dtype.type(0), self.rows)

    def _places(self, owner: Ranks) -> Ranks:
        """Return where each row lies in a table of owners by categories."""
        return owner * self._width + self._rows


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


def digest(frame: pl.DataFrame, cells: Sequence[Cells] | None = None) -> Digest:
    """Return the SHA-256 over the columns of a frame: name, type, which cells are null, values.

    Integers, floats and dates lie as little-endian binary, texts as their lengths in bytes followed by
    their UTF-8; a null counts as nought or as the empty text. Of a column of nulls only there are no values.
    Whoever has the cells of every column already, none of them texts, may give them.
    """
    return digests(frame, [0, frame.height], cells)[0]


def digests(frame: pl.DataFrame, bounds: Sequence[int], cells: Sequence[Cells] | None = None) -> list[Digest]:
    """Return the digests of parts of a frame, each as if it were a frame of its own.

    A part begins at each of ``bounds`` but the last, and ends where the next one begins.
    """
    parts = list(pairwise(bounds))
    digesters = [hashlib.sha256() for _ in parts]
    for column, known in zip(frame.iter_columns(), cells or repeat(None, frame.width), strict=True):
        laid = _Laid.of(column, known)
        for digester, (first, end) in zip(digesters, parts, strict=True):
            pieces = laid.pieces(first, end)
            for piece in pieces if end - first > _FEW else [b"".join(pieces)]:
                digester.update(piece)
    return [
        Digest(end - first, digester.digest())
        for digester, (first, end) in zip(digesters, parts, strict=True)
    ]


class _Laid(NamedTuple):
    """A column as it lies in digests: ``head`` names it and its type; texts have their bytes and ``ends``."""

    head: bytes
    values: npt.NDArray[Any]
    empty: npt.NDArray[np.bool_] | None
    data: memoryview | None = None
    ends: npt.NDArray[np.int64] | None = None

    @classmethod
    def of(cls, column: pl.Series, cells: Cells | None = None) -> _Laid:
        """Take a column, and its cells if they are known."""
        kind, layout = _KINDS[column.dtype]
        head = f"{column.name}:{kind}".encode()
        if layout:
            cells = cells or Cells.of(column)
            return cls(head, cells.values.astype(layout, copy=False), cells.empty)
        empty = column.is_null().to_numpy() if column.null_count() else None
        data, ends = _texts(column.cast(pl.String))
        return cls(head, np.diff(ends).astype("<u4"), empty, data, ends)

    def pieces(self, first: int, end: int) -> list[Any]:
        """Return what the digest of some rows takes in, one after the other."""
        rows = end - first
        empty = None if self.empty is None else self.empty[first:end]
        nulls = 0 if empty is None else int(np.count_nonzero(empty))
        pieces: list[Any] = [b"%b:%d:%d\n" % (self.head, rows, nulls)]
        if nulls < rows:
            if nulls and empty is not None:
                pieces.append(np.packbits(empty, bitorder="little"))
            pieces.append(self.values[first:end])
            if self.data is not None and self.ends is not None:
                pieces.append(self.data[self.ends[first] : self.ends[end]])
        return pieces


def _texts(column: pl.Series) -> tuple[memoryview, npt.NDArray[np.int64]]:
    """Return the bytes of texts and where each begins and ends, straight from the Arrow buffers."""
    array = column.fill_null("").rechunk().to_arrow()
    if not len(array):
        return memoryview(b""), np.zeros(1, dtype=np.int64)
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return memoryview(data or b""), ends


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
