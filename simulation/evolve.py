"""The only author of state: ``(state, events) -> state``.

A run and a replay pass through the same functions, so that a replay gives the run's state column for
column. Within a year the result does not depend on the order in which event types are applied: pay is
kept as a sum over days, to which a hire, an exit and a raise each add their own term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from simulation.dates import completed_years, days_from, days_in_year, year_end, year_start
from simulation.events import EVENT_TYPES
from simulation.frames import PeopleFrame
from simulation.ids import person_keys
from simulation.state import KEYS, State, employed, last_day, paid_cents

Events = Mapping[str, pl.DataFrame]
"""Event frames by type; types without events may be absent."""

CLEARED: Final = MappingProxyType(
    {
        "leave_days": pl.lit(0, dtype=pl.Int32),
        "hours": pl.lit(0, dtype=pl.Int32),
        "promotion_date": pl.lit(None, dtype=pl.Date),
        "promotion_raise_bp": pl.lit(None, dtype=pl.Int32),
    }
)
"""What a new year starts without."""


def empty() -> State:
    """Return the state before genesis: nobody."""
    return State(pl.DataFrame(PeopleFrame.create_empty()))


def open_year(state: State, year: int) -> State:
    """Return the state on 1 January: last year's pay is put by and the year's accounts start anew.

    Everybody employed is entered for the whole year at today's rate; later events take off or add.
    """
    here = employed()
    days = days_in_year(year)
    return State(
        state.people.with_columns(
            prior_year_compensation_cents=pl.when(pl.col("employed_days") > 0)
            .then(paid_cents(year - 1))
            .when(~here)
            .then(0)
            .otherwise(pl.col("prior_year_compensation_cents")),
            prior_full_year=pl.col("opened_year") & (pl.col("employed_days") == days_in_year(year - 1))
            | (pl.col("employed_days") == 0) & pl.col("prior_full_year") & here,
            paid_last_year=pl.col("employed_days") > 0,
            opened_year=here,
            start_date=pl.when(here).then(pl.lit(year_start(year))),
            opening_compensation_cents=pl.when(here).then(pl.col("compensation_cents")),
            day_cents=pl.when(here).then(pl.col("compensation_cents") * days).otherwise(0),
            employed_days=pl.when(here).then(days).otherwise(0).cast(pl.Int64),
            **CLEARED,
        )
    )


def evolve(state: State, events: Events, year: int) -> State:
    """Return the state after events of one open year; genesis events need no open year."""
    people = state.people
    for event_type in EVENT_TYPES:
        frame = events.get(event_type)
        if frame is not None and frame.height:
            people = _APPLY[event_type](people, frame, year)
    return State(people)


def _census(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    credited = completed_years("hire_date", pl.col("effective_date"))
    year_before = pl.col("hire_date") < pl.col("effective_date").dt.truncate("1y")
    genesis = _arrivals(events).with_columns(
        opened_year=pl.lit(value=False),
        years_of_service=credited,
        paid_last_year=pl.lit(value=False),
        prior_full_year=year_before & pl.col("prior_year_compensation_cents").is_not_null(),
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
        **{f"balance_{source}_cents": pl.lit(0, dtype=pl.Int64) for source in _SOURCES},
    )
    return _add(people, arrivals.with_columns(**_days_at_work(year)))


def _rehire(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    back = events.select(*KEYS, "effective_date", "annual_compensation_cents", _service="service_date")
    joined = _beside(people, back)
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
    ).select(people.columns)


def _termination(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    exits = events.select(*KEYS, _last="effective_date", _reason="reason")
    joined = _beside(people, exits)
    after = days_from(pl.col("_last"), year_end(year)) - 1
    missed = pl.when(pl.col("_last").is_null()).then(0).otherwise(after)
    return joined.with_columns(
        termination_date=pl.coalesce("_last", "termination_date"),
        termination_reason=pl.coalesce("_reason", "termination_reason"),
        day_cents=pl.col("day_cents") - pl.col("compensation_cents") * missed,
        employed_days=pl.col("employed_days") - missed,
    ).select(people.columns)


def _promotion(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    moves = events.select(*KEYS, "to_level", _date="effective_date", _raise="raise_rate_bp")
    joined = _beside(people, moves)
    return joined.with_columns(
        job_level=pl.coalesce("to_level", "job_level"),
        promotion_date=pl.coalesce("_date", "promotion_date"),
        promotion_raise_bp=pl.coalesce("_raise", "promotion_raise_bp"),
    ).select(people.columns)


def _raise(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    """Add each raise to the annual rate, and to the days from its own to the last.

    Summed before they meet the people: raises c on days d add up to last day x sum(c) - sum(c d).
    """
    change = pl.col("new_compensation_cents") - pl.col("previous_compensation_cents")
    day_before = pl.col("effective_date").cast(pl.Int32).cast(pl.Int64) - 1
    summed = events.group_by(KEYS).agg(_change=change.sum(), _before=(change * day_before).sum())
    joined = _beside(people, summed)
    last = last_day(year).cast(pl.Int32).cast(pl.Int64)
    days = pl.col("_change") * last - pl.col("_before")
    return joined.with_columns(
        compensation_cents=pl.col("compensation_cents") + pl.col("_change").fill_null(0),
        day_cents=pl.col("day_cents") + days.fill_null(0),
    ).select(people.columns)


def _leave(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    joined = _beside(people, events.select(*KEYS, "days"))
    return joined.with_columns(leave_days=pl.coalesce("days", "leave_days")).select(people.columns)


def _hours(people: pl.DataFrame, events: pl.DataFrame, year: int) -> pl.DataFrame:
    del year
    worked = events.select(*KEYS, _hours="hours", _credit=pl.col("year_of_service").cast(pl.Int32))
    joined = _beside(people, worked)
    return joined.with_columns(
        hours=pl.coalesce("_hours", "hours"),
        years_of_service=pl.col("years_of_service") + pl.col("_credit").fill_null(0),
    ).select(people.columns)


_SOURCES: Final = ("pre_tax", "roth", "match", "nonelective")

_APPLY: Final[Mapping[str, Callable[[pl.DataFrame, pl.DataFrame, int], pl.DataFrame]]] = MappingProxyType(
    {
        "census": _census,
        "hire": _hire,
        "rehire": _rehire,
        "termination": _termination,
        "promotion": _promotion,
        "raise": _raise,
        "leave": _leave,
        "hours": _hours,
    }
)


def _beside(people: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return people with the columns of at most one change each beside them, null where there is none.

    Only the changes are moved: the people's own columns are not copied.
    """
    aligned = people.select(KEYS).join(changes, on=KEYS, how="left", maintain_order="left")
    return people.hstack(aligned.drop(KEYS))


def _arrivals(events: pl.DataFrame) -> pl.DataFrame:
    """Return rows for people from the events that bring them in; absent columns are filled by ``_add``."""
    return events.with_columns(
        person_keys(events["employee_id"]),
        service_date=pl.col("hire_date"),
        compensation_cents=pl.col("annual_compensation_cents"),
        years_of_service=pl.lit(0, dtype=pl.Int32),
        was_rehired=pl.lit(value=False),
        day_cents=pl.lit(0, dtype=pl.Int64),
        employed_days=pl.lit(0, dtype=pl.Int64),
        **CLEARED,
    )


def _days_at_work(year: int) -> dict[str, pl.Expr]:
    days = days_from(pl.col("start_date"), year_end(year))
    return {"employed_days": days, "day_cents": pl.col("compensation_cents") * days}


def _add(people: pl.DataFrame, arrivals: pl.DataFrame) -> pl.DataFrame:
    schema = people.schema
    absent = [pl.lit(None, dtype=schema[name]).alias(name) for name in schema if name not in arrivals.columns]
    rows = arrivals.with_columns(absent).select(people.columns)
    return pl.concat([people, rows]).sort(KEYS)
