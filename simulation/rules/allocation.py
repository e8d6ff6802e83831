"""A pool shared among people, and what becomes of the cents that rounding leaves or lacks."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

import polars as pl

from simulation.rules.exact import Term, over_one, portion, rounded, total
from simulation.rules.rounding import Whole


class Residual(StrEnum):
    """What makes allocations add up to the pool."""

    NONE = "none"
    """Each allocation is rounded half-up alone; they may miss the pool by some cents."""
    LARGEST = "largest"
    """The largest allocation takes the difference, the first of equal ones; of a pool so small that every
    allocation rounds to nothing, the largest exact share."""
    REMAINDERS = "remainders"
    """All are rounded down, and the largest fractions get a cent each, the first of equal ones."""


def allocate(pool_cents: int, terms: Sequence[Term], residual: Residual = Residual.NONE) -> Whole:
    """Return exact shares of a pool, sums of factor x column, in cents by the residual rule.

    Under a rule other than ``NONE`` they add up to the pool, unless nobody has a share in it.
    """
    numerators, denominator = over_one(terms)
    if residual is Residual.REMAINDERS:
        return _by_remainders(pool_cents, numerators, denominator)
    amounts = rounded(numerators, denominator)
    if residual is Residual.LARGEST:
        largest = amounts.argmax() if amounts.any() else _largest(numerators)
        if largest is not None:
            amounts = amounts.copy()
            amounts[largest] += pool_cents - total(amounts)
    return amounts


def _largest(numerators: pl.Series) -> int | None:
    """Return where the largest exact share is, the first of equal ones; nowhere if nobody has one."""
    return numerators.arg_max() if (numerators > 0).any() else None


def _by_remainders(pool_cents: int, numerators: pl.Series, denominator: int) -> Whole:
    exact, one = pl.col("numerator"), pl.lit(denominator, dtype=pl.Int128)
    frame = pl.DataFrame({"numerator": numerators}).select(
        whole=(exact // one).cast(pl.Int64), rest=exact % one, holds=exact > 0
    )
    amounts = frame["whole"].to_numpy().copy()
    ranked = frame.with_row_index("row").sort("rest", descending=True, maintain_order=True)
    if frame["holds"].any():
        amounts[ranked["row"].to_numpy()[: pool_cents - total(amounts)]] += 1
    return amounts


def pro_rata(pool_cents: int, weights: Whole, residual: Residual = Residual.NONE) -> Whole:
    """Return a pool allocated by weight, in cents: ``pool x weight / sum of weights``.

    Weights are pay (Reg. 1.401(a)(4)-2(b)(2)), points, or ones for an equal share; with no weight at all
    nobody gets anything.
    """
    return allocate(pool_cents, [(pro_rata_rate(pool_cents, weights), weights)], residual)


def pro_rata_rate(pool_cents: int, weights: Whole) -> Fraction:
    """Return the pool as a share of the weights, exactly; nought where there are none."""
    whole = total(weights)
    return Fraction(pool_cents, whole) if whole else Fraction(0)


def per_capita(pool_cents: int, people: int) -> Whole:
    """Return one equal share of a pool, in cents, half-up."""
    return portion(pool_cents, Fraction(1, people))
