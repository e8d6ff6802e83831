"""Room for a worker whose machine does not see the sweep's directory: private, below its temporary directory.

The workers of a machine share it, so that the next attempt goes on with what a dead one committed. Whoever
uses it holds its lock, which the kernel lets go of with the process: what nobody holds is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

_PREFIX: Final = "planwise-scratch-"
_LOCK: Final = ".lock"

_held: dict[Path, int] = {}
"""The rooms that this process uses, with the locks that say so."""


def scratch(token: str) -> Path:
    """Return the room of a sweep on this machine, ours until this process ends; clear those of dead ones.

    Raises:
        OSError: the temporary directory cannot be written to.
    """
    room = Path(tempfile.gettempdir()) / f"{_PREFIX}{os.getuid()}-{token}"
    if room not in _held:
        _held[room] = _entered(room)
        _remove_abandoned(room.parent)
    return room


def _entered(room: Path) -> int:
    """Return the lock of a room that is there: one that was removed while we waited is made again."""
    while True:
        room.mkdir(mode=0o700, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            descriptor = _locked(room, fcntl.LOCK_SH)
            if _is_there(room, descriptor):
                return descriptor
            os.close(descriptor)


def _is_there(room: Path, descriptor: int) -> bool:
    return os.path.samestat((room / _LOCK).stat(), os.fstat(descriptor))


def _locked(room: Path, kind: int) -> int:
    descriptor = os.open(room / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_abandoned(root: Path) -> None:
    for room in root.glob(f"{_PREFIX}{os.getuid()}-*"):
        if room in _held:
            continue
        try:
            descriptor = _locked(room, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # in use, or gone
            continue
        shutil.rmtree(room, ignore_errors=True)
        os.close(descriptor)
