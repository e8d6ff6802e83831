"""How a store comes to lie under its name: written aside, flushed to the disk, then linked in one step.

A reader sees the whole file or none. Who writes an unfinished file stands in its name: a process of a host,
or nobody any more. Knows paths and files only, not what they hold.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from simulation.errors import Problem, WriteError
from simulation.store.attached import let_go

READ_ONLY: Final = 0o444

NOBODY: Final = "checkpoint"
"""The owner of a file that its writer has laid aside, for whoever goes on with it."""

_SUFFIX: Final = ".tmp"


def temporary_path(path: Path, owner: str | None = None) -> Path:
    """Return the hidden name beside a store that its owner, or else this process, writes it under."""
    return path.with_name(f".{path.name}.{owner or _ourselves()}{_SUFFIX}")


def store_of(temporary: Path) -> Path:
    """Return the store that an unfinished file is to become."""
    return temporary.with_name(_split(temporary.name)[0])


def owner_of(temporary: Path) -> str:
    """Return who writes an unfinished file: ``host-process``, or ``NOBODY``."""
    return _split(temporary.name)[1]


def unfinished(path: Path) -> list[Path]:
    """Return the unfinished files of a store, whoever writes them, the newest first."""
    return sorted(path.parent.glob(f".{path.name}.*{_SUFFIX}"), key=_written, reverse=True)


def is_unowned(temporary: Path) -> bool:
    """Return whether nobody writes an unfinished file any more, as far as this host can tell.

    A file under our own name is of an earlier process with our number.
    """
    owner = owner_of(temporary)
    host, _, process = owner.rpartition("-")
    if owner in {NOBODY, _ourselves()}:
        return True
    return host == socket.gethostname() and process.isdigit() and not _alive(int(process))


def companions(temporary: Path) -> Iterator[Path]:
    """Yield what lies beside an unfinished file: of the database, and the states of committed years."""
    yield from temporary.parent.glob(f"{temporary.name}.*")


def remove_temporary(temporary: Path) -> None:
    """Remove an unfinished store and what lies beside it."""
    for leftover in [temporary, *companions(temporary)]:
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def remove_abandoned(path: Path, *, but: Path | None = None) -> None:
    """Remove the unfinished files of a store, except one, whose writers on this host are no more."""
    beside = (file.with_suffix("") for file in path.parent.glob(f".{path.name}.*{_SUFFIX}.*"))
    for temporary in {*unfinished(path), *beside}:
        if temporary != but and is_unowned(temporary):
            remove_temporary(temporary)


def hand_over(temporary: Path, heir: Path) -> bool:
    """Give an unfinished file and what lies beside it to another owner; false if somebody was quicker.

    The file itself goes first and in one step: of several who want it, one gets it.
    """
    if temporary == heir:
        return temporary.exists()
    remove_temporary(heir)
    try:
        temporary.rename(heir)
    except FileNotFoundError:
        return False
    for companion in companions(temporary):
        companion.rename(heir.with_name(heir.name + companion.name.removeprefix(temporary.name)))
    return True


def publish(temporary: Path, path: Path) -> bool:
    """Give a finished file its name, read-only and safe on the disk; false if the name is taken.

    A link never replaces a file, so that of two writers of one store the first one wins.
    """
    temporary.chmod(READ_ONLY)
    flush(temporary)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        temporary.rename(path)
    remove_temporary(temporary)
    flush(path.parent)
    return True


def supplant(temporary: Path, path: Path) -> None:
    """Put a finished file in the place of the one that has its name, read-only and safe on the disk."""
    temporary.chmod(READ_ONLY)
    flush(temporary)
    let_go(path)
    temporary.replace(path)
    remove_temporary(temporary)
    flush(path.parent)


def write_error(path: Path, error: Exception, *, committed: bool = False) -> WriteError:
    """Return what to tell a person when the disk or the directory refused, and what is left of the run."""
    found = getattr(error, "strerror", None) or str(error).splitlines()[0]
    full = "No space left" in str(error)
    hint = (
        "free some space and run again with --resume" if full else "choose a directory that you may write to"
    )
    left = "the committed years stay" if committed else "nothing half-written is left"
    headline = "the disk is full" if full else "the store could not be written"
    return WriteError(headline, problems=[Problem(str(path), found, hint=f"{hint}; {left}")])


def flush(path: Path) -> None:
    """Have a file, or the names in a directory, safe on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _ourselves() -> str:
    return f"{socket.gethostname()}-{os.getpid()}"


def _split(name: str) -> tuple[str, str]:
    """Return store and owner of an unfinished file's name; a host's name may have dots, too."""
    store, _, owner = name.removeprefix(".").removesuffix(_SUFFIX).partition(".duckdb.")
    return f"{store}.duckdb", owner


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # somebody was quicker
        return 0.0


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
