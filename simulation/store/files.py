"""How a store comes to lie under its name: written aside, flushed to the disk, then linked in one step.

A reader sees the whole file or none. Knows paths and files only, not what they hold.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Final

from simulation.errors import Problem, WriteError

READ_ONLY: Final = 0o444


def temporary_path(path: Path) -> Path:
    """Return the hidden name beside a store that it is written under, told apart by host and process."""
    return path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}.tmp")


def remove_temporary(temporary: Path) -> None:
    """Remove an unfinished store and what the database left beside it."""
    for leftover in temporary.parent.glob(f"{temporary.name}*"):
        leftover.unlink(missing_ok=True)


def remove_abandoned(path: Path) -> None:
    """Remove the unfinished files of a store whose writers on this host are no more."""
    for leftover in path.parent.glob(f".{path.name}.{socket.gethostname()}-*.tmp*"):
        process = leftover.name.split(f"{socket.gethostname()}-", 1)[1].split(".", 1)[0]
        if process.isdigit() and not _alive(int(process)):
            leftover.unlink(missing_ok=True)


def publish(temporary: Path, path: Path) -> bool:
    """Give a finished file its name, read-only and safe on the disk; false if the name is taken.

    A link never replaces a file, so that of two writers of one store the first one wins.
    """
    temporary.chmod(READ_ONLY)
    _flush(temporary)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        temporary.rename(path)
    temporary.unlink(missing_ok=True)
    _flush(path.parent)
    return True


def write_error(path: Path, error: Exception) -> WriteError:
    """Return what to tell a person when the disk or the directory refused."""
    found = getattr(error, "strerror", None) or str(error).splitlines()[0]
    full = "No space left" in str(error)
    hint = (
        "free some space and run again with --resume" if full else "choose a directory that you may write to"
    )
    headline = "the disk is full" if full else "the store could not be written"
    return WriteError(
        headline, problems=[Problem(str(path), found, hint=f"{hint}; nothing half-written is left")]
    )


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
