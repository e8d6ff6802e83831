"""Who may come back, and with what chance: formulas that the rehire engine and headcount planning share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.state import State

WILLING = ("voluntary", "involuntary", "layoff")
"""Reasons after which somebody may come back."""


def candidates(context: YearContext, state: State) -> pl.DataFrame:
    """Return former employees who may come back this year, with their ``chance``.

    The asked rate is the share of leavers who come back within the window; each year of it takes an even
    part, given that they have not come back before. Nobody comes back twice.
    """
    rehire = context.scenario.workforce.rehire
    window = int(rehire.within_years)
    yearly = float(rehire.rate) / window
    years_gone = context.year - pl.col("termination_date").dt.year()
    return state.people.filter(
        years_gone.is_between(1, window)
        & pl.col("termination_reason").is_in(WILLING)
        & ~pl.col("was_rehired")
        & pl.lit(context.scenario.workforce.hiring.limit != 0)
    ).with_columns(chance=(yearly / (1.0 - yearly * (years_gone - 1).cast(pl.Float64))).clip(0.0, 1.0))


def expected_rehires(context: YearContext, state: State) -> pl.DataFrame:
    """Return ``expected_rehires`` by seed, at most the hiring limit."""
    summed = candidates(context, state).group_by("seed").agg(expected_rehires=pl.col("chance").sum())
    rows = (
        context.seed_frame()
        .join(summed, on="seed", how="left")
        .with_columns(pl.col("expected_rehires").fill_null(0.0))
    )
    limit = context.scenario.workforce.hiring.limit
    return rows if limit is None else rows.with_columns(pl.col("expected_rehires").clip(upper_bound=limit))
