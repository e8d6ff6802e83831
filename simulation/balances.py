"""What is in an account by source, what of it is owned, and how an amount is taken from several sources.

Definitions that the engines of accounts share; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from simulation.events.sources import ELECTIVE, EMPLOYER, SOURCES
from simulation.rules.rounding import Truths, Whole
from simulation.rules.vesting import vested_cents
from simulation.units import BP

BALANCES: Final = tuple(f"balance_{source}_cents" for source in SOURCES)
"""The columns of people that hold an account."""

VESTED: Final = tuple(f"vested_{source}_bp" for source in EMPLOYER)
"""The columns of people that say what of employer money is owned."""


def balance(source: str) -> pl.Expr:
    """Return what is in a source, in cents."""
    return pl.col(f"balance_{source}_cents")


def total_balance() -> pl.Expr:
    """Return what is in an account, in cents."""
    return pl.sum_horizontal(BALANCES)


def amounts(people: pl.DataFrame, names: Sequence[str]) -> Whole:
    """Return columns of cents, one a source, as a matrix of people by sources."""
    return np.array([people[name].to_numpy() for name in names], dtype=np.int64).T


def shares_bp(people: pl.DataFrame) -> Whole:
    """Return what of each source is the participant's own, in basis points by people and sources."""
    own = np.full((people.height, len(ELECTIVE)), BP)
    return np.hstack([own, amounts(people, VESTED)])


def owned_in_full(people: pl.DataFrame) -> Truths:
    """Tell which sources are the participant's own to the last cent, by people and sources."""
    return np.asarray(shares_bp(people) == BP)


def with_vested(people: pl.DataFrame) -> pl.DataFrame:
    """Return people with ``owned_{source}_cents``, the vested part of each balance, half-up."""
    own = [people[f"balance_{source}_cents"].alias(f"owned_{source}_cents") for source in ELECTIVE]
    return people.hstack([*own, *(_vested(people, source) for source in EMPLOYER)])


def _vested(people: pl.DataFrame, source: str) -> pl.Series:
    share = people[f"vested_{source}_bp"].to_numpy()
    owned = vested_cents(people[f"balance_{source}_cents"].to_numpy(), share)
    return pl.Series(f"owned_{source}_cents", owned, dtype=pl.Int64)


def spread(total: Whole, weights: Whole) -> Whole:
    """Return totals shared over sources in proportion to weights, to the cent, by rows and sources.

    Weights are by rows and sources, whole and not negative; so are totals. Up to and with each source the
    share of the total is rounded half-up, and a source gets what that adds: the parts add up to the total, a
    source without weight gets nothing, and none gets more than its weight while the total is at most the sum
    of weights.
    """
    whole = np.maximum(weights.sum(axis=1), 1)
    largest = (2 * int(total.max(initial=0)) + 1) * int(whole.max(initial=0))
    # Python's own numbers where 64 bits might not hold a product.
    asked = total.astype(np.int64 if largest <= _LARGEST else np.object_)
    running, upto, parts = np.zeros_like(whole), np.zeros_like(whole), np.empty(weights.shape, np.int64, "F")
    for place in range(weights.shape[1]):
        running = running + weights[:, place]
        reached = ((2 * asked * running + whole) // (2 * whole)).astype(np.int64)
        parts[:, place] = reached - upto
        upto = reached
    return parts


_LARGEST: Final = int(np.iinfo(np.int64).max)


def by_source(parts: Whole) -> list[pl.Series]:
    """Return cents by rows and sources as the columns ``{source}_cents``."""
    return [pl.Series(f"{source}_cents", parts[:, place]) for place, source in enumerate(SOURCES)]
