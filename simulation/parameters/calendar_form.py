"""When in a year something happens: a fixed month and day, or a weight for each month.

Knows how such values are written and read, not what takes place on them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final

from simulation.parameters.form import Form, Json, mistake

MONTHS: Final = 12
COMMON_YEAR: Final = 2025
"""A year without 29 February: a day that it lacks is not a day of every year."""

DAY_WORDS: Final = "a day MM-DD that every year has, such as 04-01"
WEIGHT_WORDS: Final = "12 whole numbers from 0, one a month, not all 0"


class MonthDay(str):
    """A day of every year, written MM-DD; it is its own text, so that it prints and compares as such."""

    __slots__ = ()

    @property
    def month(self) -> int:
        """Return the month, 1 to 12."""
        return int(self[:2])

    @property
    def day(self) -> int:
        """Return the day of the month."""
        return int(self[3:])

    def in_year(self, year: int) -> date:
        """Return the date that this day has in a year."""
        return date(year, self.month, self.day)


def read_month_day(value: Any) -> MonthDay:
    """Return a fixed day of the year."""
    try:
        day = date.fromisoformat(f"{COMMON_YEAR}-{value}")
    except ValueError:
        raise mistake(DAY_WORDS) from None
    return MonthDay(f"{day:%m-%d}")


def read_month_weights(value: Any) -> tuple[int, ...]:
    """Return twelve weights, January first; only their proportions matter."""
    weights = tuple(value) if isinstance(value, list | tuple) else ()
    whole = all(isinstance(weight, int) and not isinstance(weight, bool) for weight in weights)
    if len(weights) != MONTHS or not whole or min(weights) < 0 or sum(weights) == 0:
        raise mistake(WEIGHT_WORDS)
    return weights


def _read_effective(value: Any) -> MonthDay | tuple[int, ...]:
    if isinstance(value, str):
        return read_month_day(value)
    if isinstance(value, list | tuple):
        return read_month_weights(value)
    raise mistake(f"{DAY_WORDS}, or {WEIGHT_WORDS}")


DAY_JSON: Final[Json] = {"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"}
WEIGHTS_JSON: Final[Json] = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0},
    "minItems": MONTHS,
    "maxItems": MONTHS,
}

Weights = Annotated[tuple[int, ...], Form(WEIGHT_WORDS, WEIGHTS_JSON, read_month_weights)]
Effective = Annotated[
    MonthDay | tuple[int, ...],
    Form(f"{DAY_WORDS}, or {WEIGHT_WORDS}", {"anyOf": [DAY_JSON, WEIGHTS_JSON]}, _read_effective, plain=True),
]
"""A ``MonthDay``, or twelve month weights from which a day is drawn for each person."""
