"""How fast this machine is right now: a fixed piece of work, timed beside every measurement.

A value over the loop's time can be held against that of another day or machine. The work must never change,
or older results lose their scale.
"""

from __future__ import annotations

import hashlib
import time
from statistics import median

import numpy as np

ADDITIONS = 400_000
NUMBERS = 400_000
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
BEATS = 3


def calibrate() -> float:
    """Return the seconds that the fixed work takes: the median of a few times."""
    return median(_beat() for _ in range(BEATS))


def _beat() -> float:
    """Return the seconds of one round: interpreted additions, a sort, a hash, about a third each."""
    begun = time.perf_counter()
    total = 0
    for number in range(ADDITIONS):
        total += number
    scattered = np.arange(NUMBERS, dtype=np.uint64) * MULTIPLIER
    scattered.sort()
    for _ in range(4):
        hashlib.sha256(scattered.data).digest()
    return time.perf_counter() - begun
