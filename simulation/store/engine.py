"""Engines: DuckDB instances that read certain files, attached while somebody asks them, and reach no other.

To make an instance takes five times as long as to attach a file to one, so the engines of the files that were
read last are kept, with nothing attached: a closed store holds no file open.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self

import duckdb

from simulation.store.connection import connect, threads_asked

KEPT: Final = 4
"""Engines that wait for their file to be read again."""


class Engine:
    """A DuckDB instance for some files; ``duckdb.Error`` comes through. It may be used from several threads.

    A file may hold views of anybody's making: they reach the files of this engine that are attached at the
    time, or given by their paths, and nothing else.
    """

    def __init__(self, files: Sequence[Path], *, threads: int | None = None) -> None:
        """Take every file that is ever to be attached, and how many threads DuckDB may use."""
        reachable = [str(file.resolve()) for file in files]
        logs = [f"{file}.wal" for file in reachable]  # DuckDB looks for one beside each
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
    """One file that is open to be read: the engine is kept for the next to read it, unless it is lent."""

    def __init__(self, file: Path, *, threads: int | None = None, engine: Engine | None = None) -> None:
        """Open the file with an engine that is lent, or with one of its own."""
        self._key = (file.resolve(), threads or threads_asked())
        self._lent = engine is not None
        self._engine = engine or _take(self._key)
        try:
            self._alias = self._engine.attach(file)
        except duckdb.Error:
            if not self._lent:
                self._engine.close()
            raise
        self._connection = self._engine.cursor()

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
        alias, self._alias = self._alias, ""
        if not alias:
            return
        self._connection.close()
        try:
            self._engine.detach(alias)
        except duckdb.Error:  # what a damaged file did to the instance must not reach the next reader
            self._engine.close()
        else:
            if not self._lent:
                _keep(self._key, self._engine)


_Key = tuple[Path, int | None]

_idle: dict[_Key, Engine] = {}
_idle_lock = Lock()


def _take(key: _Key) -> Engine:
    """Return the engine that waits for a file, or a new one; nobody else has it until it is kept again."""
    with _idle_lock:
        waiting = _idle.pop(key, None)
    file, threads = key
    return waiting or Engine([file], threads=threads)


def _keep(key: _Key, engine: Engine) -> None:
    """Have an engine wait, and close those that waited longest or for the same."""
    with _idle_lock:
        surplus = [_idle.pop(key)] if key in _idle else []
        _idle[key] = engine
        surplus += [_idle.pop(oldest) for oldest in [*_idle][:-KEPT]]
    for each in surplus:
        each.close()
