"""How DuckDB is opened here: how many threads, and nothing fetched from or read off the outside.

The only place that calls ``duckdb.connect``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import duckdb

THREADS_VARIABLE: Final = "PLANWISE_DUCKDB_THREADS"
"""Limits DuckDB's threads in a process; a worker of a sweep sets it to 1."""

BLOCK_SIZE: Final = 65_536
"""Bytes of a block in new files: a quarter of DuckDB's own; a small run's store is a third as large."""

_OFFLINE: Final = {
    "autoinstall_known_extensions": "false",
    "checkpoint_threshold": "1TB",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""Extensions beyond those in the wheel are never fetched, and no SQL reads a Python variable."""


def connect(*, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database of its own in memory."""
    config: dict[str, str | bool | int | float | list[str]] = {
        **_OFFLINE,
        "default_block_size": str(BLOCK_SIZE),
    }
    limit = threads or threads_asked()
    if limit:
        config["threads"] = str(limit)
    return duckdb.connect(":memory:", config=config)


def connect_unlogged(path: Path, *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a file that keeps no log beside it: nobody would recover half a year.

    What was written since the last ``CHECKPOINT`` is gone when the connection closes, however it closes.
    """
    database = connect(threads=threads)
    database.execute("PRAGMA disable_checkpoint_on_shutdown")
    quoted = str(path).replace("'", "''")
    database.execute(f"SET temp_directory = '{quoted}.tmp'")
    database.execute(f"ATTACH '{quoted}' AS draft (RECOVERY_MODE no_wal_writes)")
    database.execute("USE draft")
    return database


def threads_asked() -> int | None:
    """Return how many threads this process was told to use, if it was told."""
    asked = os.environ.get(THREADS_VARIABLE, "")
    return int(asked) if asked.isdigit() and int(asked) > 0 else None
