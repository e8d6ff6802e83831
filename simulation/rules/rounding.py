"""The one rounding rule of ``simulation.units`` on whole columns: halves away from zero, in int64 alone.

Amounts are divided before anything multiplies them, so a result that fits into int64 is exact.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.units import BP

Whole: TypeAlias = NDArray[np.int64]
"""A column of whole numbers: cents, basis points, years, people."""
Wholes: TypeAlias = Whole | int
"""A column, or one number for all of its rows."""
Truths: TypeAlias = NDArray[np.bool_]


def half_up(numerator: Wholes, denominator: Wholes) -> Whole:
    """Return ``numerator / denominator`` as whole numbers; denominators are positive."""
    below = np.asarray(denominator, dtype=np.int64)
    size = np.abs(np.asarray(numerator, dtype=np.int64))
    whole = quotient(size, below)
    rest = size - whole * below
    return np.asarray(np.sign(numerator) * (whole + (rest >= below - rest)), dtype=np.int64)


def part(amount_cents: Wholes, rate: Wholes, one: Wholes = BP) -> Whole:
    """Return ``amount x rate / one`` in cents: the rate is in basis points unless ``one`` says otherwise."""
    amounts, parts = np.asarray(amount_cents, dtype=np.int64), np.asarray(one, dtype=np.int64)
    sizes = np.abs(amounts)
    whole = quotient(sizes, parts)
    size = whole * rate + half_up((sizes - whole * parts) * rate, parts)
    return np.asarray(np.sign(amounts) * size, dtype=np.int64)


def quotient(size: Whole, below: Whole) -> Whole:
    """Return how often a number goes into another, for numbers that are not negative.

    Divided as unsigned: NumPy looks at the signs of each pair otherwise, which takes twice the time. What is
    left is for the caller to multiply out, for taking remainders costs another division.
    """
    return (size.view(np.uint64) // below.view(np.uint64)).view(np.int64)
