"""How a metric spreads over the seeds, year by year: what a fan chart draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from simulation.query.population import population_metrics
from simulation.query.sweep import Places, Sweep, open_sweep

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantiles(
    runs: Places | Sweep,
    metrics: Sequence[str] | None = None,
    status: Sequence[str] = (),
    levels: Sequence[float] = QUANTILES,
) -> pl.DataFrame:
    """Return one row a scenario, metric and year: ``n`` seeds, ``mean`` and a column a quantile (``q05``).

    Between two seeds' values a quantile is interpolated linearly.
    """
    sweep = runs if isinstance(runs, Sweep) else open_sweep(runs)
    values = population_metrics(sweep, status) if status else sweep.summaries()
    if metrics is not None:
        values = values.filter(pl.col("metric").is_in(list(metrics)))
    value = pl.col("value").cast(pl.Float64)
    spread = {f"q{round(level * 100):02d}": value.quantile(level, "linear") for level in levels}
    return (
        values.drop_nulls("value")
        .sort("scenario", "metric", "simulation_year", "seed")
        .group_by("scenario", "metric", "simulation_year", maintain_order=True)
        .agg(n=pl.len().cast(pl.Int64), mean=value.mean(), **spread)
    )
