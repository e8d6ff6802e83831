"""Graded tables: which band of service, age or points somebody is in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes


def band_of(starts: Sequence[int], reached: Wholes) -> Whole:
    """Return the index of each person's band: the last one whose start is reached.

    ``starts`` ascend from the smallest value that anybody can have; ``reached`` are completed years of
    service or age, or points, their sum. ``rates_bp[band_of(starts, service)]`` looks a table up.
    """
    return np.searchsorted(np.asarray(starts, dtype=np.int64), column(reached), side="right") - 1
