"""Promises that a year keeps before it may be written: checked on every run, each with a name.

They recount from the events what the state says, by other formulas than those of ``evolve``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation import reconciliation
from simulation.errors import InvariantError, Problem
from simulation.frames import PeopleFrame
from simulation.state import KEYS, employed, worked_in_year

if TYPE_CHECKING:
    from simulation.state import State

Events = Mapping[str, pl.DataFrame]
Check = Callable[["State", "State", Events, int], pl.DataFrame]
"""``(opened, closed, events, year) -> offending rows``: the state when the year opened and closed."""

SHOWN: Final = 3


def check(opened: State, closed: State, events: Events, year: int) -> None:
    """Raise when a year breaks a promise.

    Raises:
        InvariantError: names each broken promise, how many rows break it, and three of the employees.
    """
    problems = [
        _problem(name, offending)
        for name, find in CHECKS.items()
        if (offending := find(opened, closed, events, year)).height
    ]
    if problems:
        message = "the year breaks promises of the model; nothing is sealed"
        raise InvariantError(message, problems=problems, year=year)


def _problem(name: str, offending: pl.DataFrame) -> Problem:
    shown = ", ".join(offending["employee_id"].head(SHOWN)) if "employee_id" in offending.columns else ""
    return Problem(where=name, found=f"{offending.height} rows", hint=f"for example {shown}" if shown else "")


def _of(events: Events, event_type: str, *columns: str) -> pl.DataFrame:
    frame = events.get(event_type)
    if frame is not None:
        return frame.select(*KEYS, "employee_id", "effective_date", *columns)
    schema = {"seed": pl.UInt64, "person": pl.Int32, "employee_id": pl.String, "effective_date": pl.Date}
    return pl.DataFrame(schema=schema)


def _contract(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    del opened, events, year
    _, failures = PeopleFrame.filter(closed.people)
    return failures.invalid()


def _headcount(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return seeds in which people came or went without an event, or an event without people."""
    del year
    moves = (
        (opened.people.filter(employed()), 1),
        (_of(events, "hire"), 1),
        (_of(events, "rehire"), 1),
        (_of(events, "termination"), -1),
        (closed.people.filter(employed()), -1),
    )
    counted = pl.concat(frame.select("seed", people=pl.lit(sign, dtype=pl.Int64)) for frame, sign in moves)
    return counted.group_by("seed").agg(pl.col("people").sum()).filter(pl.col("people") != 0)


def _one_exit(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    del opened, closed, year
    return _of(events, "termination").filter(pl.struct(KEYS).is_duplicated())


def _raise_chain(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return people whose pay is not their opening pay plus all their raises."""
    del opened, year
    if "raise" not in events:
        return closed.people.filter(
            pl.col("opened_year") & (pl.col("compensation_cents") != pl.col("opening_compensation_cents"))
        )
    change = pl.col("new_compensation_cents") - pl.col("previous_compensation_cents")
    raised = events["raise"].group_by(KEYS).agg(change=change.sum())
    rows = closed.people.filter("opened_year").join(raised, on=KEYS, how="left")
    now = pl.col("opening_compensation_cents") + pl.col("change").fill_null(0)
    return rows.filter(now != pl.col("compensation_cents"))


def _inside_employment(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return events dated before somebody's first or after their last day of the year."""
    del opened, year
    bounds = closed.people.select(*KEYS, "start_date", "termination_date")
    dated = [_of(events, name) for name in _WHILE_EMPLOYED]
    rows = pl.concat(dated).join(bounds, on=KEYS, how="left")
    early = pl.col("start_date").is_null() | (pl.col("effective_date") < pl.col("start_date"))
    late = (pl.col("effective_date") > pl.col("termination_date")).fill_null(value=False)
    return rows.filter(early | late)


_WHILE_EMPLOYED: Final = ("termination", "promotion", "raise", "leave", "hours")


def _days(opened: State, closed: State, events: Events, year: int) -> pl.DataFrame:
    """Return people whose days on the payroll are not those from their first to their last."""
    del opened, events
    last = pl.coalesce("termination_date", pl.date(year, 12, 31))
    days = (last - pl.col("start_date")).dt.total_days() + 1
    return closed.people.filter(worked_in_year() & (days != pl.col("employed_days")))


CHECKS: Final[Mapping[str, Check]] = {
    "state keeps its contract": _contract,
    "opening + hires + rehires - terminations = closing": _headcount,
    "nobody leaves twice in a year": _one_exit,
    "pay is opening pay and the raises since": _raise_chain,
    "no event before the first or after the last day": _inside_employment,
    "days on the payroll are first to last day": _days,
    "opening balance and what moved since are the closing balance, source by source": reconciliation.accounts,
    "what is owed on a loan is what was lent less what was repaid": reconciliation.loan_ledger,
    "forfeitures are in the forfeiture account until they are used": reconciliation.forfeiture_account,
    "amounts by source add up to the event's": reconciliation.amounts,
}
