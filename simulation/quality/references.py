"""References: every event is of somebody whom the state knows, and of the days that it may be of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from simulation.dates import day_number, year_end, year_start
from simulation.quality.subjects import Told
from simulation.roll import Roll, named
from simulation.rules.rounding import Truths, Whole

Wrong = Callable[[Whole, Whole], Truths]
"""``(rows of people, days) -> which events are wrong``."""

NEVER: Final = day_number(date.max)
"""Later than any day."""


def of_somebody(told: Told) -> pl.DataFrame:
    """Return events of people whom the state does not know, and loans of such people."""
    roll = Roll.of(told.closed.people)
    lent = told.closed.loans.with_columns(employee_id=pl.lit(None, pl.String))
    of_nobody = named(lent, np.flatnonzero(roll.rows_of(lent) == roll.nobody))
    of_events = _wrong(told, told.events, lambda rows, _: rows == roll.nobody)
    return pl.concat([of_events, of_nobody]) if of_nobody.height else of_events


def in_the_year(told: Told) -> pl.DataFrame:
    """Return events dated outside their year."""
    first, last = (day_number(day(told.context.year)) for day in (year_start, year_end))
    return _wrong(told, told.events, lambda _, days: (days < first) | (days > last))


def after_hire(told: Told) -> pl.DataFrame:
    """Return events, of whatever kind, before the day on which somebody was first hired."""
    hired = np.append(_days(told.closed.people["hire_date"]), NEVER)
    before = Roll.of(told.closed.people).rows_of(told.opened.people)
    hired[before] = np.minimum(hired[before], _days(told.opened.people["hire_date"]))
    return _wrong(told, told.events, lambda rows, days: days < hired[rows])


def after_entry(told: Told) -> pl.DataFrame:
    """Return what only participants have, of people who had not entered the plan by then."""
    dates = told.closed.people["entry_date"]
    entry = np.append(np.where(dates.is_null().to_numpy(), NEVER, _days(dates)), NEVER)
    return _wrong(told, _OF_PARTICIPANTS, lambda rows, days: days < entry[rows])


_OF_PARTICIPANTS: Final = ("enrollment", "opt_out", "escalation", "deferral_change", "contribution")


def _wrong(told: Told, kinds: Collection[str], wrong: Wrong) -> pl.DataFrame:
    """Return what names the people of the events, of some kinds, that are wrong."""
    found = told.closed.people[["seed", "person", "employee_id"]].clear()
    for kind in kinds:
        if kind in told.events:
            frame = told.events[kind]
            rows = np.flatnonzero(wrong(told.rows[kind], _days(frame["effective_date"])))
            if len(rows):
                found = pl.concat([found, named(frame, rows)])
    return found


def _days(dates: pl.Series) -> Whole:
    """Return days as numbers, since 1970; none is before any day."""
    return dates.to_numpy().view(np.int64)
