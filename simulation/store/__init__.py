"""One sealed DuckDB file a run: written once, read by many, verified by anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.homes import from_homes
from simulation.store.batch import Batch
from simulation.store.checkpointing import Checkpointing
from simulation.store.manifest import Manifest, PartEntry, RunIdentity, YearEntry
from simulation.store.writer import StoreWriter

if TYPE_CHECKING:
    from simulation.store.checkpoints import Unfinished, find_checkpoints
    from simulation.store.reader import Store, open_store
    from simulation.store.report import Finding, VerifyReport
    from simulation.store.verification import verify

__all__ = [
    "Batch",
    "Checkpointing",
    "Finding",
    "Manifest",
    "PartEntry",
    "RunIdentity",
    "Store",
    "StoreWriter",
    "Unfinished",
    "VerifyReport",
    "YearEntry",
    "find_checkpoints",
    "open_store",
    "verify",
]

# What only reads stores: a run does without.
__getattr__ = from_homes(
    __name__,
    {
        "Finding": "report",
        "Store": "reader",
        "Unfinished": "checkpoints",
        "VerifyReport": "report",
        "find_checkpoints": "checkpoints",
        "open_store": "reader",
        "verify": "verification",
    },
)
