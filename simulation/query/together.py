"""Runs that lie open in one database: what is asked of each is asked of all, with one query.

People and words are numbered on from run to run, so that columns of everybody of all runs are one array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.rules.rounding import Whole
from simulation.store import Store

NOBODY: Final = -1
"""The number of no text: the place from the end at which there is none."""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the runs, and the last of its years to read."""

    store: Store
    last: int

    @property
    def years(self) -> range:
        """Return the years to read."""
        return range(self.store.manifest.start_year, self.last + 1)


class Texts:
    """The texts of a lexicon of every run, one run's after the other's, and none for ``NOBODY``."""

    def __init__(self, found: pl.DataFrame, runs: int) -> None:
        """Take rows of ``run``, ``code`` and ``text``."""
        self._found = found.sort("run", "code")
        texts = self._found["text"]
        self._texts = pl.concat([texts, pl.Series([None], dtype=pl.String)]).to_frame("text")
        many = np.bincount(found["run"].to_numpy(), minlength=runs)
        self.starts: Sequence[int] = [0, *accumulate(many.tolist())]
        """The number of each run's first text, and how many there are."""

    def __len__(self) -> int:
        return self.starts[-1]

    def of(self, numbers: Whole) -> pl.Series:
        """Return the text of each number."""
        return self._texts[numbers]["text"]

    def places(self, words: Sequence[str]) -> Whole:
        """Return for each text, and for ``NOBODY``, its place among some words, and -1 of another."""
        place = {word: at for at, word in enumerate(words)}
        return self._texts["text"].replace_strict(place, default=-1, return_dtype=pl.Int64).to_numpy()

    def of_each_run(self, values: Sequence[Any]) -> npt.NDArray[Any]:
        """Return a column of a value a run, a row a text."""
        many = [end - start for start, end in pairwise(self.starts)]
        return np.repeat(np.asarray(values), many)


class Together:
    """Runs that are read together, numbered from nought in their order."""

    def __init__(self, members: Sequence[Member]) -> None:
        """Take runs that have one engine, so that the first one reaches the relations of all."""
        self._store = members[0].store
        self.members = members

    @cached_property
    def people(self) -> Texts:
        """Return the ids of all people."""
        return Texts(self._lexicon("employee"), len(self.members))

    @cached_property
    def words(self) -> Texts:
        """Return the other texts."""
        return Texts(self._lexicon("lexicon"), len(self.members))

    def _lexicon(self, name: str) -> pl.DataFrame:
        query = f"SELECT {{run}} AS run, code, text FROM {{at}}{name}"  # noqa: S608  names of our own
        return self._store.sql(self._united(query, self._of_run))

    def rows(self, query: str) -> pl.DataFrame:
        """Return the rows of a query of each run.

        In its text ``{at}`` stands in front of a relation, ``{run}`` is the run's number, ``{first}`` and
        ``{last}`` are its years, ``{person}`` and ``{word}`` are what its codes of people and words are
        raised by. Everything that is filled in is a number or a name of our own.
        """
        return self._store.sql(self._united(query, self._numbered))

    def batches(self, query: str) -> Iterator[tuple[npt.NDArray[Any], ...]]:
        """Yield the rows of a query as ``rows`` returns them bit by bit: numbers, none of them null."""
        yield from self._store.batches(self._united(query, self._numbered))

    def _united(self, query: str, filled: Callable[[int], Mapping[str, object]]) -> str:
        return " UNION ALL ".join(query.format_map(filled(run)) for run in range(len(self.members)))

    def _numbered(self, run: int) -> Mapping[str, object]:
        starts = {"person": self.people.starts[run], "word": self.words.starts[run]}
        return {**self._of_run(run), **starts}

    def _of_run(self, run: int) -> Mapping[str, object]:
        member = self.members[run]
        years = {"first": member.years.start, "last": member.last}
        return {"at": f"{member.store.alias}.", "run": run, **years}
