"""The year summary of a batch: the table of metrics, worked out over the state at year end."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.frames import SummaryFrame, types_of
from simulation.metrics import METRICS, Metric, Totals, Unit, counted
from simulation.units import divide_half_up

if TYPE_CHECKING:
    from simulation.state import State

PLACES: Final = 8
"""Decimal places of a stored metric."""

_SCHEMA: Final = types_of(SummaryFrame)


def summarise(state: State, year: int) -> pl.DataFrame:
    """Return one row a seed and metric (``SummaryFrame``); a ratio without a denominator is null."""
    rows = [
        (row["seed"], year, metric.name, value_of(metric, row))
        for row in counted(state, year).iter_rows(named=True)
        for metric in METRICS
    ]
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")


def value_of(metric: Metric, totals: Totals) -> Decimal | None:
    """Return a metric of one seed and year with eight decimal places, half-up; money in dollars."""
    exact = metric.formula(totals)
    if exact is None:
        return None
    numerator, denominator = exact.as_integer_ratio()
    steps = 10 ** (PLACES - 2 if metric.unit is Unit.DOLLARS else PLACES)
    return Decimal(divide_half_up(numerator * steps, denominator)).scaleb(-PLACES)


def empty() -> pl.DataFrame:
    """Return a summary without rows: what genesis has to say."""
    return pl.DataFrame(schema=_SCHEMA)
