"""Points spread evenly over a cube with sides from 0 to 1: SciPy's Latin hypercube and Sobol's sequence.

The one place that knows SciPy's names; what the sides mean is the caller's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def spread(method: str, dimensions: int, number: int, seed: int) -> Sequence[Sequence[float]]:
    """Return points, a row each: 0 up to but not 1 in every dimension, the same for the same arguments.

    A Latin hypercube has one point in each of ``number`` equal slices of every side (McKay, Beckman and
    Conover 1979). Sobol's sequence, scrambled after Owen (1998), has that for a power of two, and is even in
    several dimensions at once; a longer one begins with the points of a shorter one.
    """
    from scipy.stats import qmc

    if method == "sobol":
        return _rows(qmc.Sobol(dimensions, scramble=True, rng=seed).random_base2(number.bit_length() - 1))
    return _rows(qmc.LatinHypercube(dimensions, rng=seed).random(number))


def _rows(sample: Any) -> Sequence[Sequence[float]]:
    rows: Sequence[Sequence[float]] = sample.tolist()
    return rows
