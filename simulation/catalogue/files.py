"""Which files below a data directory tell of runs: stores by their name, and the journals of sweeps.

Knows names, sizes and times of change; not what is in a file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulation.catalogue.entry import SET_ASIDE

STORE: Final = ".duckdb"
JOURNAL: Final = "journal.jsonl"
SWEEP: Final = "sweep.json"


@dataclass(frozen=True, slots=True)
class Source:
    """A file, as a path below the data directory, and what changes when its content does."""

    path: str
    bytes: int
    changed: int
    """When, in nanoseconds since 1970."""

    @property
    def is_journal(self) -> bool:
        """Return whether it is the journal of a sweep."""
        return self.path.rpartition("/")[2] == JOURNAL


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below a data directory: sources by path, and the directories of sweeps."""

    sources: Mapping[str, Source]
    sweeps: frozenset[str]

    def sweep_of(self, store: str) -> str:
        """Return the sweep that a store lies in, or nothing: ``<sweep>/<scenario>/seed_<n>.duckdb``."""
        sweep = store.rpartition("/")[0].rpartition("/")[0]
        return sweep if sweep in self.sweeps else ""


def find(root: Path) -> Found:
    """Return the sources below a directory; hidden files and directories are none of its business."""
    found = list(_walk(root))
    sources = {source.path: source for source, _ in found if source is not None}
    return Found(sources, frozenset(sweep for _, sweep in found if sweep is not None))


def _walk(root: Path) -> Iterator[tuple[Source | None, str | None]]:
    """Yield each source, and each directory of a sweep."""
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = os.path.relpath(folder, root).replace(os.sep, "/")
        prefix = "" if below == "." else f"{below}/"
        in_sweep = SWEEP in names
        if in_sweep:
            yield None, prefix.removesuffix("/")
        for name in names:
            if _is_store(name) or (in_sweep and name == JOURNAL):
                source = _source(os.path.join(folder, name), f"{prefix}{name}")  # noqa: PTH118 (thousands)
                yield source, None


def _is_store(name: str) -> bool:
    return not name.startswith(".") and name.removesuffix(SET_ASIDE).endswith(STORE)


def _source(path: str, below: str) -> Source | None:
    try:
        state = os.stat(path)  # noqa: PTH116 (thousands of files: a Path each costs more than its stat)
    except OSError:  # removed meanwhile, or a link to nowhere
        return None
    return Source(below, state.st_size, state.st_mtime_ns)
