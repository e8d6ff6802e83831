"""A store that is being written: a database under a temporary name, fed a row group at a time.

An insert costs milliseconds however few rows it has, so rows are gathered; inserts run in the background
while the caller computes the next rows. Knows tables and frames, not what they mean.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from simulation.store.background import Background
from simulation.store.blank import blank_store
from simulation.store.connection import close_unlogged, connect_unlogged, threads_asked
from simulation.store.files import NOBODY, hand_over, publish, remove_temporary, temporary_path

ROW_GROUP: Final = 122_880
"""DuckDB's row group: compressed and written as a whole."""

_WAITING: Final = 4
"""Inserts that may wait for the one at work."""


class Draft:
    """An unfinished store. ``duckdb.Error`` and ``OSError`` come through; ``abandon`` never fails."""

    def __init__(self, path: Path, threads: int | None = None, *, committed: bool = False) -> None:
        """Take the file beside ``path``, and open it in the background.

        ``committed`` says that it is there already and holds years that were committed.
        """
        self._path = path
        self._threads = threads
        self._temporary = temporary_path(path)
        self._committed = committed
        self._gathered: dict[str, list[pl.DataFrame]] = {}
        self._inserts = Background(waiting=_WAITING, alone=(threads or threads_asked()) == 1)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not committed:
            remove_temporary(self._temporary)
            self._temporary.touch()
        self._opened: duckdb.DuckDBPyConnection | None = None
        self._inserts.give(self._open)

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
        self._close()

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

    @property
    def _database(self) -> duckdb.DuckDBPyConnection:
        if self._opened is None:
            raise RuntimeError("the draft is not open")
        return self._opened

    def _open(self) -> None:
        if not self._committed:
            self._temporary.write_bytes(blank_store(self._threads))
        self._opened = connect_unlogged(self._temporary, threads=self._threads)
        if self._committed:  # a kill between sealing and naming leaves a manifest, which is written again
            self._opened.execute("DELETE FROM run_manifest")

    def _close(self) -> None:
        self._inserts.abandon()
        opened, self._opened = self._opened, None
        with contextlib.suppress(duckdb.Error):  # a full disk cannot take anything more
            if opened is not None:
                close_unlogged(opened, self._temporary)

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
        self._inserts.give(self._insert_rows, table, rows)

    def _insert_rows(self, table: str, rows: pl.DataFrame) -> None:
        incoming = _Incoming(rows)  # the statement finds it by its name
        self._database.execute(f"INSERT INTO {table} BY NAME FROM incoming")
        incoming.forget()


class _Incoming:
    """Rows as DuckDB reads them, straight from Polars: of few rows, a table of PyArrow costs a fifth more."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows

    def forget(self) -> None:
        """Let go of the rows, which are written, whoever still holds on to this."""
        self._rows = self._rows.clear()

    def __arrow_c_schema__(self) -> object:
        return self._rows.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._rows.__arrow_c_stream__(requested_schema)


def _insert_row(database: duckdb.DuckDBPyConnection, table: str, values: dict[str, Any]) -> None:
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608  names of our own
    database.execute(statement, list(values.values()))
