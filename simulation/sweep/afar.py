"""Work on a machine that does not see the sweep's directory: into scratch, and sealed files come back.

A file travels as steps of its run, before the outcome, a piece at a time: neither end ever holds all of it.
Runs in a worker; ``arrival`` is the other end.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from simulation.sweep.probe import Probe
from simulation.sweep.scratch import scratch
from simulation.sweep.task import Block, RunOutcome, Step, StorePiece, Work

PIECE_BYTES: Final = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Anywhere:
    """Does work in place where the probe is seen, or where there is none to look for; else in scratch."""

    work: Work
    probe: Probe | None

    def __call__(self, block: Block, inputs: Any) -> Iterator[Step | StorePiece]:
        """Yield the steps of a block, the pieces of its stores among them where they cannot stay in place."""
        if self.probe is None or self.probe.seen:
            yield from self.work(block, inputs)
        else:
            yield from self._sent_back(block, inputs, scratch(self.probe.token))

    def _sent_back(self, block: Block, inputs: Any, room: Path) -> Iterator[Step | StorePiece]:
        moved = tuple(replace(task, store=room / task.scenario / task.store.name) for task in block)
        stores = {task.seed: task.store for task in moved}
        with closing(self.work(moved, inputs)) as steps:
            for step in steps:
                if isinstance(step, RunOutcome):
                    store = stores[step.seed]
                    yield from pieces(store, step.seed)
                    store.unlink()
                    yield replace(step, sent_from=socket.gethostname())
                else:
                    yield step


def pieces(store: Path, seed: int, size: int = PIECE_BYTES) -> Iterator[StorePiece]:
    """Yield the bytes of a seed's store in order; the last piece, which is empty, says their SHA-256."""
    digest = hashlib.sha256()
    with store.open("rb") as file:
        while content := file.read(size):
            digest.update(content)
            yield StorePiece(seed, content)
    yield StorePiece(seed, b"", digest.hexdigest())
