"""The promise that the year-end snapshot is the fold of the log, over the file alone, apart from the engines.

Employees' codes have no gaps, so that everybody has a place in arrays: SQL, which joins the same rows by what
is in them, takes ten times as long. Amounts are in cents; days count from 1970.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.store.reader import Store
from simulation.store.relations import EVENTS, SNAPSHOT, WORDS

Numbers: TypeAlias = npt.NDArray[np.int64]
Columns: TypeAlias = Mapping[str, Numbers]

_EPOCH: Final = date(1970, 1, 1)

_NONE: Final = -1
"""What stands for null: no code, day, level or amount is negative."""

_PAY: Final = {"cents": "annual_compensation_cents"}
_PLACE: Final = {**_PAY, "level": "job_level"}

_EVENTS: Final[Mapping[str, Mapping[str, str]]] = {
    "census": _PLACE,
    "hire": _PLACE,
    "rehire": _PAY,
    "raise": {
        "cents": "new_compensation_cents",
        "change": "new_compensation_cents - previous_compensation_cents",
    },
    "promotion": {"level": "to_level"},
    "termination": {"reason": "reason"},
    "leave": {"days": "days"},
}
"""What of each event decides a snapshot, beside whom it happens to, and when."""

_ARRIVALS: Final = ("census", "hire", "rehire")

_SHOWN: Final = {
    "level": "job_level",
    "left_on": "termination_date - DATE '1970-01-01'",
    "reason": "termination_reason",
    "cents": "current_compensation_cents",
    "prorated": "prorated_annual_compensation_cents",
    "full_year": "full_year_equivalent_compensation_cents",
    "status": "detailed_status_code",
}
"""What of a snapshot the log decides."""

_STATUSES: Final = (
    ("new_hire_active", "new_hire_termination"),
    ("continuous_active", "experienced_termination"),
)
"""By whether somebody was there when the year opened, and whether they left in it."""


def unfolded(store: Store) -> pl.DataFrame:
    """Return who has, in which year, a snapshot that the log does not give, or lacks one that it gives.

    Columns ``simulation_year`` and ``employee``, a code, null for one that nobody has.
    """
    years = [
        pl.DataFrame({"simulation_year": np.full(len(places), year), "employee": places - 1})
        for year, places in _differing(store)
    ]
    return pl.concat(years).with_columns(pl.when(pl.col("employee") >= 0).then("employee"))


def _differing(store: Store) -> Iterator[tuple[int, Numbers]]:
    people: int = store.tuples("SELECT count(*) FROM employee")[0][0]
    codes = {text: code for code, text in store.lexicon_rows(WORDS).iter_rows()}
    statuses = np.array([[codes.get(text, _NONE - 1) for text in texts] for texts in _STATUSES])
    fold = _Fold(people)
    for year in store.manifest.stored_years:
        folded = fold.over({name: _events(store, name, year, people) for name in _EVENTS}, year, statuses)
        if year >= store.manifest.start_year:
            yield year, _compared(folded, _rows(store, SNAPSHOT.name, _SHOWN, year, people), people)


def _events(store: Store, event_type: str, year: int, people: int) -> Columns:
    """Return a year's events of a type, in the order in which they happened."""
    when = {"number": "event_sequence", "day": "effective_date - DATE '1970-01-01'"}
    return _rows(store, EVENTS[event_type].name, when | dict(_EVENTS[event_type]), year, people)


def _rows(store: Store, table: str, columns: Mapping[str, str], year: int, people: int) -> Columns:
    """Return a table's rows of a year: ``who``, the place of each one's employee (0: none), and columns."""
    who = f"CASE WHEN employee_id BETWEEN 0 AND {people - 1} THEN employee_id + 1 ELSE 0 END"
    asked = {"who": who, **columns}
    query = ", ".join(f"coalesce(CAST({sql} AS BIGINT), {_NONE}) AS {name}" for name, sql in asked.items())
    rows = store.sql(f"SELECT {query} FROM {table} WHERE simulation_year = ?", [year])  # noqa: S608
    if "number" in columns and not rows["number"].is_sorted():
        rows = rows.sort("number")
    return {column.name: column.to_numpy() for column in rows.iter_columns()}


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
        left_on, reason = self._latest(left, "day"), self._latest(left, "reason")
        last_day = np.where(left_on == _NONE, last, left_on)
        lasting = np.maximum(last_day[raised["who"]] - raised["day"] + 1, 0)
        change, raises = self._sum(raised, raised["change"]), self._sum(raised, raised["change"] * lasting)
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
            "status": statuses[(self._came < first).astype(int), (left_on != _NONE).astype(int)],
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
        latest = np.full(len(self._at_work), _NONE)
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
    row = np.full(people + 1, _NONE)
    row[shown["who"]] = np.arange(len(shown["who"]))
    both = row[folded["who"]] != _NONE
    rows = row[folded["who"][both]]
    differs = [folded[name][both] != shown[name][rows] for name in _SHOWN]
    wrong = folded["who"][both][np.logical_or.reduce(differs)]
    offending: Numbers = np.union1d(np.flatnonzero(expected != found), wrong)
    return offending
