"""The forfeiture account of each seed, and how dues are paid out of it until it is empty.

What was forfeited up to last year is used this year, before this year's forfeitures come in: within twelve
months of the year in which they arose, as Prop. Reg. 1.401-7 asks, unless there is too little to pay for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from simulation.state import State


def fund_cents(state: State) -> pl.Expr:
    """Return what is in the account of a row's seed, in cents; a debt to restored people is nothing."""
    held = state.people.group_by("seed").agg(pl.col("forfeiture_account_cents").sum())
    by_seed = {seed: max(cents, 0) for seed, cents in held.iter_rows()}
    return pl.col("seed").replace_strict(by_seed, default=0, return_dtype=pl.Int64)


def paid_in_turn(due: pl.Expr, fund: pl.Expr) -> pl.Expr:
    """Return what the account pays of dues in the order of persons; the last one gets a part."""
    return (fund - due.cum_sum().over("seed") + due).clip(0, due)
