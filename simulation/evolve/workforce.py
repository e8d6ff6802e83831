"""How the workforce's events change people: who comes and goes, their level, pay, leave and hours.

Within a year the result does not depend on the order in which event types are applied: pay is kept as a sum
over days, to which a hire, an exit and a raise each add their own term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from simulation.dates import completed_years, year_end, year_start
from simulation.events import columns
from simulation.evolve.beside import days_left, put, with_sums
from simulation.frames import PeopleFrame
from simulation.ids import person_keys
from simulation.rules.rounding import Whole
from simulation.rules.service import long_term_year, run_length, year_of_service
from simulation.state import KEYS, State, rows_of

Apply = Callable[[State, pl.DataFrame, int], State]
"""What one type's events of an open year do to the state."""


def _census(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    return _add(people, events, _from_census())


def _hire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    days = days_left(events, year)
    day_cents = events["annual_compensation_cents"].to_numpy() * days
    worked = [pl.Series("employed_days", days), pl.Series("day_cents", day_cents)]
    return _add(people, events.hstack(worked), _from_hire())


def _rehire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    days, pay = days_left(events, year), events["annual_compensation_cents"]
    back = {
        "compensation_cents": pay,
        "service_date": events["service_date"],
        "was_rehired": pl.Series(np.ones(events.height, dtype=bool)),
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
    raises = pl.concat([state.raises, steps], rechunk=True)
    return replace(state, people=raised, raises=raises[_raises_in_order(people, raises)])


def _raises_in_order(people: pl.DataFrame, raises: pl.DataFrame) -> Whole:
    """Return raises by person and day, the lesser of one day first.

    They come in runs that are in order, which a stable sort joins fast: only ties need their size.
    """
    rows, days = rows_of(people, raises), raises["effective_date"].to_numpy()
    order = np.lexsort((days, rows))
    rows, days, changes = rows[order], days[order], raises["change_cents"].to_numpy()[order]
    same = (rows[1:] == rows[:-1]) & (days[1:] == days[:-1])
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    order[tied] = order[tied][np.lexsort((changes[tied], days[tied], rows[tied]))]
    return order


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


def _add(people: pl.DataFrame, events: pl.DataFrame, row: tuple[pl.Expr, ...]) -> pl.DataFrame:
    """Add people from the events that bring them in; ``row`` says how each column follows from an event."""
    rows = events.hstack([person_keys(events["employee_id"])]).select(row)
    together = pl.concat([people, rows], rechunk=True)
    order = np.lexsort([together[key].to_numpy() for key in reversed(KEYS)])
    in_order = np.all(order[1:] > order[:-1])
    return together if in_order else together[pl.Series(order.astype(np.uint32))]


@cache
def _from_census() -> tuple[pl.Expr, ...]:
    """Return a person of the census, credited with service as if they had always worked their hours."""
    hours, completed = pl.col("scheduled_hours"), completed_years("hire_date", pl.col("effective_date"))
    year_before = pl.col("hire_date") < pl.col("effective_date").dt.truncate("1y")
    return _row(
        [*columns("census")],
        years_of_service=pl.when(year_of_service(hours)).then(completed).otherwise(0),
        part_time_years=pl.when(long_term_year(hours)).then(completed).otherwise(0),
        prior_full_year=year_before & pl.col("prior_year_compensation_cents").is_not_null(),
        election=pl.when(pl.col("deferral_bp").is_not_null()).then(pl.lit("census")),
    )


@cache
def _from_hire() -> tuple[pl.Expr, ...]:
    """Return a hire, whose days at work and their pay stand beside the event."""
    return _row([*columns("hire"), "employed_days", "day_cents"], start_date=pl.col("effective_date"))


def _row(said: Sequence[str], **known: pl.Expr) -> tuple[pl.Expr, ...]:
    """Return the columns of people from what events say and what is known of all of them.

    What neither says is nothing yet: null where it may be null, else nought or false.
    """
    implied = {
        "person_key": pl.col("person_key"),
        "service_date": pl.col("hire_date"),
        "compensation_cents": pl.col("annual_compensation_cents"),
    }
    values = {name: pl.col(name) for name in said} | implied | known
    return tuple(
        values.get(name, pl.lit(None if column.nullable else 0)).cast(column.dtype).alias(name)
        for name, column in PeopleFrame.columns().items()
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
