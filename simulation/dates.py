"""Dates inside a plan year (the calendar year): completed years, month draws, days employed.

Ages and service are completed years at a stated date; a 29 February birthday falls on 1 March in other
years. Every function is a column expression or takes whole columns.

Columns of floats are multiplied here, never divided: Polars divides a column of one row by another kernel
than a column of many, and a last bit that depends on the company somebody keeps would change the log.
"""

from __future__ import annotations

import calendar
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl


def year_start(year: int) -> date:
    """Return 1 January."""
    return date(year, 1, 1)


def year_end(year: int) -> date:
    """Return 31 December."""
    return date(year, 12, 31)


def day_number(day: date) -> int:
    """Return the number that stands for a date in a column: days since 1 January 1970."""
    return (day - _DAY_NOUGHT).days


_DAY_NOUGHT: Final = date(1970, 1, 1)


def days_in_year(year: int) -> int:
    """Return 365 or 366."""
    return 366 if calendar.isleap(year) else 365


def completed_years(since: pl.Expr | str, on: pl.Expr | date) -> pl.Expr:
    """Return whole years completed from one date to another, 29 February counting as 1 March."""
    begin = pl.col(since) if isinstance(since, str) else since
    if isinstance(on, date) and (on.month, on.day) == (1, 1):
        years = on.year - 1 - (begin.cast(pl.Int32) - 1).cast(pl.Date).dt.year()
        return pl.max_horizontal(years, pl.lit(0)).cast(pl.Int32)
    end = pl.lit(on) if isinstance(on, date) else on
    not_yet = _month_day(end) < _month_day(begin)
    years = end.dt.year() - begin.dt.year() - not_yet.cast(pl.Int32)
    return pl.max_horizontal(years, pl.lit(0)).cast(pl.Int32)


def years_on_new_year(since: pl.Series, year: int) -> npt.NDArray[np.int64]:
    """Return whole years completed from dates to 1 January of a year, as ``completed_years`` has them."""
    day_before = since.to_numpy().view(np.int64) - (_DAYS_FROM + 1)
    years: npt.NDArray[np.int64] = np.maximum(year - 1 - _YEARS[day_before], 0)
    return years


def calendar_years(days: npt.NDArray[np.datetime64]) -> npt.NDArray[np.int64]:
    """Return the years that days are in; that of none is the first of all that are known."""
    numbers = days.view(np.int64) - _DAYS_FROM
    years: npt.NDArray[np.int64] = _YEARS.take(numbers, mode="clip")
    return years


_YEARS_KNOWN: Final = range(1800, 2300)
_DAYS_FROM: Final = day_number(year_start(_YEARS_KNOWN.start))
_YEARS: Final = np.repeat([*_YEARS_KNOWN], [days_in_year(year) for year in _YEARS_KNOWN])
"""The year of each day from the first one known on: looked up in far less time than it is worked out."""


def _month_day(day: pl.Expr) -> pl.Expr:
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32)


def day_in(
    year: int, draw: npt.NDArray[np.float64], month_weights: tuple[int, ...]
) -> npt.NDArray[np.datetime64]:
    """Return a day of the year for each draw in [0, 1): a month by weight, then a day of it evenly."""
    first, length, before, pace = _weighted_months(year, month_weights)
    scaled = draw * sum(month_weights)
    row = np.searchsorted(before, scaled, side="right") - 1
    offset = np.floor((scaled - before[row]) * pace[row]).astype(np.int64)
    return np.asarray(first[row] + np.clip(offset, 0, length[row] - 1), dtype="datetime64[D]")


@cache
def _weighted_months(year: int, month_weights: tuple[int, ...]) -> tuple[npt.NDArray[Any], ...]:
    """Return four columns of one row a month that may be drawn: first day, days, before, pace.

    ``before`` is the weight of the months before it, ``pace`` its days for each weight.
    """
    rows = []
    for month, upto in enumerate(accumulate(month_weights), start=1):
        if weight := month_weights[month - 1]:
            length = calendar.monthrange(year, month)[1]
            rows.append((np.datetime64(date(year, month, 1)), length, float(upto - weight), length / weight))
    return tuple(np.array(column) for column in zip(*rows, strict=True))
