"""How the workforce's events change people: who comes and goes, their level, pay, leave and hours.

Within a year the result does not depend on the order in which event types are applied: pay is kept as a sum
over days, to which a hire, an exit and a raise each add their own term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.dates import completed_years, days_from, year_end
from simulation.events.sources import EMPLOYER, SOURCES
from simulation.evolve.beside import beside
from simulation.evolve.cleared import CLEARED
from simulation.ids import person_keys
from simulation.rules.service import long_term_year, run_length, year_of_service
from simulation.state import KEYS, State, last_day, rows_of

Apply = Callable[[State, pl.DataFrame, int], State]
"""What one type's events of an open year do to the state."""


def _census(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Add the people of the census, with credit for service as if they had always worked their hours."""
    del year
    completed = completed_years("hire_date", pl.col("effective_date"))
    full, part = year_of_service(pl.col("scheduled_hours")), long_term_year(pl.col("scheduled_hours"))
    year_before = pl.col("hire_date") < pl.col("effective_date").dt.truncate("1y")
    genesis = _arrivals(events).with_columns(
        opened_year=pl.lit(value=False),
        years_of_service=pl.when(full).then(completed).otherwise(0),
        part_time_years=pl.when(part).then(completed).otherwise(0),
        paid_last_year=pl.lit(value=False),
        prior_full_year=year_before & pl.col("prior_year_compensation_cents").is_not_null(),
        balance_profit_sharing_cents=pl.lit(0, dtype=pl.Int64),
        election=pl.when(pl.col("deferral_bp").is_not_null()).then(pl.lit("census")),
        loans_taken=pl.lit(0, dtype=pl.Int32),
    )
    return _add(people, genesis)


def _hire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    arrivals = _arrivals(events).with_columns(
        ownership_bp=pl.lit(0, dtype=pl.Int32),
        is_officer=pl.lit(value=False),
        paid_last_year=pl.lit(value=False),
        prior_full_year=pl.lit(value=False),
        opened_year=pl.lit(value=False),
        start_date=pl.col("effective_date"),
        years_of_service=pl.lit(0, dtype=pl.Int32),
        part_time_years=pl.lit(0, dtype=pl.Int32),
        loans_taken=pl.lit(0, dtype=pl.Int32),
        **{f"balance_{source}_cents": pl.lit(0, dtype=pl.Int64) for source in SOURCES},
    )
    return _add(people, arrivals.with_columns(**_days_at_work(year)))


def _rehire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    back = events.select(*KEYS, "effective_date", "annual_compensation_cents", _service="service_date")
    joined = beside(people, back)
    is_back = pl.col("effective_date").is_not_null()

    def then(value: pl.Expr, column: str) -> pl.Expr:
        return pl.when(is_back).then(value).otherwise(pl.col(column)).alias(column)

    days = days_from(pl.col("effective_date"), year_end(year))
    return joined.with_columns(
        then(pl.col("annual_compensation_cents"), "compensation_cents"),
        then(pl.col("_service"), "service_date"),
        then(pl.lit(value=True), "was_rehired"),
        then(pl.lit(None, dtype=pl.Date), "termination_date"),
        then(pl.lit(None, dtype=pl.String), "termination_reason"),
        then(pl.col("effective_date"), "start_date"),
        then(pl.col("annual_compensation_cents") * days, "day_cents"),
        then(days, "employed_days"),
    )[people.columns]


def _termination(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    exits = events.select(*KEYS, _last="effective_date", _reason=pl.col("reason").cast(pl.String))
    joined = beside(people, exits)
    after = days_from(pl.col("_last"), year_end(year)) - 1
    missed = pl.when(pl.col("_last").is_null()).then(0).otherwise(after)
    return joined.with_columns(
        termination_date=pl.coalesce("_last", "termination_date"),
        termination_reason=pl.coalesce("_reason", "termination_reason"),
        day_cents=pl.col("day_cents") - pl.col("compensation_cents") * missed,
        employed_days=pl.col("employed_days") - missed,
    )[people.columns]


def _promotion(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    moves = events.select(*KEYS, "to_level", _date="effective_date", _raise="raise_rate_bp")
    joined = beside(people, moves)
    return joined.with_columns(
        job_level=pl.coalesce("to_level", "job_level"),
        promotion_date=pl.coalesce("_date", "promotion_date"),
        promotion_raise_bp=pl.coalesce("_raise", "promotion_raise_bp"),
    )[people.columns]


def _raise(state: State, events: pl.DataFrame, year: int) -> State:
    """Add each raise to the annual rate, to the days from its own to the last, and to the year's raises.

    Summed before they meet the people: raises c on days d add up to last day x sum(c) - sum(c d).
    """
    people = state.people
    change = pl.col("new_compensation_cents") - pl.col("previous_compensation_cents")
    day_before = pl.col("effective_date").cast(pl.Int32).cast(pl.Int64) - 1
    summed = events.group_by(KEYS).agg(_change=change.sum(), _before=(change * day_before).sum())
    joined = beside(people, summed)
    last = last_day(year).cast(pl.Int32).cast(pl.Int64)
    days = pl.col("_change") * last - pl.col("_before")
    raised = joined.with_columns(
        compensation_cents=pl.col("compensation_cents") + pl.col("_change").fill_null(0),
        day_cents=pl.col("day_cents") + days.fill_null(0),
    )[people.columns]
    steps = events.select(*KEYS, "effective_date", change_cents=change)
    raises = pl.concat([state.raises, steps])
    order = np.lexsort(
        (raises["change_cents"], raises["effective_date"].to_physical(), rows_of(people, raises))
    )
    return replace(state, people=raised, raises=raises[order])


def _leave(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    joined = beside(people, events.select(*KEYS, "days"))
    return joined.with_columns(leave_days=pl.coalesce("days", "leave_days"))[people.columns]


def _hours(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    worked = events.select(*KEYS, _hours="hours", _credit=pl.col("year_of_service").cast(pl.Int32))
    joined = beside(people, worked)
    part_time = run_length(pl.col("part_time_years"), long_term_year(pl.col("_hours")))
    return joined.with_columns(
        hours=pl.coalesce("_hours", "hours"),
        years_of_service=pl.col("years_of_service") + pl.col("_credit").fill_null(0),
        part_time_years=pl.when(pl.col("_hours").is_null()).then("part_time_years").otherwise(part_time),
    )[people.columns]


def _arrivals(events: pl.DataFrame) -> pl.DataFrame:
    """Return rows for people from the events that bring them in; absent columns are filled by ``_add``."""
    nothing = pl.lit(0, dtype=pl.Int64)
    return events.with_columns(
        person_keys(events["employee_id"]),
        service_date=pl.col("hire_date"),
        compensation_cents=pl.col("annual_compensation_cents"),
        was_rehired=pl.lit(value=False),
        day_cents=nothing,
        employed_days=nothing,
        escalation_refused=pl.lit(value=False),
        credited_service=pl.lit(0, dtype=pl.Int32),
        forfeiture_account_cents=nothing,
        **{f"vested_{source}_bp": pl.lit(0, dtype=pl.Int32) for source in EMPLOYER},
        **{f"forfeited_{source}_cents": nothing for source in EMPLOYER},
        **{f"opening_{source}_cents": nothing for source in SOURCES},
        **{f"cent_days_{source}": nothing for source in SOURCES},
        **CLEARED,
    )


def _days_at_work(year: int) -> dict[str, pl.Expr]:
    days = days_from(pl.col("start_date"), year_end(year))
    return {"employed_days": days, "day_cents": pl.col("compensation_cents") * days}


def _add(people: pl.DataFrame, arrivals: pl.DataFrame) -> pl.DataFrame:
    schema = people.schema
    absent = [pl.lit(None, dtype=schema[name]).alias(name) for name in schema if name not in arrivals.columns]
    rows = arrivals.with_columns(absent).select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    together = pl.concat([people, rows])
    in_order = together["seed"].is_sorted() and rows["person"].is_sorted()
    return together if in_order else together.sort(KEYS)


def of_people(apply: Callable[[pl.DataFrame, pl.DataFrame, int], pl.DataFrame]) -> Apply:
    """Return a change of people alone as a change of the state."""
    return lambda state, events, year: replace(state, people=apply(state.people, events, year))


WORKFORCE: Final[Mapping[str, Apply]] = MappingProxyType(
    {
        "census": of_people(_census),
        "hire": of_people(_hire),
        "rehire": of_people(_rehire),
        "termination": of_people(_termination),
        "promotion": of_people(_promotion),
        "raise": _raise,
        "leave": of_people(_leave),
        "hours": of_people(_hours),
    }
)
"""By event type."""
