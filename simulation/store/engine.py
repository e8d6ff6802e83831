"""Engines: DuckDB instances that read certain files, attached while somebody asks them, and reach no other.

To make an instance takes five times as long as to attach a file to one, so the engines of the files that were
read last are kept, with nothing attached: a closed store holds no file open.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self, TypeAlias

import duckdb

from simulation.store.connection import connect, threads_asked

KEPT: Final = 4
"""Engines that wait for their file to be read again."""


LOGS: Final = (".wal", ".wal.checkpoint", ".wal.recovery")
"""What DuckDB looks for beside a file, the latter where a checkpoint did not come to its end."""


class Engine:
    """A DuckDB instance for some files; ``duckdb.Error`` comes through. It may be used from several threads.

    A file may hold views of anybody's making: they reach the files of this engine that are attached at the
    time, or given by their paths, and nothing else.
    """

    def __init__(self, files: Sequence[Path], *, threads: int | None = None) -> None:
        """Take every file that is ever to be attached, and how many threads DuckDB may use."""
        reachable = [str(file.resolve()) for file in files]
        logs = [f"{file}{log}" for file in reachable for log in LOGS]
        self._instance = connect(threads=threads)
        self._numbers = itertools.count()
        self._instance.execute("SET allowed_paths = ?", [[*reachable, *logs]])
        if reachable:
            self._instance.execute("SET temp_directory = ?", [f"{reachable[0]}.tmp"])
        self._instance.execute("SET enable_external_access = false")
        self._instance.execute("SET lock_configuration = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of everything."""
        self._instance.close()

    def attach(self, file: Path) -> str:
        """Open a file to be read; return its name in queries."""
        alias = f"s{next(self._numbers)}"
        with self.cursor() as cursor:
            cursor.execute(f"ATTACH ? AS {alias} (READ_ONLY)", [str(file.resolve())])
        return alias

    def detach(self, alias: str) -> None:
        """Close a file, at the latest when the queries that read it now are done."""
        with self.cursor() as cursor:
            cursor.execute(f"DETACH {alias}")

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own."""
        return self._instance.cursor()


class Attached:
    """One file that is open to be read, with an engine that is lent or with that of all who read the file."""

    def __init__(self, file: Path, *, threads: int | None = None, engine: Engine | None = None) -> None:
        """Open the file; ``duckdb.Error`` comes through."""
        if engine is None:
            place = _enter((file.resolve(), threads or threads_asked()))
            engine, self._alias, self._leave = place.engine, place.alias, place.leave
        else:
            self._alias = engine.attach(file)
            self._leave = partial(engine.detach, self._alias)
        self._connection = engine.cursor()
        self._open = True

    @property
    def alias(self) -> str:
        """Return the file's name in queries that read others of the engine's files, too."""
        return self._alias

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection of its own, to which the file is the database."""
        cursor = self._connection.cursor()
        cursor.execute(f"USE {self._alias}")
        return cursor

    def close(self) -> None:
        """Close the file; asking again does no harm."""
        if self._open:
            self._open = False
            self._connection.close()
            self._leave()


_Key: TypeAlias = tuple[Path, int | None]


@dataclass(slots=True)
class _Place:
    """Where a file is read: how many do so now."""

    key: _Key
    engine: Engine
    alias: str
    readers: int = 0

    def leave(self) -> None:
        """Read it no more; the last one closes it."""
        with _lock:
            self.readers -= 1
            if not self.readers:
                del _places[self.key]
                _retire(self)


_lock = Lock()
_places: dict[_Key, _Place] = {}
_idle: dict[_Key, Engine] = {}


def _enter(key: _Key) -> _Place:
    """Return the place where a file is read, with one reader more."""
    with _lock:
        place = _places.get(key) or _made(key)
        place.readers += 1
        _places[key] = place
        return place


def _made(key: _Key) -> _Place:
    file, threads = key
    engine = _idle.pop(key, None) or Engine([file], threads=threads)
    try:
        return _Place(key, engine, engine.attach(file))
    except duckdb.Error:
        engine.close()
        raise


def _retire(place: _Place) -> None:
    """Close a file and have its engine wait; those that waited longest make room."""
    try:
        place.engine.detach(place.alias)
    except duckdb.Error:  # what a damaged file did to the instance must not reach the next reader
        place.engine.close()
        return
    _idle[place.key] = place.engine
    for oldest in [*_idle][:-KEPT]:
        _idle.pop(oldest).close()
