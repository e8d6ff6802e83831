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

from simulation.dates import completed_years, year_end, year_start
from simulation.evolve.beside import days_left, put, with_sums
from simulation.frames import PeopleFrame
from simulation.ids import person_keys
from simulation.rules.rounding import Whole
from simulation.rules.service import long_term_year, run_length, year_of_service
from simulation.state import KEYS, State, rows_of

Apply = Callable[[State, pl.DataFrame, int], State]
"""What one type's events of an open year do to the state."""


def _census(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Add the people of the census, with credit for service as if they had always worked their hours."""
    del year
    return _add(people, events, _CREDITED)


_COMPLETED: Final = completed_years("hire_date", pl.col("effective_date"))
_CREDITED: Final = MappingProxyType(
    {
        "years_of_service": pl.when(year_of_service(pl.col("scheduled_hours"))).then(_COMPLETED).otherwise(0),
        "part_time_years": pl.when(long_term_year(pl.col("scheduled_hours"))).then(_COMPLETED).otherwise(0),
        "prior_full_year": (pl.col("hire_date") < pl.col("effective_date").dt.truncate("1y"))
        & pl.col("prior_year_compensation_cents").is_not_null(),
        "election": pl.when(pl.col("deferral_bp").is_not_null()).then(pl.lit("census")),
    }
)


def _hire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    days = days_left(events, year)
    day_cents = events["annual_compensation_cents"].to_numpy() * days
    worked = {
        "start_date": pl.col("effective_date"),
        "employed_days": pl.lit(pl.Series(days)),
        "day_cents": pl.lit(pl.Series(day_cents)),
    }
    return _add(people, events, worked)


def _rehire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    days, pay = days_left(events, year), events["annual_compensation_cents"]
    back = {
        "compensation_cents": pay,
        "service_date": events["service_date"],
        "was_rehired": pl.ones(events.height, dtype=pl.Boolean, eager=True),
        "termination_date": pl.Series([None] * events.height, dtype=pl.Date),
        "termination_reason": pl.Series([None] * events.height, dtype=pl.String),
        "start_date": events["effective_date"],
        "day_cents": pl.Series(pay.to_numpy() * days),
        "employed_days": pl.Series(days),
    }
    return put(people, rows_of(people, events), back)


def _termination(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    rows, missed = rows_of(people, events), days_left(events, year) - 1
    unpaid = people["compensation_cents"].to_numpy()[rows] * missed
    less = with_sums(people, rows, {"day_cents": -unpaid, "employed_days": -missed})
    last = {
        "termination_date": events["effective_date"],
        "termination_reason": events["reason"].cast(pl.String),
    }
    return put(less, rows, last)


def _promotion(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    moved = {
        "job_level": events["to_level"],
        "promotion_date": events["effective_date"],
        "promotion_raise_bp": events["raise_rate_bp"],
    }
    return put(people, rows_of(people, events), moved)


def _raise(state: State, events: pl.DataFrame, year: int) -> State:
    """Add each raise to the annual rate, to the days from its own to the last, and to the year's raises."""
    people, rows = state.people, rows_of(state.people, events)
    change = events["new_compensation_cents"].to_numpy() - events["previous_compensation_cents"].to_numpy()
    days = days_left(events, year) - _days_gone(people, year)[rows]
    raised = with_sums(people, rows, {"compensation_cents": change, "day_cents": change * days})
    steps = events[[*KEYS, "effective_date"]].with_columns(pl.Series("change_cents", change))
    raises = pl.concat([state.raises, steps])
    order = np.lexsort(
        (raises["change_cents"].to_numpy(), raises["effective_date"].to_numpy(), rows_of(people, raises))
    )
    return replace(state, people=raised, raises=raises[order])


def _days_gone(people: pl.DataFrame, year: int) -> Whole:
    """Return the days of the year after each person's last: nought for who stays to its end."""
    last = people["termination_date"].to_numpy()
    first, end = np.datetime64(year_start(year), "D"), np.datetime64(year_end(year), "D")
    left = (last >= first) & (last <= end)
    return np.where(left, end - last, 0).astype(np.int64)


def _leave(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    return put(people, rows_of(people, events), {"leave_days": events["days"]})


def _hours(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    rows = rows_of(people, events)
    runs = pl.DataFrame([people["part_time_years"][rows], events["hours"]]).select(_PART_TIME_YEARS)
    worked = put(people, rows, {"hours": events["hours"], "part_time_years": runs.to_series()})
    return with_sums(worked, rows, {"years_of_service": events["year_of_service"].to_numpy()})


_PART_TIME_YEARS: Final = run_length(pl.col("part_time_years"), long_term_year(pl.col("hours")))


def _add(people: pl.DataFrame, events: pl.DataFrame, known: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Add people from the events that bring them in: what neither these nor ``known`` say is nothing yet."""
    schema = people.schema
    said = {name: pl.col(name) for name in events.columns if name in schema}
    values = {
        **_NOTHING,
        **said,
        **_IMPLIED,
        "person_key": pl.lit(person_keys(events["employee_id"])),
        **known,
    }
    rows = events.select(values[name].cast(dtype).alias(name) for name, dtype in schema.items())
    together = pl.concat([people, rows], rechunk=True)
    in_order = together["seed"].is_sorted() and rows["person"].is_sorted()
    return together if in_order else together.sort(KEYS)


_NOTHING: Final = MappingProxyType(
    {name: pl.lit(None if column.nullable else 0) for name, column in PeopleFrame.columns().items()}
)
"""What a column holds of somebody who brings nothing: null where it may be null, else nought or false."""
_IMPLIED: Final = MappingProxyType(
    {
        "service_date": pl.col("hire_date"),
        "compensation_cents": pl.col("annual_compensation_cents"),
    }
)


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
