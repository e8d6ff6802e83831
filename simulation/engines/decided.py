"""The shape in which every engine hands over its events: the columns of a type, cause included."""

from __future__ import annotations

import polars as pl

from simulation.events import columns


def decided(
    frame: pl.DataFrame,
    event_type: str,
    *,
    rule: str | pl.Expr,
    amount: pl.Expr | None = None,
    probability: pl.Expr | None = None,
    draw: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return a frame with exactly the columns of an event type, the cause filled in.

    ``frame`` holds ``seed``, ``person``, ``employee_id``, ``effective_date`` and the payload's columns;
    ``rule`` is the dotted name of the parameter or order that the event follows from. Columns are cast to
    the types of the event's: plain texts become categories, which costs nothing where all rows say the same.
    """
    cause = {
        "amount_cents": pl.lit(None, dtype=pl.Int64) if amount is None else amount,
        "cause_rule": pl.lit(rule) if isinstance(rule, str) else rule,
        "cause_probability": pl.lit(None, dtype=pl.Float64) if probability is None else probability,
        "cause_draw": pl.lit(None, dtype=pl.Float64) if draw is None else draw,
    }
    wanted = columns(event_type)
    return frame.with_columns(**cause).select(pl.col(name).cast(dtype) for name, dtype in wanted.items())
