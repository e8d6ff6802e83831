"""Promises that a year keeps before it may be written, each a function that finds who breaks it.

They recount from the events what the state says, by other formulas than those of ``evolve``. What is asked of
a run, and what a breach costs, stands in ``quality.gates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from dataframely.exc import SchemaError

from simulation.dates import year_end
from simulation.frames import PeopleFrame, types_of
from simulation.roll import Roll, named
from simulation.state import employed

if TYPE_CHECKING:
    from simulation.books import Books
    from simulation.state import State


def state_contract(books: Books) -> pl.DataFrame:
    """Return people that break the contract of the state.

    To be told who breaks it takes ten times as long as to see that nobody does.
    """
    people = books.closed.people
    if _nobody_breaks_contract(people):
        return people.clear()
    try:
        _, failures = PeopleFrame.filter(people)
    except SchemaError as error:
        return pl.DataFrame({"found": str(error).splitlines()})
    return failures.invalid()


def _nobody_breaks_contract(people: pl.DataFrame) -> bool:
    """Return whether all rows keep the contract for certain; if not, they may do so even then."""
    return (
        people.schema == _SCHEMA
        and not any(people[name].null_count() for name in _NEVER_NULL)
        and all(_is_within(people[name], *bounds) for name, bounds in _BOUNDS.items())
        and np.array_equal(Roll.of(people).rows_of(people), np.arange(people.height))
        and bool(people.select(_LEFT_FOR_A_REASON).item())
    )


def _is_within(values: pl.Series, least: Any, most: Any) -> bool:
    low, high = (None if least is None else values.min()), (None if most is None else values.max())
    return (low is None or low >= least) and (high is None or high <= most)


_SCHEMA: Final = types_of(PeopleFrame)
_NEVER_NULL: Final = [name for name, column in PeopleFrame.columns().items() if not column.nullable]
_BOUNDS: Final[Mapping[str, tuple[Any, Any]]] = {
    name: (least, most)
    for name, column in PeopleFrame.columns().items()
    for least, most in [(getattr(column, "min", None), getattr(column, "max", None))]
    if least is not None or most is not None
}
_LEFT_FOR_A_REASON: Final = PeopleFrame.reason_with_date.make(PeopleFrame).expr.all()


def headcount(books: Books) -> pl.DataFrame:
    """Return seeds in which people came or went without an event, or an event without people."""
    roll, events = books.roll, books.events
    moves = [(_on_the_payroll(books.opened), 1), (_on_the_payroll(books.closed), -1)]
    moves += [(events[kind], sign) for kind, sign in _COME_AND_GO.items() if kind in events]
    left = np.zeros(len(roll.seeds) + 1, dtype=np.int64)
    for frame, sign in moves:
        left += sign * np.bincount(roll.seeds_of(frame), minlength=len(left))
    return pl.DataFrame({"seed": np.append(roll.seeds, _NO_SEED)[left != 0]})


_NO_SEED: Final = np.uint64(0)
"""Stands for seeds of which there is nobody."""
_COME_AND_GO: Final[Mapping[str, int]] = {"hire": 1, "rehire": 1, "termination": -1}


def _on_the_payroll(state: State) -> pl.DataFrame:
    return state.people[["seed", "termination_date"]].filter(employed())


def one_exit(books: Books) -> pl.DataFrame:
    """Return the exits of people who leave twice."""
    if "termination" not in books.events:
        return pl.DataFrame()
    exits = books.rows["termination"]
    return named(books.events["termination"], np.flatnonzero(np.bincount(exits)[exits] > 1))


def raise_chain(books: Books) -> pl.DataFrame:
    """Return people whose pay is not their opening pay plus all their raises."""
    people, raises = books.closed.people, books.events.get("raise")
    here, now = people["opened_year"].to_numpy(), people["compensation_cents"].to_numpy()
    pay = np.append(people["opening_compensation_cents"].fill_null(0).to_numpy(), 0)
    if raises is not None:
        before, after = (raises[f"{when}_compensation_cents"].to_numpy() for when in ("previous", "new"))
        np.add.at(pay, books.rows["raise"], after - before)
    return books.roll.named(np.flatnonzero(here & (pay[:-1] != now)))


def inside_employment(books: Books) -> pl.DataFrame:
    """Return events dated before somebody's first or after their last day of the year.

    Of the kinds that take a job; an account goes on after the last day.
    """
    people, events = books.closed.people, books.events
    # No day is before or after none: nobody has a first day, and who stays no last.
    first, last = (np.append(people[name].to_numpy(), np.datetime64("NaT")) for name in _SPELL)
    outside = []
    for kind in _WHILE_EMPLOYED:
        if kind in events:
            rows, days = books.rows[kind], events[kind]["effective_date"].to_numpy()
            wrong = ~(first[rows] <= days) | (last[rows] < days)
            outside.append(named(events[kind], np.flatnonzero(wrong)))
    return pl.concat(outside) if outside else pl.DataFrame()


_WHILE_EMPLOYED: Final = (
    *("hire", "rehire", "termination", "promotion", "raise", "leave", "hours"),
    *("eligibility", "enrollment", "opt_out", "escalation", "deferral_change", "loan"),
)


def employed_days(books: Books) -> pl.DataFrame:
    """Return people whose days on the payroll are not those from their first to their last."""
    people = books.closed.people
    first, last = (people[name].to_numpy() for name in _SPELL)
    last = np.where(np.isnat(last), np.datetime64(year_end(books.year)), last)
    days = (last - first).astype(np.int64) + 1
    wrong = ~np.isnat(first) & (days != people["employed_days"].to_numpy())
    return named(people, np.flatnonzero(wrong))


_SPELL: Final = ("start_date", "termination_date")
"""First and last day on the payroll in the year; none of those who were not here, or are still."""
