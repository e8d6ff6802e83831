"""Some people of a plan year, column by column: of what a test does not look at, nothing is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulation.dates import calendar_years
from simulation.rules.rounding import Truths, Whole

Column: TypeAlias = NDArray[Any]
Make: TypeAlias = Callable[[pl.DataFrame], Column]
"""Makes a column out of a frame, each row for itself."""


LARGE: Final = 10_000
"""Rows from which on it pays to leave out those that nobody asks for."""


class Columns:
    """Columns of a frame, each made when it is first asked for, once for all who share the frame."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Take the rows of ``PlanYearFrame``, of one plan year or of many one after the other."""
        self.frame = frame
        self._made: dict[object, Column] = {}

    def made(self, key: object, make: Make) -> Column:
        """Return the column of a key."""
        if key not in self._made:
            self._made[key] = make(self.frame)
        return self._made[key]


class People:
    """Rows of ``PlanYearFrame`` that stand together, or some of them, with arrays for columns.

    Whole numbers have 64 bits. A day that is not known is neither before nor after any other.
    """

    def __init__(self, columns: Columns, place: slice, rows: NDArray[np.intp] | None = None) -> None:
        """Take the rows in a place, or some of them as they are numbered there."""
        self._columns = columns
        self._place = place
        self._rows = rows
        self._kept: dict[object, Column] = {}

    @classmethod
    def of(cls, frame: pl.DataFrame) -> People:
        """Return everybody of a frame."""
        return cls(Columns(frame), slice(0, frame.height))

    @classmethod
    def apart(cls, frame: pl.DataFrame, bounds: Sequence[int]) -> list[People]:
        """Return the people of each stretch of rows from one bound to the next."""
        columns = Columns(frame)
        return [cls(columns, slice(first, end)) for first, end in pairwise(bounds)]

    def __len__(self) -> int:
        return self._place.stop - self._place.start if self._rows is None else len(self._rows)

    def __getitem__(self, name: str) -> Column:
        """Return a column of numbers, truths or days."""
        return self.made(name, lambda frame: _whole(frame[name].to_numpy()))

    @property
    def rows(self) -> NDArray[np.intp]:
        """Return where in their place each of them stands."""
        return np.arange(len(self)) if self._rows is None else self._rows

    def where(self, chosen: Truths) -> People:
        """Return some of them, by a truth a row."""
        if chosen.all():
            return self
        rows = np.flatnonzero(chosen)
        return People(self._columns, self._place, rows if self._rows is None else self._rows[rows])

    def sum_of(self, *names: str) -> Whole:
        """Return the sum of columns."""
        total: Whole = sum((self[name] for name in names), np.zeros(len(self), dtype=np.int64))
        return total

    def year_of(self, name: str) -> Whole:
        """Return the calendar years of a column of days; of a day that is not known, one long ago."""
        return self.made(("year", name), lambda frame: calendar_years(frame[name].to_numpy()))

    def days(self, name: str, otherwise: date) -> Column:
        """Return a column of days, another day where one is not known."""
        key = (name, otherwise)
        if key not in self._kept:
            known = self[name]
            self._kept[key] = np.where(np.isnat(known), np.datetime64(otherwise), known)
        return self._kept[key]

    def among(self, name: str, words: Sequence[str]) -> Truths:
        """Tell whose word in a column is one of some; who has none is not."""
        return self.made(
            (name, tuple(words)), lambda frame: frame[name].is_in(list(words), nulls_equal=True).to_numpy()
        )

    def made(self, key: object, make: Make) -> Column:
        """Return a column of a key that is made of theirs, once for all who share the frame."""
        if key not in self._kept:
            whole = self._columns.made(key, make)[self._place]
            self._kept[key] = whole if self._rows is None else whole.take(self._rows)
        return self._kept[key]

    def worked_out(self, key: object, make: Make, *names: str) -> Column:
        """Return a column like ``made``, of those named, that takes long where there are many rows.

        Of a large frame it is worked out for them alone.
        """
        if self._columns.frame.height <= LARGE:
            return self.made(key, make)
        return make(self.frame(*names))

    def frame(self, *names: str, **columns: Column | str) -> pl.DataFrame:
        """Return one row a person with columns of theirs, and some that were worked out for them."""
        asked = [*names, *(name for name in columns.values() if isinstance(name, str))]
        theirs = self._columns.frame[list(dict.fromkeys(asked))][self._place]
        theirs = theirs if self._rows is None else theirs[self._rows]
        told = {name: theirs[name] for name in names}
        worked_out = {
            new: theirs[column] if isinstance(column, str) else pl.Series(column)
            for new, column in columns.items()
        }
        return pl.DataFrame({**told, **worked_out})


def _whole(column: Column) -> Column:
    return column.astype(np.int64, copy=False) if column.dtype.kind == "i" else column
