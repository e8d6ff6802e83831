"""Waiting for what another process or thread does, where nothing would tell of it."""

from __future__ import annotations

import time
from collections.abc import Callable

TICK = 0.05
"""Seconds between two looks: seldom enough to leave the processor to whoever is waited for."""


def until(come: Callable[[], object], *, seconds: float) -> None:
    """Wait until something is so, and fail if it is not by then."""
    deadline = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < deadline, f"it did not come about in {seconds:.0f} s"
        time.sleep(TICK)
