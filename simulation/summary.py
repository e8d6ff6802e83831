"""The year summary of a batch: the table of metrics, worked out over the state at year end."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.frames import SummaryFrame
from simulation.metrics import METRICS, Unit

if TYPE_CHECKING:
    from simulation.state import State

PLACES: Final = 8
"""Decimal places of a stored metric."""

_STEPS: Final = {Unit.PEOPLE: 10**PLACES, Unit.RATE: 10**PLACES, Unit.DOLLARS: 10 ** (PLACES - 2)}
"""Stored steps in one of what a formula gives; dollars come as cents."""


def summarise(state: State, year: int) -> pl.DataFrame:
    """Return one row a seed and metric (``SummaryFrame``); a ratio without a denominator is null."""
    wide = (
        state.people.group_by("seed")
        .agg(
            (metric.formula(year) * _STEPS[metric.unit]).round().cast(pl.Int64).alias(metric.name)
            for metric in METRICS
        )
        .sort("seed")
    )
    rows = [
        (seed, year, metric.name, None if steps is None else Decimal(steps).scaleb(-PLACES))
        for seed, *values in wide.iter_rows()
        for metric, steps in zip(METRICS, values, strict=True)
    ]
    return pl.DataFrame(rows, schema=empty().schema, orient="row")


def empty() -> pl.DataFrame:
    """Return a summary without rows: what genesis has to say."""
    return pl.DataFrame(SummaryFrame.create_empty())
