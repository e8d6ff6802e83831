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
    numbers, below = np.asarray(numerator, dtype=np.int64), np.asarray(denominator, dtype=np.int64)
    return np.asarray(np.sign(numbers) * _nearest(np.abs(numbers), below), dtype=np.int64)


def part(amount_cents: Wholes, rate: Wholes, one: Wholes = BP) -> Whole:
    """Return ``amount x rate / one`` in cents: the rate is in basis points unless ``one`` says otherwise."""
    amounts, rates, parts = (np.asarray(each, dtype=np.int64) for each in (amount_cents, rate, one))
    sizes, times = np.abs(amounts), np.abs(rates)
    whole = quotient(sizes, parts)
    rest = np.asarray((sizes - whole * parts) * times, dtype=np.int64)
    size = whole * times + _nearest(rest, parts)
    return np.asarray(np.sign(amounts) * np.sign(rates) * size, dtype=np.int64)


def _nearest(size: Whole, below: Whole) -> Whole:
    """Return how often a number goes into another, halves upward: half of the latter is added before.

    Neither is negative. Where that half is no whole number there are no halves to round. The sum may need
    the 64th bit, which a quotient of unsigned numbers has.
    """
    return quotient(np.add(size.view(np.uint64), (below >> 1).view(np.uint64)), below)


def quotient(size: Whole, below: Whole) -> Whole:
    """Return how often a number goes into another, for numbers that are not negative.

    Divided as unsigned: NumPy looks at the signs of each pair otherwise, which takes twice the time. What is
    left is for the caller to multiply out, for taking remainders costs another division.
    """
    return (size.view(np.uint64) // below.view(np.uint64)).view(np.int64)
