"""Files that are open to be read, and the one that stays so. Readers of a file share an engine.

To make an engine takes several times as long as to attach a file to one, so the engines of the files that
were read last are kept, with nothing attached. The sealed file that was read last stays attached: whoever
asks the same store again finds in memory what its readers found before. A file that may yet be written never
does, for DuckDB opens none for writing that another instance of the process has attached.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, TypeVar

import duckdb

from simulation.cores import threads_asked
from simulation.store.closable import Closable
from simulation.store.engine import Engine

Known = TypeVar("Known")

KEPT: Final = 4
"""Engines that wait, with nothing attached, for their file to be read again."""


class Attached(Closable):
    """One file that is open to be read, with an engine that is lent or with that of all who read the file."""

    def __init__(
        self,
        file: Path,
        *,
        threads: int | None = None,
        engine: Engine | None = None,
        keep: bool = False,
        anew: bool = False,
    ) -> None:
        """Open the file; ``duckdb.Error`` comes through.

        ``keep`` says that it may stay open once it is closed, if it is read-only. With ``anew`` nothing of
        it is in memory yet, whoever reads it besides.
        """
        file = file.resolve()
        if engine is None:
            place = _readers.enter(file, threads or threads_asked(), anew=anew)
            self._leave = partial(_readers.leave, place, keep=keep and not anew)
        else:
            place = _Place(_Key(file, None, None), engine, engine.attach(file))
            self._leave = partial(engine.detach, place.alias)
        self._place = place
        self._connection = place.engine.cursor()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._open = True

    @property
    def alias(self) -> str:
        """Return the file's name in queries that read others of the engine's files, too."""
        return self._place.alias

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a connection, to which the file is the database; who asks meanwhile has another.

        To make one costs as much as a short query, so that it is lent again, unless something went wrong.
        """
        try:
            cursor = self._cursors.pop()
        except IndexError:
            cursor = self._connection.cursor()
            cursor.execute(f"USE {self.alias}")
        try:
            yield cursor
        except BaseException:
            cursor.close()
            raise
        self._cursors.append(cursor)
        if not self._open:
            self._close_cursors()

    def known(self, name: str, found: Callable[[], Known]) -> Known:
        """Return what a reader of the file has found out under a name, or find it out."""
        known = self._place.known
        if name not in known:
            known[name] = found()
        answer: Known = known[name]
        return answer

    def distrust(self) -> None:
        """Keep the file no longer than its readers do: something in it could not be read."""
        self._place.sound = False

    def close(self) -> None:
        """Close the file; asking again does no harm."""
        if self._open:
            self._open = False
            self._close_cursors()
            self._connection.close()
            self._leave()

    def _close_cursors(self) -> None:
        while self._cursors:
            with suppress(IndexError):  # another thread was quicker
                self._cursors.pop().close()


def let_go(file: Path) -> None:
    """Close a file that nobody reads any more, so that its room on the disk is free when it is removed."""
    _readers.let_go(file.resolve())


class _State(NamedTuple):
    """What changes when a file is replaced or written to, and its mode."""

    device: int
    inode: int
    bytes: int
    modified: int
    changed: int
    mode: int

    @classmethod
    def of(cls, file: Path) -> _State | None:
        """Return the state of a file, or nothing if it cannot be asked."""
        try:
            now = file.stat()
        except OSError:
            return None
        return cls(now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_mode)

    @property
    def is_sealed(self) -> bool:
        """Return whether nobody may write the file."""
        return not self.mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


class _Key(NamedTuple):
    """What readers of one file have in common; the state is none for a lent engine or a file that is gone."""

    file: Path
    threads: int | None
    state: _State | None


@dataclass(slots=True, eq=False)
class _Place:
    """Where a file is attached: how many read it there, and what they know of it."""

    key: _Key
    engine: Engine
    alias: str
    readers: int = 0
    sound: bool = True
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def may_stay(self) -> bool:
        """Return whether the file is one that nobody writes, still there and as it was when it was opened."""
        state = self.key.state
        return self.sound and state is not None and state.is_sealed and state == _State.of(self.key.file)


class _Readers:
    """Who reads which file now, and what waits for the next reader."""

    def __init__(self) -> None:
        """Begin with nothing open."""
        self._lock = Lock()
        self._places: dict[_Key, _Place] = {}
        self._last: _Place | None = None
        self._idle: dict[tuple[Path, int | None], Engine] = {}

    def enter(self, file: Path, threads: int | None, *, anew: bool) -> _Place:
        """Return the place where a file is read as it is now, with one reader more."""
        key = _Key(file, threads, _State.of(file))
        with self._lock:
            place = None if anew else self._places.get(key)
            if place is None:
                self._release(file)
                place = self._made(key)
                if not anew:
                    self._places[key] = place
            elif place is self._last:
                self._last = None
            place.readers += 1
            return place

    def leave(self, place: _Place, *, keep: bool) -> None:
        """Read a file no more; the last one closes it, or leaves it to wait as the only one."""
        with self._lock:
            place.readers -= 1
            if place.readers:
                return
            if keep and place.may_stay:
                self._release()
                self._last = place
            else:
                self._retire(place)

    def let_go(self, file: Path) -> None:
        """Close a file if it is the one that waits."""
        with self._lock:
            self._release(file)

    def _made(self, key: _Key) -> _Place:
        engine = self._idle.pop(key[:2], None) or Engine([key.file], threads=key.threads)
        try:
            return _Place(key, engine, engine.attach(key.file))
        except duckdb.Error:
            engine.close()
            raise

    def _release(self, file: Path | None = None) -> None:
        """Close the file that waits, whichever it is or only if it is this one."""
        last = self._last
        if last is not None and file in {None, last.key.file}:
            self._last = None
            self._retire(last)

    def _retire(self, place: _Place) -> None:
        """Close a file and have its engine wait; those that waited longest make room."""
        if self._places.get(place.key) is place:
            del self._places[place.key]
        try:
            place.engine.detach(place.alias)
        except duckdb.Error:  # what a damaged file did to the instance must not reach the next reader
            place.engine.close()
            return
        waits = place.key[:2]
        if waits in self._idle:
            self._idle.pop(waits).close()
        self._idle[waits] = place.engine
        for oldest in [*self._idle][:-KEPT]:
            self._idle.pop(oldest).close()


_readers: Final = _Readers()
