"""Exact sums of fractions of columns, rounded once by the rule of ``simulation.units``.

For products that leave 64 bits, as a pool times a pay over the pay of all: pay up to 10^12 cents, pools up to
10^13 cents and a million people stay exact in 128.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import add
from typing import Final, TypeAlias

import numpy as np
import polars as pl

from simulation.rules.rounding import Whole, Wholes
from simulation.units import divide_half_up

Term: TypeAlias = tuple[Fraction, Whole]
"""A factor and the column that it multiplies."""

WIDEST: Final = 2**126
"""Numerators stay below it, so that doubling one while rounding stays inside 128 bits."""


def column(amounts: Wholes) -> Whole:
    """Return amounts as a column; one number alone is a column of one row."""
    return np.atleast_1d(np.asarray(amounts, dtype=np.int64))


def over_one(terms: Sequence[Term]) -> tuple[pl.Series, int]:
    """Return the sum of factor x column as 128-bit numerators over one denominator.

    Raises:
        OverflowError: A sum needs more than 128 bits.
    """
    denominator = lcm(*(factor.denominator for factor, _ in terms))
    factors = [int(factor * denominator) for factor, _ in terms]
    largest = [int(np.abs(amounts).max(initial=0)) for _, amounts in terms]
    bound = sum(abs(factor) * size for factor, size in zip(factors, largest, strict=True)) + denominator
    if bound >= WIDEST:
        raise OverflowError(f"an exact sum of {len(terms)} terms needs {bound.bit_length()} bits")
    frame = pl.DataFrame({str(place): amounts for place, (_, amounts) in enumerate(terms)})
    products = (
        pl.col(str(place)).cast(pl.Int128) * pl.lit(factor, dtype=pl.Int128)
        for place, factor in enumerate(factors)
    )
    return frame.select(reduce(add, products).alias("numerator")).to_series(), denominator


def rounded(numerators: pl.Series, denominator: int) -> Whole:
    """Return 128-bit numerators over a denominator, half-up."""
    quotient = divide_half_up(pl.col("numerator"), pl.lit(denominator, dtype=pl.Int128))
    return pl.DataFrame({"numerator": numerators}).select(quotient.cast(pl.Int64)).to_series().to_numpy()


def combined(*terms: Term) -> Whole:
    """Return the sum of factor x column, rounded half-up once."""
    return rounded(*over_one(terms))


def portion(amounts: Wholes, factor: Fraction) -> Whole:
    """Return ``amount x factor`` half-up for any exact factor, such as one third."""
    return combined((factor, column(amounts)))


def total(amounts: Whole) -> int:
    """Return the sum of a column as a whole number."""
    return int(amounts.sum(dtype=np.int64))
