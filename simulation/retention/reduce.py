"""A sealed run kept in less, while its sweep holds still."""

from __future__ import annotations

from pathlib import Path

from simulation.retention.rest import at_rest
from simulation.store.reduction import Reduction, reduce_store


def reduce(store: Path, keep: str) -> Reduction:
    """Drop of a sealed run what ``lifecycle`` or ``summary`` does not keep, and return what went.

    Raises:
        SweepError: its sweep is running.
        StoreError: it is being written, cannot be opened, is not as it was sealed, or keeps less already.
        WriteError: the disk or the directory refused; the store is as it was.
    """
    with at_rest(store):
        return reduce_store(store, keep)
