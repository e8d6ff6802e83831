"""The promise that the year-end snapshot is the fold of the log, over the file alone, apart from the engines.

Employees' codes have no gaps, so that everybody has a place in arrays: SQL, which joins the same rows by what
is in them, takes ten times as long. Amounts are in cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from simulation.store.log import NONE, Columns, Log, Numbers
from simulation.store.relations import WORDS

_EPOCH: Final = date(1970, 1, 1)

_NO_SUCH_CODE: Final = -2
"""The code of a status that the store has no word for."""

_ARRIVALS: Final = ("census", "hire", "rehire")

_EVENTS: Final = (*_ARRIVALS, "raise", "promotion", "termination", "leave")
"""What decides a snapshot."""

_STATUSES: Final = (
    ("new_hire_active", "new_hire_termination"),
    ("continuous_active", "experienced_termination"),
)
"""By whether somebody was there when the year opened, and whether they left in it."""


def unfolded(log: Log) -> pl.DataFrame:
    """Return who has, in which year, a snapshot that the log does not give, or lacks one that it gives.

    Columns ``simulation_year`` and ``employee``, a code, null for one that nobody has.
    """
    years = [
        pl.DataFrame({"simulation_year": np.full(len(places), year), "employee": places - 1})
        for year, places in _differing(log)
    ]
    return pl.concat(years).with_columns(pl.when(pl.col("employee") >= 0).then("employee"))


def _differing(log: Log) -> Iterator[tuple[int, Numbers]]:
    people, manifest = log.people, log.store.manifest
    codes = {text: code for code, text in log.store.lexicon_rows(WORDS).iter_rows()}
    statuses = np.array([[codes.get(text, _NO_SUCH_CODE) for text in texts] for texts in _STATUSES])
    fold = _Fold(people)
    for year in manifest.stored_years:
        events = {name: _placed(log.events(name, year), people) for name in _EVENTS}
        folded = fold.over(events, year, statuses)
        if year >= manifest.start_year:
            yield year, _compared(folded, _placed(log.snapshot(year), people), people)


def _placed(rows: Columns, people: int) -> Columns:
    """Return rows with ``who``, the place of each one's employee; 0 is the one of nobody."""
    employee = rows["employee"]
    return {**rows, "who": np.where((employee >= 0) & (employee < people), employee + 1, 0)}


class _Fold:
    """What the log said so far, an array a column: everybody at their place."""

    def __init__(self, people: int) -> None:
        """Begin before anybody came."""
        self._at_work = np.zeros(people + 1, dtype=np.bool_)
        self._came, self._cents, self._level = np.zeros((3, people + 1), dtype=np.int64)

    def over(self, events: Mapping[str, Columns], year: int, statuses: Numbers) -> Columns:
        """Take a year's events; return what its snapshot has to say, and of ``who``."""
        first, last = ((date(year, *day) - _EPOCH).days for day in ((1, 1), (12, 31)))
        raised, left = events["raise"], events["termination"]
        self._take(events)
        risen = np.where(raised["before"] == NONE, NONE, raised["cents"] - raised["before"])
        left_on, reason = self._latest(left, "day"), self._latest(left, "reason")
        last_day = np.where(left_on == NONE, last, left_on)
        lasting = np.maximum(last_day[raised["who"]] - raised["day"] + 1, 0)
        change, raises = self._sum(raised, risen), self._sum(raised, risen * lasting)
        leave = self._sum(events["leave"], events["leave"]["days"])
        days = last_day - np.maximum(self._came, first) + 1
        day_cents = (self._cents - change) * days + raises
        who = np.flatnonzero(self._at_work)
        at_work = {
            "level": self._level,
            "left_on": left_on,
            "reason": reason,
            "cents": self._cents,
            "prorated": _rounded(day_cents * (days - leave), days * (last - first + 1)),
            "full_year": _rounded(day_cents, days),
            "status": statuses[(self._came < first).astype(int), (left_on != NONE).astype(int)],
        }
        self._at_work[left["who"]] = False
        return {"who": who, **{name: column[who] for name, column in at_work.items()}}

    def _take(self, events: Mapping[str, Columns]) -> None:
        for name in _ARRIVALS:
            self._at_work[events[name]["who"]] = True
            self._came[events[name]["who"]] = events[name]["day"]
        for name in (*_ARRIVALS, "raise"):
            self._cents[events[name]["who"]] = events[name]["cents"]
        for name in ("census", "hire", "promotion"):
            self._level[events[name]["who"]] = events[name]["level"]

    def _latest(self, events: Columns, name: str) -> Numbers:
        latest = np.full(len(self._at_work), NONE)
        latest[events["who"]] = events[name]
        return latest

    def _sum(self, events: Columns, values: Numbers) -> Numbers:
        total = np.zeros(len(self._at_work), dtype=np.int64)
        np.add.at(total, events["who"], values)
        return total


def _rounded(dividend: Numbers, divisor: Numbers) -> Numbers:
    """Return a quotient to the nearest whole number, halves up; nought for days that nobody worked."""
    worked = np.maximum(divisor, 1)
    quotient: Numbers = (2 * dividend + worked) // (2 * worked)
    return quotient


def _compared(folded: Columns, shown: Columns, people: int) -> Numbers:
    """Return the places of who is on one side only, more than once, or not the same on both."""
    expected, found = (np.bincount(side["who"], minlength=people + 1) for side in (folded, shown))
    row = np.full(people + 1, NONE)
    row[shown["who"]] = np.arange(len(shown["who"]))
    both = row[folded["who"]] != NONE
    rows = row[folded["who"][both]]
    differs = [folded[name][both] != shown[name][rows] for name in folded if name != "who"]
    wrong = folded["who"][both][np.logical_or.reduce(differs)]
    offending: Numbers = np.union1d(np.flatnonzero(expected != found), wrong)
    return offending
