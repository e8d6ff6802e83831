"""Who may come back, and with what chance: formulas that the rehire engine and headcount planning share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import calendar_years, year_end, year_start
from simulation.hazards import expected_number
from simulation.state import IDENTITY

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.state import State

WILLING = ("voluntary", "involuntary", "layoff")
"""Reasons after which somebody may come back."""

_READ = (
    *IDENTITY,
    "service_date",
    "job_level",
    "compensation_cents",
    "scheduled_hours",
    "termination_date",
    "termination_reason",
)
"""What is read of the people: only this is copied when they are filtered."""


def candidates(context: YearContext, state: State) -> pl.DataFrame:
    """Return former employees who may come back this year, with their ``chance``.

    The asked rate is the share of leavers who come back within the window; each year of it takes an even
    part, given that they have not come back before. Nobody comes back twice.
    """
    rehire = context.scenario.workforce.rehire
    window = int(rehire.within_years)
    yearly = float(rehire.rate) / window
    by_year = [min(yearly / (1.0 - yearly * (gone - 1)), 1.0) for gone in range(1, window + 1)]
    last, first = state.people["termination_date"].to_numpy(), year_start(context.year - window)
    lately = (last >= np.datetime64(first)) & (last <= np.datetime64(year_end(context.year - 1)))
    once = ~state.people["was_rehired"].to_numpy() & (context.scenario.workforce.hiring.limit != 0)
    gone = state.people[_READ][np.flatnonzero(lately & once)]
    willing = gone.filter(pl.col("termination_reason").is_in(WILLING))
    years_gone = context.year - calendar_years(willing["termination_date"].to_numpy())
    return willing.hstack([pl.Series("chance", np.array(by_year)[years_gone - 1])])


def expected_rehires(context: YearContext, state: State) -> dict[int, float]:
    """Return the expected number of rehires by seed, at most the hiring limit."""
    summed = candidates(context, state).group_by("seed").agg(expected_number(pl.col("chance")))
    expected = {**dict.fromkeys(context.seeds, 0.0), **dict(summed.iter_rows())}
    limit = context.scenario.workforce.hiring.limit
    return expected if limit is None else {seed: min(number, limit) for seed, number in expected.items()}
