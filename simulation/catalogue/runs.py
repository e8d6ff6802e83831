"""The runs of a data directory: every store and every failed run, with what people said of them.

The one door for whoever lists, searches or picks runs. Stores, ``sweep.json`` and journals are the truth; the
index may be deleted at any time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Final

from simulation.catalogue import index
from simulation.catalogue.annotations import (
    NAME,
    Action,
    Annotation,
    Annotations,
    Facts,
    annotate,
    read_annotations,
)
from simulation.catalogue.entry import Entry, Record, RunKey
from simulation.catalogue.files import Found, find
from simulation.catalogue.search import Search
from simulation.errors import Problem, QueryError, nearest

_DIGEST: Final = re.compile(r"[0-9a-fA-F]{4,64}")
"""A word that may be the beginning of a digest."""


@dataclass
class RunCatalogue:
    """The runs below a data directory, as they were when it was asked for first.

    Raises:
        QueryError: there is no such directory.
    """

    root: Path

    def __post_init__(self) -> None:
        """Take the directory."""
        self.root = self.root.expanduser().resolve()
        if not self.root.is_dir():
            problem = Problem(str(self.root), "no such directory", hint="name the data directory with --data")
            raise QueryError("there is no catalogue", problems=[problem])

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every run, the latest finished first, then by path; the archived ones, too."""
        return self._entries(anew=False)

    def rebuild(self) -> tuple[Entry, ...]:
        """Read every file again, whatever the index says, and return all runs."""
        self.__dict__["entries"] = self._entries(anew=True)
        return self.entries

    def search(self, search: Search) -> list[Entry]:
        """Return the runs that fulfil all conditions, the latest first."""
        return [entry for entry in self.entries if search.finds(entry)]

    @cached_property
    def said(self) -> Annotations:
        """What people said of runs and did to them."""
        return read_annotations(self.root / NAME)

    def annotate(
        self, what: Action, runs: Sequence[Record], *, by: str, value: str = "", became: RunKey | None = None
    ) -> Annotation:
        """Write down an action on runs, and return it.

        Raises:
            WriteError: the disk or the directory refused.
        """
        action = annotate(self.root / NAME, what, runs, by=by, value=value, became=became)
        for known in ("entries", "said"):
            self.__dict__.pop(known, None)
        return action

    def select(self, words: Sequence[str | Path]) -> list[Entry]:
        """Return the runs that are named by path (a directory: all in it) or by the beginning of a digest.

        Raises:
            QueryError: a word names no run, several, or a place outside of the data directory.
        """
        chosen = {entry.store: entry for word in words for entry in self._meant(str(word))}
        return list(chosen.values())

    def select_one(self, word: str | Path) -> Entry:
        """Return the run that is named by path or by the beginning of its digest.

        Raises:
            QueryError: the word names no run, several, or a place outside of the data directory.
        """
        found = self._meant(str(word))
        if len(found) > 1:
            raise _no_run(str(word), f"{len(found)} runs; one is wanted", "name one by its path")
        return found[0]

    def _entries(self, *, anew: bool) -> tuple[Entry, ...]:
        found = find(self.root)
        lines = index.brought_up_to_date(self.root, found.sources, anew=anew)
        entries = _entries(found, lines, self.said.facts())
        return tuple(sorted(entries, key=lambda entry: (_order(entry), entry.store)))

    def _meant(self, word: str) -> list[Entry]:
        place = Path(word).expanduser()
        if place.exists() or not _DIGEST.fullmatch(word):
            return self._at(place)
        found = [entry for entry in self.entries if entry.digest.startswith(word.lower())]
        if len(found) == 1:
            return found
        if not found:
            raise _no_run(word, "no run has a digest that begins so", "see `planwise runs list`")
        places = ", ".join(entry.store for entry in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise _no_run(word, f"{len(found)} runs: {places}{more}", "name one by its path")

    def _at(self, place: Path) -> list[Entry]:
        """Return the runs at a place: a link is itself, not what it points to."""
        there = place.resolve() if place.is_dir() else place.parent.resolve() / place.name
        if not there.is_relative_to(self.root):
            hint = f"name the data directory that it belongs to with --data; this one is {self.root}"
            raise _no_run(str(place), "lies outside of the data directory", hint)
        below = there.relative_to(self.root).as_posix()
        inside = "" if below == "." else f"{below}/"
        found = [entry for entry in self.entries if entry.store == below or entry.store.startswith(inside)]
        if not found:
            hint = nearest(below, [entry.store for entry in self.entries])
            missing = "no run in it" if place.is_dir() else "no run of the catalogue"
            raise _no_run(str(place), missing, hint or "see `planwise runs list`")
        return found


_SHOWN: Final = 5
"""Runs that a message names."""


def _entries(found: Found, lines: index.Lines, facts: dict[RunKey, Facts]) -> Iterator[Entry]:
    for source, records in lines.items():
        for record in records:
            if source.is_journal and record.store in found.sources:
                continue
            said = facts.get(record.key, Facts()) if record.key else Facts()
            yield Entry(
                **dict(record), sweep=found.sweep_of(record.store), tags=said.tags, note=said.note,
                archived=said.archived,
            )  # fmt: skip


def _order(entry: Entry) -> float:
    """Return what sorts the latest first, and what has no time last."""
    return -(entry.finished - _EPOCH).total_seconds() if entry.finished else float("inf")


_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 (manifests have UTC without saying so)


def _no_run(where: str, found: str, hint: str) -> QueryError:
    return QueryError("there is no such run", problems=[Problem(where, found, hint=hint)])
