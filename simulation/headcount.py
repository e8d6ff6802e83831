"""Headcount arithmetic: the closing target, and the exits and hires to expect on the way there.

All of it is one row a seed. Asked turnover T means: exits of the year = T x mean of opening and closing
headcount, the exits of new hires included; layoffs come on top.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from simulation.hazards import mean_hire_year_exit
from simulation.state import employed, left_in
from simulation.units import divide_half_up

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.state import State


def opening(context: YearContext, state: State) -> pl.DataFrame:
    """Return ``opening``, ``layoffs`` and ``present`` (opening less all exits so far) by seed."""
    counted = (
        state.people.select("seed", "opened_year", "termination_date", "termination_reason")
        .filter("opened_year")
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
    """Return the closing headcount aimed at: the path's, or what the path's growth makes of those here.

    Positions that are laid off are not filled again: the path goes on from what is left of it.
    """
    before, after = context.planned
    growth = context.scenario.workforce.growth
    if context.year in (growth.headcount_path or {}):
        return pl.lit(after, dtype=pl.Int64)
    staff = pl.col("opening") - pl.col("layoffs")
    return divide_half_up(staff * after, max(before, 1))


def expected_exits(context: YearContext, counts: pl.DataFrame, rehires: dict[int, float]) -> dict[int, float]:
    """Return how many of the people present should leave by seed, for the asked total rate.

    ``counts`` is from ``opening``; ``rehires`` are the expected ones. With N hires of whom a share q leaves,
    and X exits of people present: X + qN = T (O + C) / 2 and C = P - X + R + (1 - q) N. Where N is free,
    C is the target; where N is held at nought or at the limit, C follows.
    """
    workforce = context.scenario.workforce
    asked = float(workforce.termination.total_rate or 0)
    most = math.inf if workforce.hiring.limit is None else float(workforce.hiring.limit)
    q = mean_hire_year_exit(context, context.profile)
    exits = {}
    rows = counts.select("seed", "opening", "present", target=target(context))
    for seed, opened, present, aim in rows.iter_rows():
        back = rehires[seed]
        all_exits = asked * (opened + aim) / 2
        free = aim - present - back + all_exits
        hires = min(max(free, 0.0), max(most - back, 0.0))
        held = (asked / 2 * (opened + present + back + (1 - q) * hires) - q * hires) / (1 + asked / 2)
        exits[seed] = max(all_exits - q * hires if hires == free else held, 0.0)
    return exits
