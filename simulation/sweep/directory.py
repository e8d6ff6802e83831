"""The directory of a sweep: where things are, who may work in it, and what a dead process left behind.

Layout of ``<out>/<name>/``: ``sweep.json``, ``journal.jsonl``, ``.lock``, ``<scenario>/seed_<n>.duckdb``.
Knows paths; what is in a store is the store's business.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulation.errors import Problem, SweepError, WriteError
from simulation.store.checkpoint import lay_aside
from simulation.store.files import store_of
from simulation.sweep.names import safe_name

_STORE: Final = re.compile(r"seed_(\d+)\.duckdb")


@dataclass(frozen=True, slots=True)
class SweepDirectory:
    """The places of one sweep."""

    path: Path

    @classmethod
    def of(cls, out: str | Path, name: str) -> SweepDirectory:
        """Return the directory that a sweep of this name has under `out`.

        Raises:
            SweepError: the name cannot become a directory.
        """
        return cls(Path(out).expanduser().resolve() / safe_name(name))

    @property
    def record(self) -> Path:
        """What the sweep is made of."""
        return self.path / "sweep.json"

    @property
    def journal(self) -> Path:
        """What happened in it."""
        return self.path / "journal.jsonl"

    @property
    def lock(self) -> Path:
        """Held by the process that works on it."""
        return self.path / ".lock"

    def store(self, scenario: str, seed: int) -> Path:
        """Return where the store of a run is, or will be."""
        return self.path / safe_name(scenario, "scenario") / f"seed_{seed}.duckdb"

    def stores(self) -> Iterator[tuple[str, int, Path]]:
        """Yield scenario, seed and path of every sealed store, in that order."""
        found = ((path, _STORE.fullmatch(path.name)) for path in self.path.glob("*/seed_*.duckdb"))
        yield from sorted((path.parent.name, int(match[1]), path) for path, match in found if match)

    def foreign(self) -> list[str]:
        """Return the names of what stands here beside the lock and a record that was never finished."""
        own = (self.lock.name, f".{self.record.name}.")
        return sorted(path.name for path in self.path.iterdir() if not path.name.startswith(own))

    def remove_leftovers(self) -> int:
        """Remove what dead workers left unfinished, but for years that they committed; return how many files.

        Only for the holder of the lock: nobody else writes here then.
        """
        aside = [lay_aside(draft) for draft in self.path.glob("*/.*.duckdb.*.tmp") if not _is_sealed(draft)]
        kept = tuple(str(draft) for draft in aside if draft is not None)
        found = (*self.path.glob("*/.*.tmp*"), *self.path.glob(".*.tmp"))
        leftovers = [path for path in found if not str(path).startswith(kept)]
        for leftover in leftovers:
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink(missing_ok=True)
        return len(leftovers)

    def prepare(self, scenarios: list[str]) -> None:
        """Make the directories of the scenarios, and prove that files can be written there.

        Raises:
            WriteError: they cannot.
        """
        try:
            for scenario in scenarios:
                folder = self.path / safe_name(scenario, "scenario")
                folder.mkdir(exist_ok=True)
                probe = folder / f".probe.{os.getpid()}.tmp"
                probe.touch()
                probe.unlink()
        except OSError as error:
            raise _refused(self.path, error) from error


def _is_sealed(draft: Path) -> bool:
    return store_of(draft).exists()


@contextmanager
def locked(directory: SweepDirectory) -> Iterator[None]:
    """Hold the lock of a sweep's directory, which is made if it is missing.

    The kernel lets go of it when the process ends, however it ends.

    Raises:
        WriteError: the directory cannot be made or written to.
        SweepError: another process works on the sweep.
    """
    try:
        directory.path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(directory.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise _refused(directory.path, error) from error
    try:
        _take(descriptor, directory)
        yield
    finally:
        os.close(descriptor)


def holder(directory: SweepDirectory) -> int | None:
    """Return the id of the process that works on a sweep, if one does; 0 if it cannot be read."""
    try:
        descriptor = os.open(directory.lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _pid(descriptor)
    finally:
        os.close(descriptor)
    return None


def _take(descriptor: int, directory: SweepDirectory) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        problem = Problem(
            str(directory.path),
            f"process {_pid(descriptor) or 'unknown'} is working on it",
            hint="wait for it, stop it, or choose another name",
        )
        raise SweepError(
            f"the sweep {directory.path.name!r} is already running", problems=[problem]
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)


def _pid(descriptor: int) -> int:
    text = os.pread(descriptor, 20, 0)
    return int(text) if text.isdigit() else 0


def _refused(path: Path, error: OSError) -> WriteError:
    found = error.strerror or str(error)
    hint = "choose a directory that you may write to with --out"
    return WriteError(
        "the directory of the sweep cannot be used", problems=[Problem(str(path), found, hint=hint)]
    )
