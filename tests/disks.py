"""A disk with little room: a file system in memory, which only root may mount."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(place: Path, kib: int) -> Iterator[Path]:
    """Yield a new directory on a disk of so many KiB; the test is skipped where none can be had."""
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield place
    finally:  # the store that was read last is open still
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def enlarge(disk: Path) -> None:
    """Make room on a small disk."""
    subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
