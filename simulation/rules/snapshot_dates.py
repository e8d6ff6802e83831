"""The days of a year on which every account is written down."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

_MONTHS: Final = 12


def snapshot_dates(every: str, year: int) -> list[date]:
    """Return the days in order; the last is 31 December, on which tests of the plan look at accounts.

    A week is over on Friday. The days after the year's last Friday belong to its 31 December.
    """
    return sorted({*SNAPSHOTS[every](year), date(year, 12, 31)})


def _ends(months: int) -> Callable[[int], list[date]]:
    """Return the last days of spans of so many months."""
    return lambda year: [
        date(year, month, calendar.monthrange(year, month)[1]) for month in range(months, _MONTHS + 1, months)
    ]


def _fridays(year: int) -> list[date]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=day) for day in range(365 + calendar.isleap(year)))
    return [day for day in days if day.weekday() == calendar.FRIDAY]


SNAPSHOTS: Final[Mapping[str, Callable[[int], list[date]]]] = MappingProxyType(
    {
        "year_end": _ends(_MONTHS),
        "quarter_end": _ends(3),
        "month_end": _ends(1),
        "weekly": _fridays,
    }
)
"""The days of a year by how often accounts are written down, the least often first."""
