"""A stated year of a few people's plan: what happened is said event by event, and one engine is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from simulation.census import Census
from simulation.context import YearContext
from simulation.events import columns
from simulation.evolve import evolve, open_year
from simulation.genesis import genesis
from simulation.run import contexts
from simulation.state import State
from tests.populations import scenario_of

Stated = tuple[str, str, date, Mapping[str, Any]]
"""Event type, employee, day, and the columns of the payload; what is not said is null."""

Decide = Callable[[YearContext, State], Mapping[str, pl.DataFrame]]


def the_year(
    census: Census,
    events: Sequence[Stated] = (),
    values: Mapping[str, Any] | None = None,
    *,
    year: int = 2025,
    seeds: Sequence[int] = (42,),
) -> tuple[YearContext, State]:
    """Return the context of a year and the state after stated events of it, for every seed."""
    scenario = scenario_of({**(values or {})}, years=(year, year))
    context = next(contexts(scenario, census, list(seeds)))
    start = genesis(census.frame, census.as_of, year - 1, list(seeds))
    state = open_year(start.state, year)
    for stated in events:
        state = evolve(state, frames(state, [stated]), year)
    return context, state


def frames(state: State, events: Sequence[Stated]) -> dict[str, pl.DataFrame]:
    """Return stated events as an engine would have made them, for every seed of the state."""
    made: dict[str, list[pl.DataFrame]] = {}
    for event_type, employee, on, payload in events:
        who = state.people.filter(pl.col("employee_id") == employee)
        made.setdefault(event_type, []).append(_frame(who, event_type, on, payload))
    return {event_type: pl.concat(parts) for event_type, parts in made.items()}


def hired(state: State, employee: str, on: date, terms: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
    """Return the hire of somebody new on stated terms, in every seed of the state."""
    known = state.people.group_by("seed").agg(person=pl.len()).sort("seed")
    return {"hire": _frame(known.with_columns(employee_id=pl.lit(employee)), "hire", on, terms)}


def _frame(who: pl.DataFrame, event_type: str, on: date, payload: Mapping[str, Any]) -> pl.DataFrame:
    schema = columns(event_type)
    said = {"effective_date": on, "cause_rule": "stated", **payload}
    absent = {name: None for name in schema if name not in {*said, "seed", "person", "employee_id"}}
    names = who.select("seed", "person", "employee_id")
    row = names.with_columns(**{name: pl.lit(value) for name, value in {**absent, **said}.items()})
    return row.select(pl.col(name).cast(dtype) for name, dtype in schema.items())


def in_plan(employee: str, on: date = date(2025, 1, 1), *, employer: date | None = None) -> Stated:
    """Return the eligibility of an employee, for employer money from the same day unless stated."""
    return "eligibility", employee, on, {"entry_date": on, "employer_entry_date": employer or on}


def enrolled(employee: str, on: date, pre_tax_bp: int, roth_bp: int = 0) -> Stated:
    """Return an employee's voluntary enrolment at stated rates."""
    rates = {"pre_tax_rate_bp": pre_tax_bp, "roth_rate_bp": roth_bp}
    return "enrollment", employee, on, {"method": "voluntary", **rates}


def raised(employee: str, on: date, before: int, after: int) -> Stated:
    """Return a raise of an employee from one yearly pay in cents to another."""
    pay = {"previous_compensation_cents": before, "new_compensation_cents": after}
    return "raise", employee, on, {"kind": "merit", "rate_bp": 0, **pay}
