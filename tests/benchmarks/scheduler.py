"""How long a sweep takes on more workers than there are here: its scheduler, played with measured times.

A driver hands blocks of runs to workers, two in flight for each, and hears of each end; it does one thing at
a time. That is all there is to it: no network, no stragglers, no shared disk. Knows numbers only.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice


@dataclass(frozen=True, slots=True)
class Costs:
    """What a sweep is made of, in seconds: of a worker for each block, and of the driver for each."""

    blocks: Sequence[float]
    """What blocks took their workers, of which more are taken in turn."""
    driver: float


def makespan(costs: Costs, *, blocks: int, workers: int, ahead: int = 2) -> float:
    """Return the seconds from the first block handed out to the last one heard of.

    Half of the driver's share is spent on handing a block out and half on hearing of it.
    """
    share = costs.driver / 2
    durations = islice(cycle(costs.blocks), blocks)
    free = [0.0] * min(workers, blocks)
    ends: list[float] = []
    now = 0.0
    for number, duration in enumerate(durations):
        if number >= ahead * workers:
            now = max(now, heapq.heappop(ends)) + share
        now += share
        end = max(now, free[0]) + duration
        heapq.heapreplace(free, end)
        heapq.heappush(ends, end)
    while ends:
        now = max(now, heapq.heappop(ends)) + share
    return now


def speedup(costs: Costs, *, blocks: int, workers: int) -> float:
    """Return how many times sooner a sweep ends than on one worker."""
    return makespan(costs, blocks=blocks, workers=1) / makespan(costs, blocks=blocks, workers=workers)
