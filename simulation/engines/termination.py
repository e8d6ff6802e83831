"""Who leaves among those there when the year opens: turnover, retirement, disability and death.

Hazards compete: one draw decides whether somebody leaves, a second one why, a third one when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation import hazards, headcount
from simulation.dates import day_in
from simulation.engines.decided import decided
from simulation.rehiring import expected_rehires
from simulation.rng import Purpose, uniform
from simulation.state import IDENTITY, employed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State

REASONS = ("death", "disability", "retirement", "involuntary", "voluntary")
"""In the order in which the second draw passes them."""

_READ = (*IDENTITY, "birth_date", "service_date", "job_level", "termination_date", "opened_year")
"""What is read of the people: only this is copied when they are filtered."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the terminations of people who were there on 1 January and are not laid off."""
    year = context.year
    people = _chances(context, state)
    gone = people.with_columns(uniform(people, Purpose.TERMINATION, year)).filter(
        pl.col("termination") < pl.col("chance")
    )
    months = tuple(context.scenario.workforce.termination.month_weights)
    leavers = gone.with_columns(
        reason=_reason(pl.lit(uniform(gone, Purpose.TERMINATION_REASON, year))),
        effective_date=day_in(year, pl.lit(uniform(gone, Purpose.TERMINATION_DATE, year)), months),
    )
    return {
        "termination": decided(
            leavers,
            "termination",
            rule=pl.format("workforce.termination.{}", "reason"),
            probability=pl.col("chance"),
            draw=pl.col("termination"),
        )
    }


def _chances(context: YearContext, state: State) -> pl.DataFrame:
    """Return one row a person with the chance of leaving and its parts, scaled to the asked total."""
    involuntary = float(context.scenario.workforce.termination.involuntary_share)
    people = state.people.select(_READ).filter(employed() & pl.col("opened_year"))
    parts = people.select(
        *IDENTITY,
        turnover=hazards.turnover(context),
        death=hazards.death(context),
        disability=hazards.disability(context),
        retirement=hazards.retirement(context),
    ).with_columns(other=pl.sum_horizontal("death", "disability", "retirement").clip(0.0, 1.0))
    return parts.with_columns(chance=_total(context, state, parts)).with_columns(
        involuntary=involuntary * (pl.col("chance") - pl.col("other")).clip(lower_bound=0.0)
    )


def _total(context: YearContext, state: State, parts: pl.DataFrame) -> pl.Series:
    """Return each person's chance of leaving: as the tables stand, or scaled, seed by seed."""
    if context.scenario.workforce.termination.total_rate is None:
        return parts.select((pl.col("turnover") + pl.col("other")).clip(0.0, 1.0)).to_series()
    counts = headcount.opening(context, state)
    by_seed = headcount.expected_exits(context, counts, expected_rehires(context, state))
    pieces = [
        pl.Series(hazards.scaled(part["turnover"].to_numpy(), part["other"].to_numpy(), by_seed[seed]))
        for (seed,), part in parts.group_by("seed", maintain_order=True)
    ]
    return pl.concat(pieces) if pieces else pl.Series(dtype=pl.Float64)


def _reason(draw: pl.Expr) -> pl.Expr:
    """Return why somebody left: the reasons share the chance in proportion to their hazards.

    Where the asked total is below retirement, disability and death together, these share it alone.
    """
    point = draw * pl.max_horizontal("chance", "other")
    reason = pl.lit(REASONS[-1])
    for last in range(len(REASONS) - 1, 0, -1):
        below = point < pl.sum_horizontal(REASONS[:last])
        reason = pl.when(below).then(pl.lit(REASONS[last - 1])).otherwise(reason)
    return reason
