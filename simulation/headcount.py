"""Headcount arithmetic: the closing target, and the exits and hires to expect on the way there.

All of it is one row a seed. Asked turnover T means: exits of the year = T x mean of opening and closing
headcount, the exits of new hires included; layoffs come on top.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.hazards import mean_hire_year_exit
from simulation.state import employed, left_in
from simulation.units import basis_points, divide_half_up

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.state import State


def opening(context: YearContext, state: State) -> pl.DataFrame:
    """Return ``opening``, ``layoffs`` and ``present`` (opening less all exits so far) by seed."""
    counted = (
        state.people.filter("opened_year")
        .group_by("seed")
        .agg(
            opening=pl.len().cast(pl.Int64),
            layoffs=(left_in(context.year) & (pl.col("termination_reason") == "layoff")).sum().cast(pl.Int64),
            present=employed().sum().cast(pl.Int64),
        )
    )
    return (
        context.seed_frame()
        .join(counted, on="seed", how="left")
        .with_columns(pl.exclude("seed").fill_null(0))
        .sort("seed")
    )


def target(context: YearContext) -> pl.Expr:
    """Return the closing headcount aimed at: a stated path, else the opening less layoffs, grown."""
    growth = context.scenario.workforce.growth
    if growth.headcount_path and context.year in growth.headcount_path:
        return pl.lit(growth.headcount_path[context.year], dtype=pl.Int64)
    grown = (pl.col("opening") - pl.col("layoffs")) * (10_000 + basis_points(growth.rate))
    return pl.max_horizontal(divide_half_up(grown, 10_000), pl.lit(0))


def plan(context: YearContext, counts: pl.DataFrame, rehires: pl.DataFrame) -> pl.DataFrame:
    """Return ``expected_exits`` of people present and ``expected_hires`` of new ones, by seed.

    ``counts`` is from ``opening``, ``rehires`` has ``expected_rehires``. With no asked total the exits are
    null: the hazard table stands, and nothing has to be solved for.

    With N hires of whom a share q leaves, and X exits of people present:
    X + qN = T (O + C) / 2 and C = P - X + R + (1 - q) N. Where N is free, C is the target; where N is held
    at nought or at the limit, C follows.
    """
    table = context.scenario.workforce.termination
    q = mean_hire_year_exit(context, context.profile)
    limit = context.scenario.workforce.hiring.limit
    rows = counts.join(rehires, on="seed", maintain_order="left").with_columns(target=target(context))
    if table.total_rate is None:
        return rows.with_columns(expected_exits=pl.lit(None, dtype=pl.Float64), hire_exit_share=pl.lit(q))
    asked = float(table.total_rate)
    opened, present = pl.col("opening"), pl.col("present")
    back, aim = pl.col("expected_rehires"), pl.col("target")
    all_exits = asked * (opened + aim) / 2
    free = aim - present - back + all_exits
    most = pl.lit(float("inf")) if limit is None else pl.max_horizontal(limit - back, pl.lit(0.0))
    hires = pl.min_horizontal(pl.max_horizontal(free, pl.lit(0.0)), most)
    held = (asked / 2 * (opened + present + back + (1 - q) * hires) - q * hires) / (1 + asked / 2)
    exits = pl.when(hires == free).then(all_exits - q * hires).otherwise(held)
    return rows.with_columns(expected_exits=pl.max_horizontal(exits, pl.lit(0.0)), hire_exit_share=pl.lit(q))
