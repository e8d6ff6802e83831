"""The shape in which every engine hands over its events: the columns of a type, cause included."""

from __future__ import annotations

from functools import cache

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
        "amount_cents": amount,
        "cause_rule": pl.lit(rule) if isinstance(rule, str) else rule,
        "cause_probability": probability,
        "cause_draw": draw,
    }
    typed = _typed(event_type)
    given = {name: value.cast(typed[name]).alias(name) for name, value in cause.items() if value is not None}
    return frame.select([*{**_as_they_stand(event_type), **given}.values()])


@cache
def _typed(event_type: str) -> dict[str, pl.DataType]:
    return columns(event_type)


@cache
def _as_they_stand(event_type: str) -> dict[str, pl.Expr]:
    """Return each column of a type as a frame holds it, and no cause."""
    without_cause = dict.fromkeys(("amount_cents", "cause_probability", "cause_draw"), pl.lit(None))
    return {
        name: without_cause.get(name, pl.col(name)).cast(dtype).alias(name)
        for name, dtype in _typed(event_type).items()
    }
