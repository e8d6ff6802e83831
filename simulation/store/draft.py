"""A store that is being written: a database under a temporary name, fed whole row groups at a time.

An insert costs a millisecond however few rows it has, and rows that fill no group are written twice: as they
come, and compressed in the end. So rows are gathered; inserts run in the background while the caller computes
the next rows. Knows tables and frames, not what they mean.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import duckdb
import polars as pl

from simulation.background import Background
from simulation.cores import threads_asked
from simulation.store.blank import blank_store
from simulation.store.connection import ROW_GROUP, close_unlogged, connect_unlogged
from simulation.store.files import NOBODY, hand_over, publish, remove_temporary, temporary_path

_LEAST: Final = 24_576
"""Rows of a row group, which is compressed and written as a whole, at least."""

_VECTOR: Final = 2_048
"""DuckDB cuts a row group into vectors of so many rows."""

_WAITING: Final = 40
"""Inserts that may wait for the one at work: about a year's."""


class Draft:
    """An unfinished store. ``duckdb.Error`` and ``OSError`` come through; ``abandon`` never fails."""

    def __init__(
        self, path: Path, people: int, threads: int | None = None, *, committed: bool = False
    ) -> None:
        """Take the file beside ``path``, and open it in the background.

        ``people`` is about how many rows a table gets at once; ``committed`` says that the file is there
        already and holds years that were committed.
        """
        self._path = path
        self._row_group = self._worth = _row_group(people)
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
        waiting = sum(frame.height for frame in gathered)
        if waiting >= self._worth:
            self._insert(table, waiting - waiting % self._worth)

    def hurry(self) -> None:
        """Gather no more: have inserted what is there, and what comes from now on as it comes."""
        self._worth = 1
        self._insert_all()

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
        self._opened = connect_unlogged(self._temporary, threads=self._threads, row_group=self._row_group)
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

    def _insert(self, table: str, count: int | None = None) -> None:
        """Have the first of the gathered rows inserted, or all of them."""
        rows = pl.concat(self._gathered.pop(table))
        if count is not None and count < rows.height:
            self._gathered[table] = [rows.slice(count)]
        self._inserts.give(self._insert_rows, table, rows.slice(0, count))

    def _insert_rows(self, table: str, rows: pl.DataFrame) -> None:
        incoming = _Incoming(rows)  # the statement finds it by its name
        self._database.execute(f"INSERT INTO {table} BY NAME FROM incoming")
        incoming.forget()


def _row_group(people: int) -> int:
    """Return the rows of a row group: about as many as people, so that most years fill some."""
    return min(max(-(-people // _VECTOR) * _VECTOR, _LEAST), ROW_GROUP)


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
