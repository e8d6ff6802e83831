"""A store that is being written: a database under a temporary name, fed a row group at a time.

An insert costs milliseconds however few rows it has, so rows are gathered; inserts run in the background
while the caller computes the next rows. Knows tables and frames, not what they mean.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from simulation.store.background import Background
from simulation.store.connection import connect_unlogged, threads_asked
from simulation.store.files import NOBODY, hand_over, publish, remove_temporary, temporary_path

ROW_GROUP: Final = 122_880
"""DuckDB's row group: compressed and written as a whole."""

_WAITING: Final = 4
"""Inserts that may wait for the one at work."""


class Draft:
    """An unfinished store. ``duckdb.Error`` and ``OSError`` come through; ``abandon`` never fails."""

    def __init__(
        self, path: Path, statements: Iterable[str], threads: int | None = None, *, committed: bool = False
    ) -> None:
        """Open the file beside ``path`` and run, in the background, statements that make it ready.

        ``committed`` says that the file is there already and holds years that were committed.
        """
        self._path = path
        self._temporary = temporary_path(path)
        self._committed = committed
        self._gathered: dict[str, list[pl.DataFrame]] = {}
        self._inserts = Background(waiting=_WAITING, alone=(threads or threads_asked()) == 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not committed:
            remove_temporary(self._temporary)
        self._database = connect_unlogged(self._temporary, threads=threads)
        self._inserts.give(self._make, statements)

    @property
    def committed(self) -> bool:
        """Return whether the file holds years that somebody may go on with."""
        return self._committed

    def append(self, table: str, rows: pl.DataFrame) -> None:
        """Take rows for a table, after those given before; columns are matched by name."""
        gathered = self._gathered.setdefault(table, [])
        gathered.append(rows)
        if sum(frame.height for frame in gathered) >= ROW_GROUP:
            self._insert(table)

    def commit(self, before: Callable[[Path], None], after: Callable[[Path], None]) -> None:
        """Have, in the background, all that was given safe on the disk in one step.

        ``before`` and ``after`` are called with the file's path around that step.
        """
        self._insert_all()
        self._inserts.give(self._commit, before, after)

    def finish(self, row: tuple[str, dict[str, Any]]) -> None:
        """Write what is gathered, then one row for a table, and close the file."""
        self._insert_all()
        self._inserts.finish()
        _insert_row(self._database, *row)
        self._database.execute("CHECKPOINT")
        self._database.close()

    def publish(self) -> bool:
        """Give the finished file its name; false if that is taken."""
        return publish(self._temporary, self._path)

    def abandon(self) -> None:
        """Leave nothing behind of what was not published."""
        self._close()
        remove_temporary(self._temporary)

    def lay_aside(self) -> None:
        """Leave the years that were committed, if any, to whoever goes on with them."""
        self._close()
        if not self._committed:
            remove_temporary(self._temporary)
            return
        with contextlib.suppress(OSError):  # under its own name it can be gone on with when we are no more
            hand_over(self._temporary, temporary_path(self._path, NOBODY))

    def _close(self) -> None:
        self._inserts.abandon()
        with contextlib.suppress(duckdb.Error):  # a full disk cannot take anything more
            self._database.close()

    def _make(self, statements: Iterable[str]) -> None:
        self._database.begin()
        for statement in statements:
            self._database.execute(statement)
        self._database.commit()

    def _commit(self, before: Callable[[Path], None], after: Callable[[Path], None]) -> None:
        before(self._temporary)
        self._database.execute("CHECKPOINT")
        self._committed = True
        after(self._temporary)

    def _insert_all(self) -> None:
        for table in list(self._gathered):
            self._insert(table)

    def _insert(self, table: str) -> None:
        rows = pl.concat(self._gathered.pop(table))
        self._inserts.give(_insert_rows, self._database, table, rows)


def _insert_rows(database: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    database.register("incoming", rows.to_arrow())
    database.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")  # noqa: S608  names of our own
    database.unregister("incoming")


def _insert_row(database: duckdb.DuckDBPyConnection, table: str, values: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  names of our own
    database.execute(statement, list(values.values()))
