"""The shape in which every engine hands over its events: the columns of a type, cause included."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TypeAlias

import numpy as np
import polars as pl

from simulation.events import columns
from simulation.rules.days import Days
from simulation.rules.rounding import Truths, Whole

One: TypeAlias = str | int | float | bool | date | None
"""What is said once holds for all rows."""

Said: TypeAlias = pl.Series | Whole | Truths | Days | np.ndarray[tuple[int, ...], np.dtype[np.float64]] | One
"""What is said of a frame's rows, one by one or of all of them."""


def decided(
    frame: pl.DataFrame,
    event_type: str,
    *,
    rule: pl.Series | str,
    amount: Said = None,
    probability: Said = None,
    draw: Said = None,
    **said: Said,
) -> pl.DataFrame:
    """Return a frame with exactly the columns of an event type, the cause filled in.

    ``frame`` holds ``seed``, ``person`` and ``employee_id``, and of ``effective_date`` and the payload's
    columns those that are not ``said``; ``rule`` is the dotted name of the parameter or order that the event
    follows from. Columns are cast to the types of the event's; among floats, no number stands for nothing.
    """
    cause = {"amount_cents": amount, "cause_rule": rule, "cause_probability": probability, "cause_draw": draw}
    given = {**said, **cause}
    return pl.DataFrame(
        [
            _column(name, dtype, given[name] if name in given else frame.get_column(name), frame.height)
            for name, dtype in _typed(event_type).items()
        ]
    )


def _column(name: str, dtype: pl.DataType, said: Said, rows: int) -> pl.Series:
    if isinstance(said, np.ndarray):
        return pl.Series(name, said, nan_to_null=True).cast(dtype)
    if isinstance(said, pl.Series):
        return said.cast(dtype).alias(name)
    return _one(name, dtype, said).new_from_index(0, rows)


@cache
def _one(name: str, dtype: pl.DataType, said: One) -> pl.Series:
    return pl.Series(name, [said], dtype=dtype)


@cache
def _typed(event_type: str) -> dict[str, pl.DataType]:
    return columns(event_type)
