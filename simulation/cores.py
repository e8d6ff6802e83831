"""How many processors there are for this process, and how many it was told to use."""

from __future__ import annotations

import os
from typing import Final

THREADS_VARIABLE: Final = "PLANWISE_DUCKDB_THREADS"
"""Limits DuckDB's threads in a process; a worker of a sweep sets it to 1."""


def threads_asked() -> int | None:
    """Return how many threads this process was told to use, if it was told."""
    asked = os.environ.get(THREADS_VARIABLE, "")
    return int(asked) if asked.isdigit() and int(asked) > 0 else None


def cores() -> int:
    """Return how many processors this process may use: of a container, those that it was given."""
    known = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(known(0)) if known else os.cpu_count() or 1
