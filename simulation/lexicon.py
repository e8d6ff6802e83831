"""The texts of a run by small codes, cheap to store and to digest, with 64-bit keys to mix into ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.ids import person_keys

Words = npt.NDArray[np.uint64]
Ranks = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

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
        empty = ~bits(validity, cells) if array.null_count else None
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


def bits(buffer: Any, cells: slice) -> npt.NDArray[np.bool_]:
    """Return some bits of a buffer, as Arrow packs them."""
    packed = np.frombuffer(buffer, dtype=np.uint8)
    return np.unpackbits(packed, count=cells.stop, bitorder="little")[cells].view(np.bool_)
