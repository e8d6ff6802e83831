"""Which of this year's hires leave before its end: the fate that hiring foresaw, now as events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import year_end
from simulation.engines.decided import decided
from simulation.hazards import hire_year_exit
from simulation.rng import Purpose, uniform, uniforms
from simulation.rules.days import day_between
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
    return {
        "termination": decided(
            leavers,
            "termination",
            rule="workforce.termination.new_hire_rate",
            probability=chance[gone],
            draw=draw[gone],
            effective_date=day_between(leavers["hire_date"].to_numpy(), year_end(year), when),
            reason=_REASON[involuntary.astype(np.uint32)],
        )
    }


_READ = [*IDENTITY, "birth_date", "service_date", "hire_date", "start_date", "job_level", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""

_HIRED = (pl.col("start_date") == pl.col("hire_date")) & ~pl.col("opened_year")

_REASON = pl.Series("reason", ["voluntary", "involuntary"], dtype=pl.Categorical)
