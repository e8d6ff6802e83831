"""What participants own of their accounts: all that they put in, and the vested part of the rest."""

from __future__ import annotations

from functools import reduce
from operator import add

import polars as pl

from simulation.events.sources import ELECTIVE, EMPLOYER
from simulation.units import BP, CENT, CENTS_PER_DOLLAR, share


def with_vested(held: pl.DataFrame, status: pl.DataFrame) -> pl.DataFrame:
    """Return accounts with ``vested_balance`` in dollars.

    It is null of who has employer money before vesting was ever told: in the first year of the run, or of
    somebody's participation.

    Args:
        held: what ``balances`` returns of a date.
        status: what ``plan_status`` returns of the same date, former employees among them.
    """
    shares = status.select("employee_id", *(f"vested_{source}" for source in EMPLOYER))
    own = [_cents(source) for source in ELECTIVE]
    vested = [_owned(source) for source in EMPLOYER]
    total = reduce(add, [*own, *vested]).cast(pl.Decimal(18, 6)) * pl.lit(CENT)
    together = held.join(shares, on="employee_id", how="left", maintain_order="left")
    return together.select(*held.columns, total.cast(pl.Decimal(18, 6)).alias("vested_balance"))


def _cents(source: str) -> pl.Expr:
    return (pl.col(f"balance_{source}") * CENTS_PER_DOLLAR).cast(pl.Int64)


def _owned(source: str) -> pl.Expr:
    told = share(_cents(source), (pl.col(f"vested_{source}") * BP).cast(pl.Int64))
    return pl.when(_cents(source) == 0).then(pl.lit(0, pl.Int64)).otherwise(told)
