"""Work that is done beside the caller's, one piece after the other and in the order in which it was given.

Arrow, Polars, DuckDB and the digests let go of Python's lock, so a thread is enough to use another core.
Where a process was told to keep to one core, everything is done at once by the caller.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Background:
    """Does pieces of work in order; where more than ``waiting`` would wait, the caller does."""

    def __init__(self, *, waiting: int, alone: bool) -> None:
        """Take how many pieces may wait; ``alone`` says that there is no other core."""
        self._waiting = waiting
        self._thread = None if alone else ThreadPoolExecutor(max_workers=1)
        self._given: deque[Future[None]] = deque()

    def give(self, work: Callable[..., None], *what: object) -> None:
        """Have a piece of work done; what an earlier one raised is raised here or by ``finish``."""
        if self._thread is None:
            work(*what)
        else:
            self._await(self._waiting)
            self._given.append(self._thread.submit(work, *what))

    def finish(self) -> None:
        """Wait until all is done."""
        self._await(0)

    def abandon(self) -> None:
        """Do nothing that has not begun, and wait for what has; never fails."""
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)

    def _await(self, waiting: int) -> None:
        while len(self._given) > waiting:
            self._given.popleft().result()
