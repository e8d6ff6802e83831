"""How DuckDB is opened here: how many threads, and nothing fetched from or read off the outside.

The only place that calls ``duckdb.connect``.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import duckdb

from simulation.cores import threads_asked

BLOCK_SIZE: Final = 65_536
"""Bytes of a block in new files: a quarter of DuckDB's own; a small run's store is a third as large."""

ROW_GROUP: Final = 122_880
"""Rows of a row group where nothing else is asked: DuckDB's own size."""

_OFFLINE: Final = {
    "autoinstall_known_extensions": "false",
    "checkpoint_threshold": "1TB",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
"""Extensions beyond those in the wheel are never fetched, and no SQL of a reader sees a Python variable."""

_OF_WRITERS: Final = """
PRAGMA disable_checkpoint_on_shutdown;
PRAGMA disable_optimizer;
SET python_enable_replacements = true;
"""
"""What differs where a file is written, by statements of our own alone. Rows go in as they come: there is
nothing to optimise. They are found by the name of a variable, which is quicker than to register them."""


def connect(name: str = "", *, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Return a connection to a database in memory: one of its own, or that of a name, which is shared."""
    config: dict[str, str | bool | int | float | list[str]] = {
        **_OFFLINE,
        "default_block_size": str(BLOCK_SIZE),
    }
    limit = threads or threads_asked()
    if limit:
        config["threads"] = str(limit)
    return duckdb.connect(f":memory:{name}", config=config)


def connect_unlogged(
    path: Path, *, threads: int | None = None, row_group: int = ROW_GROUP
) -> duckdb.DuckDBPyConnection:
    """Return a connection to a file that keeps no log beside it: nobody would recover half a year.

    What was written since the last ``CHECKPOINT`` is gone when the file is closed, however it is closed.
    Files of one directory that are open at once share an instance of DuckDB: each costs more than a file.
    """
    database = connect(f"{path.parent}:{threads or threads_asked()}", threads=threads)
    database.execute(_OF_WRITERS)
    quoted = str(path).replace("'", "''")
    with contextlib.suppress(duckdb.Error):  # where another file of the instance has begun to spill, all do
        database.execute(f"SET temp_directory = '{quoted}.tmp'")
    alias = _alias(path)
    database.execute(
        f"ATTACH '{quoted}' AS {alias} (RECOVERY_MODE no_wal_writes, ROW_GROUP_SIZE {row_group})"
    )
    database.execute(f"USE {alias}")
    return database


def close_unlogged(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Let go of a file, and of the instance if no other file is open in it."""
    database.execute("USE memory")
    database.execute(f"DETACH {_alias(path)}")
    database.close()


def _alias(path: Path) -> str:
    quoted = path.name.replace('"', '""')
    return f'"{quoted}"'
