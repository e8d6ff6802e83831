"""Which of this year's hires leave before its end: the fate that hiring foresaw, now as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.dates import day_between, year_end
from simulation.engines.decided import decided
from simulation.hazards import hire_year_exit
from simulation.rng import Purpose, uniform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the terminations of people hired this year; rehired people stay to its end."""
    year = context.year
    hired = state.people.filter(pl.col("start_date") == pl.col("hire_date"), ~pl.col("opened_year"))
    involuntary = float(context.scenario.workforce.termination.involuntary_share)
    leavers = hired.with_columns(
        uniform(hired, Purpose.HIRE_EXIT, year), chance=hire_year_exit(context)
    ).filter(pl.col("hire_exit") < pl.col("chance"))
    dismissed = pl.lit(uniform(leavers, Purpose.HIRE_EXIT_REASON, year)) < involuntary
    when = pl.lit(uniform(leavers, Purpose.HIRE_EXIT_DATE, year))
    return {
        "termination": decided(
            leavers.with_columns(
                reason=pl.when(dismissed).then(pl.lit("involuntary")).otherwise(pl.lit("voluntary")),
                effective_date=day_between(pl.col("hire_date"), pl.lit(year_end(year)), when),
            ),
            "termination",
            rule="workforce.termination.new_hire_rate",
            probability=pl.col("chance"),
            draw=pl.col("hire_exit"),
        )
    }
