"""Some people of a plan year, column by column: of what a test does not look at, nothing is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from simulation.dates import calendar_years
from simulation.rules.rounding import Truths, Whole

Column: TypeAlias = NDArray[Any]


class People:
    """Rows of ``PlanYearFrame`` with arrays for columns, each cut out when it is first asked for.

    Whole numbers have 64 bits. A day that is not known is neither before nor after any other.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        """Take everybody."""
        self._frame = frame
        self._whole: dict[object, Column] = {}
        self._rows: NDArray[np.intp] | None = None
        self._kept: dict[object, Column] = {}

    def __len__(self) -> int:
        return self._frame.height if self._rows is None else len(self._rows)

    def __getitem__(self, name: str) -> Column:
        """Return a column of numbers, truths or days."""
        if name not in self._whole:
            column = self._frame[name].to_numpy()
            self._whole[name] = column.astype(np.int64, copy=False) if column.dtype.kind == "i" else column
        return self._cut(name)

    @property
    def rows(self) -> NDArray[np.intp]:
        """Return where among everybody each of them stands."""
        return np.arange(self._frame.height) if self._rows is None else self._rows

    def where(self, chosen: Truths) -> People:
        """Return some of them, by a truth a row."""
        if chosen.all():
            return self
        rows = np.flatnonzero(chosen)
        some = People(self._frame)
        some._whole = self._whole
        some._rows = rows if self._rows is None else self._rows[rows]
        return some

    def sum_of(self, *names: str) -> Whole:
        """Return the sum of columns."""
        total: Whole = sum((self[name] for name in names), np.zeros(len(self), dtype=np.int64))
        return total

    def year_of(self, name: str) -> Whole:
        """Return the calendar years of a column of days; of a day that is not known, one long ago."""
        key = ("year", name)
        if key not in self._whole:
            self._whole[key] = calendar_years(self._frame[name].to_numpy())
        return self._cut(key)

    def days(self, name: str, otherwise: date) -> Column:
        """Return a column of days, another day where one is not known."""
        key = (name, otherwise)
        if key not in self._whole:
            known = self._frame[name].to_numpy()
            self._whole[key] = np.where(np.isnat(known), np.datetime64(otherwise), known)
        return self._cut(key)

    def among(self, name: str, words: Sequence[str]) -> Truths:
        """Tell whose word in a column is one of some; who has none is not."""
        key = (name, tuple(words))
        if key not in self._whole:
            self._whole[key] = self._frame[name].is_in(list(words), nulls_equal=True).to_numpy()
        return self._cut(key)

    def frame(self, *names: str, **columns: Column | str) -> pl.DataFrame:
        """Return one row a person with columns of theirs, and some that were worked out for them."""
        asked = [*names, *(name for name in columns.values() if isinstance(name, str))]
        theirs = self._frame[list(dict.fromkeys(asked))]
        theirs = theirs if self._rows is None else theirs[self._rows]
        told = {name: theirs[name] for name in names}
        worked_out = {
            new: theirs[column] if isinstance(column, str) else pl.Series(column)
            for new, column in columns.items()
        }
        return pl.DataFrame({**told, **worked_out})

    def _cut(self, key: object) -> Column:
        if self._rows is None:
            return self._whole[key]
        if key not in self._kept:
            self._kept[key] = self._whole[key].take(self._rows)
        return self._kept[key]
