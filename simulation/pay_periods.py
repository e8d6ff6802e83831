"""The employer's pay calendar: when the periods of a year end, which is when people are paid."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from simulation.dates import year_end, year_start

FORTNIGHT: Final = 14
WEEK: Final = 7
MIDDLE: Final = 15
"""Day of the month on which its first half ends."""


def pay_dates(frequency: str, year: int) -> list[date]:
    """Return the last day of each pay period, which is its pay date; the last one is 31 December.

    Every day of the year belongs to one period, so that the pay of the periods adds up to that of the year:
    the 26th fortnight and the 52nd week are a day or two longer.
    """
    return _CALENDARS[frequency](year)


def _month_ends(year: int, every: int) -> list[date]:
    return [
        date(year, month, calendar.monthrange(year, month)[1]) for month in range(1, 13) if month % every == 0
    ]


def _half_months(year: int) -> list[date]:
    return sorted([*(date(year, month, MIDDLE) for month in range(1, 13)), *_month_ends(year, 1)])


def _every(days: int) -> Callable[[int], list[date]]:
    def ends(year: int) -> list[date]:
        periods = 364 // days
        before = [year_start(year) + timedelta(days=days * n - 1) for n in range(1, periods)]
        return [*before, year_end(year)]

    return ends


_CALENDARS: Final[Mapping[str, Callable[[int], list[date]]]] = {
    "annual": lambda year: [year_end(year)],
    "quarterly": lambda year: _month_ends(year, 3),
    "monthly": lambda year: _month_ends(year, 1),
    "semi_monthly": _half_months,
    "biweekly": _every(FORTNIGHT),
    "weekly": _every(WEEK),
}
