"""The runs that wait for a worker, and how many of them it takes at once.

A block shares what a year costs however few people live through it: small workforces gain, large ones have
nothing to share and would only need more memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import takewhile
from typing import Final

from simulation.sweep.attempt import Attempt
from simulation.sweep.task import RunTask

MOST_AT_ONCE: Final = 16
PEOPLE_AT_ONCE: Final = 18_000
"""People times seeds from which on a block gains nothing."""

PORTIONS: Final = 2
"""Blocks of its size that each worker could still take when one is cut: the last end nearly together."""

SMALLEST: Final = 4
"""Runs below which no block is cut for the sake of a common end: it would cost more than it gains."""


def largest_block(people: int) -> int:
    """Return how many runs of a workforce a block has at the most."""
    return min(MOST_AT_ONCE, max(1, PEOPLE_AT_ONCE // max(people, 1)))


class Waiting:
    """Hands out the runs that wait in blocks of one scenario; they get smaller towards the end."""

    def __init__(self, tasks: Iterable[RunTask], *, largest: int, workers: int) -> None:
        """Take the runs in order, how many a block may have, and how many workers take blocks."""
        self._fresh = deque(tasks)
        self._again: deque[Attempt] = deque()
        self._largest = largest
        self._portions = 1 if workers == 1 else workers * PORTIONS
        self._smallest = min(SMALLEST, -(-len(self._fresh) // workers))

    def __bool__(self) -> bool:
        """Return whether anything waits."""
        return bool(self._fresh or self._again)

    def take(self) -> Attempt:
        """Return the next block; what failed before comes last."""
        if not self._fresh:
            return self._again.popleft()
        scenario = self._fresh[0].scenario
        alike = takewhile(lambda task: task.scenario == scenario, self._fresh)
        block = tuple(task for task, _ in zip(alike, range(self._size()), strict=False))
        for _ in block:
            self._fresh.popleft()
        return Attempt(block)

    def put_back(self, attempts: Iterable[Attempt]) -> None:
        """Take what is to be tried again."""
        self._again.extend(attempts)

    def _size(self) -> int:
        return min(self._largest, max(self._smallest, -(-len(self._fresh) // self._portions)))
