"""What scenarios were told differently: the parameter values that their runs used, side by side."""

from __future__ import annotations

from typing import Final

import polars as pl

from simulation.query.paired import baseline_of
from simulation.query.sweep import Places, Sweep, open_sweep

_CELL: Final = ("simulation_year", "job_level", "parameter")

_OF_THE_RUN: Final = ("seed",)
"""Parameters that tell runs of one scenario apart."""


def parameter_changes(runs: Places | Sweep, baseline: str | None = None) -> pl.DataFrame:
    """Return one row a scenario, parameter, year and job level whose value is not the baseline's.

    Columns ``scenario``, ``parameter``, ``simulation_year``, ``job_level`` (null: all levels),
    ``baseline_value`` and ``scenario_value`` (text; null where the value or the year is missing), ``unit``,
    ``origin``.

    Raises:
        QueryError: there is no such scenario, or only one.
    """
    sweep = runs if isinstance(runs, Sweep) else open_sweep(runs)
    base = baseline_of(sweep, baseline)
    used = _one_seed_each(sweep.parameters()).filter(~pl.col("parameter").is_in(_OF_THE_RUN))
    ours = used.filter(pl.col("scenario") == base).drop("scenario", "seed")
    return pl.concat(
        _changes(ours, used.filter(pl.col("scenario") == name), name)
        for name in sweep.scenarios
        if name != base
    )


def _one_seed_each(parameters: pl.DataFrame) -> pl.DataFrame:
    return parameters.filter(pl.col("seed") == pl.col("seed").min().over("scenario"))


def _changes(ours: pl.DataFrame, theirs: pl.DataFrame, name: str) -> pl.DataFrame:
    joined = theirs.drop("scenario", "seed").join(
        ours, on=_CELL, how="full", suffix="_baseline", coalesce=True, nulls_equal=True
    )
    changed = joined.filter(pl.col("value").ne_missing(pl.col("value_baseline")))
    return changed.select(
        pl.lit(name).alias("scenario"),
        "parameter",
        "simulation_year",
        "job_level",
        pl.col("value_baseline").alias("baseline_value"),
        pl.col("value").alias("scenario_value"),
        pl.coalesce("unit", "unit_baseline").alias("unit"),
        pl.coalesce("origin", "origin_baseline").alias("origin"),
    ).sort("parameter", "simulation_year", "job_level")
