"""One sealed DuckDB file a run: written once, read by many, verified by anybody."""

from __future__ import annotations

from simulation.store.batch import Batch
from simulation.store.checkpointing import Checkpointing
from simulation.store.checkpoints import Unfinished, find_checkpoints
from simulation.store.manifest import Manifest, PartEntry, RunIdentity, YearEntry
from simulation.store.reader import Store, open_store
from simulation.store.report import Finding, VerifyReport
from simulation.store.verification import verify
from simulation.store.writer import StoreWriter

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
