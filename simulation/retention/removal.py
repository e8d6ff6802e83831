"""What goes when a run does: its store and what was written beside it, never a file of somebody else's.

Nothing here asks whether it is wanted.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulation.errors import Problem, WriteError
from simulation.query.index import INDEX_NAME
from simulation.retention.rest import at_rest
from simulation.store.attached import let_go
from simulation.store.files import companions, remove_abandoned, unfinished
from simulation.store.side_file import side_files
from simulation.sweep.directory import SweepDirectory, locked

_LOG: Final = ".wal"
"""What another program that opened a store for writing leaves beside it."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What went: files, and their bytes."""

    files: tuple[Path, ...]
    bytes: int


def files_of(store: Path) -> list[Path]:
    """Return what goes with a store, itself last, so that one that is half removed is still known."""
    drafts = [file for draft in unfinished(store) for file in (draft, *companions(draft))]
    log = store.with_name(f"{store.name}{_LOG}")
    return [*drafts, *side_files(store), *([log] if log.exists() else []), store]


def remove_store(store: Path) -> Removed:
    """Remove a store, the balance snapshots beside it and unfinished files of it; then its empty folder.

    Raises:
        SweepError: its sweep is running.
        StoreError: somebody may be writing it.
        WriteError: the directory refused.
    """
    with at_rest(store):
        removed = _remove(files_of(store))
        remove_abandoned(store)
        _fold(store.parent)
    return removed


def remove_checkpoint(store: Path) -> None:
    """Remove what an interrupted run has committed: it begins anew when it is run again.

    Raises:
        SweepError: its sweep is running.
        StoreError: somebody may be writing it.
    """
    with at_rest(store):
        remove_abandoned(store)
        _fold(store.parent)


def remove_sweep(directory: Path) -> Removed:
    """Remove what a sweep without stores has left: its record, journal and index; then its empty folder.

    Nothing goes while a store is there.

    Raises:
        SweepError: it is running.
        WriteError: the directory refused.
    """
    sweep = SweepDirectory(directory)
    with locked(sweep):
        if next(sweep.stores(), None) is not None:
            return Removed((), 0)
        sweep.remove_leftovers()
        drafts = [file for file in directory.glob("*/.*.duckdb.*.tmp*") if file.is_file()]
        own = (directory / INDEX_NAME, sweep.journal, sweep.record)
        removed = _remove([*drafts, *(file for file in own if file.exists())])
        for folder in directory.iterdir():
            if folder.is_dir():
                _fold(folder)
        sweep.lock.unlink(missing_ok=True)
        _fold(directory)
    return removed


def _remove(files: list[Path]) -> Removed:
    """Remove files in order.

    Raises:
        WriteError: says which one stays; those before it are gone.
    """
    size = sum(file.lstat().st_size for file in files)
    for file in files:
        let_go(file)
        try:
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        except OSError as error:
            hint = "it and what comes after it stay"
            problem = Problem(str(file), error.strerror or str(error), hint=hint)
            raise WriteError("the run cannot be removed", problems=[problem]) from error
    return Removed(tuple(files), size)


def _fold(folder: Path) -> None:
    """Remove a folder that holds nothing but an index, which can be made again."""
    if {path.name for path in folder.iterdir()} <= {INDEX_NAME}:
        (folder / INDEX_NAME).unlink(missing_ok=True)
        folder.rmdir()
