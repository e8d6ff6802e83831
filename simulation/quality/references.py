"""References: every event is of somebody whom the state knows, and of the days that it may be of."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from simulation.dates import day_number, year_end, year_start
from simulation.quality.subjects import Told, day_numbers
from simulation.roll import NOBODY, named
from simulation.rules.rounding import Truths, Whole

Wrong = Callable[[Whole, Whole], Truths]
"""``(rows of people, days) -> which events are wrong``."""

NEVER: Final = day_number(date.max)
"""Later than any day."""


def of_somebody(told: Told) -> pl.DataFrame:
    """Return events of people whom the state does not know, and loans of such people."""
    roll = told.roll
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
    hired = np.append(day_numbers(told.closed.people["hire_date"]), NEVER)
    hired[told.opening] = np.minimum(hired[told.opening], day_numbers(told.opened.people["hire_date"]))
    return _wrong(told, told.events, lambda rows, days: days < hired[rows])


def after_entry(told: Told) -> pl.DataFrame:
    """Return what only participants have, of people who had not entered the plan by then."""
    dates = told.closed.people["entry_date"]
    entry = np.append(np.where(dates.is_null().to_numpy(), NEVER, day_numbers(dates)), NEVER)
    return _wrong(told, _OF_PARTICIPANTS, lambda rows, days: days < entry[rows])


_OF_PARTICIPANTS: Final = ("enrollment", "opt_out", "escalation", "deferral_change", "contribution")


def _wrong(told: Told, kinds: Collection[str], wrong: Wrong) -> pl.DataFrame:
    """Return what names the people of the events, of some kinds, that are wrong."""
    found = NOBODY
    for kind in kinds:
        if kind in told.events:
            rows = np.flatnonzero(wrong(told.rows[kind], told.days[kind]))
            if len(rows):
                found = pl.concat([found, named(told.events[kind], rows)])
    return found
