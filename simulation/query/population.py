"""Metrics of people by employment status: sums over the status codes that were chosen, from small tables.

The stores hold totals by year and status code; any choice of codes is a sum of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.errors import Problem, QueryError, nearest
from simulation.query.sweep import Places, Sweep, open_sweep
from simulation.snapshot import STATUS_CODES, STATUS_TOTALS

STATUS_GROUPS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "active": ("continuous_active", "new_hire_active"),
        "terminated": ("experienced_termination", "new_hire_termination"),
        **{code: (code,) for code in STATUS_CODES},
    }
)
"""What a filter may say, and the status codes that it stands for."""


def _mean(total: str) -> pl.Expr:
    return pl.when(pl.col("headcount") > 0).then(pl.col(total) / pl.col("headcount"))


POPULATION_METRICS: Final[Mapping[str, pl.Expr]] = MappingProxyType(
    {
        "headcount": pl.col("headcount"),
        "total_compensation": pl.col("prorated_annual_compensation"),
        "average_compensation": _mean("current_compensation"),
        "average_full_year_compensation": _mean("full_year_equivalent_compensation"),
        "average_age": _mean("age"),
        "average_tenure": _mean("tenure_years"),
    }
)
"""Metrics over the totals of ``simulation.snapshot``: people, dollars paid in the year, annual rate of pay,
pay of a full year, completed years of age and of service."""

_KEYS: Final = ("scenario", "seed", "simulation_year")


def population_metrics(runs: Places | Sweep, status: Sequence[str] = ()) -> pl.DataFrame:
    """Return one row a run, year and metric over the people of some employment statuses (all if none).

    Columns ``scenario``, ``seed``, ``simulation_year``, ``metric``, ``value``; an average over nobody is
    null.

    Raises:
        QueryError: there is no such status.
    """
    sweep = runs if isinstance(runs, Sweep) else open_sweep(runs)
    totals = sweep.status_totals()
    years = totals.select(_KEYS).unique()
    chosen = totals.filter(pl.col("detailed_status_code").is_in(status_codes(status)))
    sums = (
        chosen.group_by(*_KEYS, "metric")
        .agg(pl.col("value").sum().cast(pl.Decimal(28, 8)))
        .pivot("metric", on_columns=list(STATUS_TOTALS), index=_KEYS, values="value", maintain_order=True)
    )
    wide = years.join(sums, on=_KEYS, how="left").with_columns(pl.col(*STATUS_TOTALS).fill_null(0))
    metrics = wide.select(
        *_KEYS, *(formula.cast(pl.Decimal(28, 8)).alias(name) for name, formula in POPULATION_METRICS.items())
    )
    return metrics.unpivot(index=_KEYS, variable_name="metric", value_name="value").sort(*_KEYS, "metric")


def status_codes(status: Sequence[str]) -> list[str]:
    """Return the status codes that a filter stands for; every code for an empty one.

    Raises:
        QueryError: names what is no status.
    """
    unknown = [
        Problem("status", repr(name), ", ".join(STATUS_GROUPS), nearest(name, list(STATUS_GROUPS)))
        for name in status
        if name not in STATUS_GROUPS
    ]
    if unknown:
        raise QueryError("there is no such employment status", problems=unknown)
    wanted = {code for name in status or STATUS_CODES for code in STATUS_GROUPS[name]}
    return [code for code in STATUS_CODES if code in wanted]
