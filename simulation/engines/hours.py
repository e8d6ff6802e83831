"""Hours of service of the year, and whether they make a year of service (29 CFR 2530.200b-1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.dates import days_in_year
from simulation.engines.decided import decided
from simulation.rules.service import year_of_service
from simulation.state import KEYS, last_day, worked_in_year
from simulation.units import divide_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return one event for everybody who worked in the year, on the last day of it or of the job."""
    days = pl.col("employed_days") - pl.col("leave_days").cast(pl.Int64)
    hours = divide_half_up(pl.col("scheduled_hours").cast(pl.Int64) * days, days_in_year(context.year))
    worked = (
        state.people[_READ]
        .lazy()
        .filter(worked_in_year())
        .with_columns(effective_date=last_day(context.year), hours=hours)
        .with_columns(year_of_service=year_of_service(pl.col("hours")))
    )
    return {"hours": decided(worked.collect(), "hours", rule="workforce.hours")}


_READ = [
    *KEYS,
    "employee_id",
    "termination_date",
    "start_date",
    "scheduled_hours",
    "employed_days",
    "leave_days",
]
"""What is read of the people: only this is copied when they are filtered."""
