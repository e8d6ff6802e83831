"""Which of this year's hires leave before its end: the fate that hiring foresaw, now as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import day_between, year_end
from simulation.engines.decided import decided
from simulation.hazards import hire_year_exit
from simulation.rng import Purpose, uniform, uniforms
from simulation.state import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the terminations of people hired this year; rehired people stay to its end."""
    year = context.year
    hired = state.people[_READ].filter(_HIRED)
    chance = hire_year_exit(context, hired)
    draw = uniform(hired, Purpose.HIRE_EXIT, year).to_numpy()
    gone = np.flatnonzero(draw < chance).astype(np.uint32)
    leavers = hired[[*IDENTITY, "hire_date"]][gone]
    why, when = uniforms(leavers, (Purpose.HIRE_EXIT_REASON, Purpose.HIRE_EXIT_DATE), year)
    involuntary = why < float(context.scenario.workforce.termination.involuntary_share)
    leavers = leavers.hstack(
        [
            pl.Series("chance", chance[gone]),
            pl.Series("draw", draw[gone]),
            pl.Series("when", when),
            _REASON[involuntary.astype(np.uint32)],
        ]
    )
    last = day_between(pl.col("hire_date"), pl.lit(year_end(year)), pl.col("when"))
    return {
        "termination": decided(
            leavers.with_columns(effective_date=last),
            "termination",
            rule="workforce.termination.new_hire_rate",
            probability=pl.col("chance"),
            draw=pl.col("draw"),
        )
    }


_READ = [*IDENTITY, "birth_date", "service_date", "hire_date", "start_date", "job_level", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""

_HIRED = (pl.col("start_date") == pl.col("hire_date")) & ~pl.col("opened_year")

_REASON = pl.Series("reason", ["voluntary", "involuntary"], dtype=pl.Categorical)
