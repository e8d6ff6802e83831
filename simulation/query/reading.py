"""A store to ask one question of: one that is open already, or a path that is opened for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulation.store import Store, open_store


@contextmanager
def reading(store: Store | str | Path) -> Iterator[Store]:
    """Yield an open store; close it afterwards if it was given as a path.

    Raises:
        StoreError: the path is no readable store.
    """
    if isinstance(store, Store):
        yield store
    else:
        with open_store(store) as opened:
            yield opened
