"""Hours of service of the year, and whether they make a year of service (29 CFR 2530.200b-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import days_in_year
from simulation.engines.decided import decided
from simulation.rules.service import year_of_service
from simulation.state import KEYS, last_days
from simulation.units import divide_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return one event for everybody who worked in the year, on the last day of it or of the job."""
    days = pl.col("employed_days") - pl.col("leave_days").cast(pl.Int64)
    hours = divide_half_up(pl.col("scheduled_hours").cast(pl.Int64) * days, days_in_year(context.year))
    worked = state.people[_READ][np.flatnonzero(~np.isnat(state.people["start_date"].to_numpy()))]
    told = worked.select(*_NAMED, hours=hours, year_of_service=year_of_service(hours))
    on = last_days(worked, context.year)
    return {"hours": decided(told, "hours", rule="workforce.hours", effective_date=on)}


_NAMED = (*KEYS, "employee_id")
_READ = (*_NAMED, "termination_date", "scheduled_hours", "employed_days", "leave_days")
"""What is read of the people: only this is copied when they are filtered."""
