"""Engines: DuckDB instances that read certain files and reach no other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from simulation.store.closable import Closable
from simulation.store.connection import connect

LOGS: Final = (".wal", ".wal.checkpoint", ".wal.recovery")
"""What DuckDB looks for beside a file, the latter where a checkpoint did not come to its end."""


class Engine(Closable):
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
