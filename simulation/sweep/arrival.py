"""A store that comes back from a machine that does not see the sweep's directory, piece by piece.

It is written aside, held against its digest, and gets its name last: a reader sees the whole file or none.
Runs in the driver; ``afar`` is the other end.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from simulation.errors import Problem, RunError, StoreError
from simulation.store import open_store
from simulation.store.files import publish, remove_temporary, temporary_path, write_error
from simulation.sweep.task import StorePiece


class Arrival:
    """Takes the pieces of one store in order."""

    def __init__(self, store: Path) -> None:
        """Take where the store will be; a file is begun with its first piece."""
        self._store = store
        self._aside = temporary_path(store)
        self._digest = hashlib.sha256()
        remove_temporary(self._aside)

    def take(self, piece: StorePiece) -> None:
        """Write a piece; with the last one, publish the store.

        Raises:
            WriteError: the disk refuses it.
            RunError: what arrived is not what was sent.
            StoreError: the name is taken by another run.
        """
        try:
            if piece.sha256:
                self._publish(piece.sha256)
            else:
                self._digest.update(piece.content)
                with self._aside.open("ab") as file:
                    file.write(piece.content)
        except OSError as error:
            self.abandon()
            raise write_error(self._store, error) from error
        except (RunError, StoreError):
            self.abandon()
            raise

    def abandon(self) -> None:
        """Leave nothing of what did not arrive whole."""
        remove_temporary(self._aside)

    def _publish(self, sent: str) -> None:
        arrived = self._digest.hexdigest()
        if arrived != sent:
            problem = Problem(str(self._store), f"its SHA-256 is {arrived[:12]}, but {sent[:12]} was sent")
            raise RunError("a store was damaged on its way", problems=[problem])
        with open_store(self._aside) as store:
            digest = store.manifest.digest
        if not publish(self._aside, self._store):
            self._accept_existing(digest)

    def _accept_existing(self, digest: str) -> None:
        """Leave a store that is there already, sent by an attempt that died before it could say so."""
        with open_store(self._store) as store:
            existing = store.manifest.digest
        if existing != digest:
            found = f"holds a run with digest {existing[:12]}, not {digest[:12]}"
            raise StoreError("a store is written once", problems=[Problem(str(self._store), found)])
        self.abandon()


class Arrivals:
    """The stores that come back from one worker, by their seeds."""

    def __init__(self, stores: Mapping[int, Path]) -> None:
        """Take where each store will be."""
        self._stores = stores
        self._begun: dict[int, Arrival] = {}

    def take(self, piece: StorePiece) -> None:
        """Write a piece of a store, as an `Arrival` does."""
        if piece.seed not in self._begun:
            self._begun[piece.seed] = Arrival(self._stores[piece.seed])
        self._begun[piece.seed].take(piece)

    def abandon(self) -> None:
        """Leave nothing of what did not arrive whole."""
        for arrival in self._begun.values():
            arrival.abandon()
