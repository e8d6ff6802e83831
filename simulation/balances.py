"""What is in an account by source, what of it is owned, and how an amount is taken from several sources.

Definitions that the engines of accounts share; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from operator import add
from typing import Final

import polars as pl

from simulation.events.sources import ELECTIVE, EMPLOYER, SOURCES
from simulation.rules.vesting import vested_cents
from simulation.units import BP, divide_half_up

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


def owned_at_once(source: str) -> pl.Expr:
    """Tell whether all of a source is the participant's own."""
    return pl.lit(value=True) if source in ELECTIVE else pl.col(f"vested_{source}_bp") == BP


def with_vested(people: pl.DataFrame) -> pl.DataFrame:
    """Return people with ``owned_{source}_cents``, the vested part of each balance, half-up."""
    own = {f"owned_{source}_cents": balance(source) for source in ELECTIVE}
    earned = {f"owned_{source}_cents": pl.lit(_vested(people, source)) for source in EMPLOYER}
    return people.with_columns(**own, **earned)


def _vested(people: pl.DataFrame, source: str) -> pl.Series:
    share = people[f"vested_{source}_bp"].to_numpy()
    return pl.Series(vested_cents(people[f"balance_{source}_cents"].to_numpy(), share), dtype=pl.Int64)


def spread(total: pl.Expr, weights: Mapping[str, pl.Expr]) -> dict[str, pl.Expr]:
    """Return ``{source}_cents`` of every source: an amount shared in proportion to weights, to the cent.

    Up to and with each source the share of the amount is rounded half-up, and a source gets what that adds:
    the parts add up to the amount, a source without weight gets nothing, and none gets more than its weight
    while the amount is at most the sum of weights. Weights are whole and not negative.
    """
    wide = [weight.cast(pl.Int128) for weight in weights.values()]
    running = list(accumulate(wide, add))
    whole = pl.max_horizontal(running[-1], pl.lit(1, dtype=pl.Int128))
    upto = [divide_half_up(total.cast(pl.Int128) * weight, whole) for weight in running]
    before = [pl.lit(0, dtype=pl.Int128), *upto[:-1]]
    parts = {
        source: (now - then).cast(pl.Int64) for source, now, then in zip(weights, upto, before, strict=True)
    }
    nothing = pl.lit(0, dtype=pl.Int64)
    return {f"{source}_cents": parts.get(source, nothing) for source in SOURCES}
