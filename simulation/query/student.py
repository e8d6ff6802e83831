"""Student's t distribution, as far as intervals need it, without the second that SciPy takes to load."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

_HALVINGS: Final = 60
"""Steps of bisection: more than a double has bits."""


def central_probability(t: float, freedom: int) -> float:
    """Return the probability that a t variable lies between -t and t.

    Finite sums for whole degrees of freedom: Abramowitz and Stegun, Handbook of Mathematical Functions,
    26.7.3 (odd) and 26.7.4 (even).
    """
    return _central(math.atan2(t, math.sqrt(freedom)), freedom)


@lru_cache(maxsize=256)
def central_bound(probability: float, freedom: int) -> float:
    """Return the t that a share of the distribution lies within on both sides: 12.706 for 95 % and 1."""
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _central(middle, freedom) < probability else (low, middle)
    return math.tan(low) * math.sqrt(freedom)


def _central(angle: float, freedom: int) -> float:
    """Return the central probability for t = tan(angle) x sqrt(freedom)."""
    odd = freedom % 2
    cosine = math.cos(angle)
    term = cosine if odd else 1.0
    total = 0.0
    for power in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine * cosine * (power - 1) / power
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total
