"""Days as arrays: years completed, months on, a day drawn. For rules that run on whole columns of numbers.

The same calendar as ``simulation.dates`` and ``rules.periods``: a day that its month does not have falls on
the first of the next, as a 29 February birthday on 1 March.
"""

from __future__ import annotations

from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.rules.rounding import Whole

Days: TypeAlias = NDArray[np.datetime64]
"""A column of days; "not a time" is none, and no comparison with it is true."""

NO_DAY = np.datetime64("NaT", "D")
ONE_DAY = np.timedelta64(1, "D")


def completed_years(since: Days, on: Days) -> Whole:
    """Return whole years completed from one day to another, nought before it."""
    (month, day), (end_month, end_day) = _month_and_day(since), _month_and_day(on)
    months = end_month - month - (end_day < day)
    return np.asarray(np.maximum(months // 12, 0), dtype=np.int64)


def months_after(days: Days, months: int) -> Days:
    """Return the same day of the month so many months later."""
    month, day = _month_and_day(days)
    first, following = (_first_of(month + months + later) for later in (0, 1))
    return np.asarray(np.minimum(first + day, following), dtype="datetime64[D]")


def day_between(first: Days, last: Days | date, draw: NDArray[np.float64]) -> Days:
    """Return a day from ``first`` to ``last``, both included, evenly for a draw in [0, 1)."""
    span = (np.asarray(last, dtype="datetime64[D]") - first).astype(np.int64) + 1
    offset = np.minimum(np.floor(draw * span).astype(np.int64), span - 1)
    return np.asarray(first + offset, dtype="datetime64[D]")


def _month_and_day(days: Days) -> tuple[Whole, Whole]:
    """Return months since the epoch, and days since the first of the month."""
    months = days.astype("datetime64[M]")
    return months.astype(np.int64), (days - months.astype("datetime64[D]")).astype(np.int64)


def _first_of(months: Whole) -> Days:
    return np.asarray(months.astype("datetime64[M]").astype("datetime64[D]"), dtype="datetime64[D]")
