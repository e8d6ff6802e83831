"""Years of service and breaks by hours: Code sections 410(a)(3), 411(a)(5) and (6), 401(k)(15)(B)(iii).

Column expressions of hours in one computation period of twelve months; counts that go on from year to year
take the count so far and return the next.
"""

from __future__ import annotations

from typing import Final

import polars as pl

YEAR_OF_SERVICE_HOURS: Final = 1_000
"""At least so many hours make a year of service."""
BREAK_HOURS: Final = 500
"""At most so many hours make a break in service."""
LONG_TERM_HOURS: Final = 500
"""At least so many hours make a year of a long-term part-time employee, who has a break with fewer."""
BREAKS_THAT_COUNT: Final = 5
"""So many consecutive breaks end what rehire can restore: section 411(a)(6)(C) and (D)."""


def year_of_service(hours: pl.Expr, long_term: pl.Expr | None = None) -> pl.Expr:
    """Tell whether the hours make a vesting year of service.

    ``long_term`` marks people who are, or ever were, eligible only as long-term part-time employees.
    """
    return hours >= _either(long_term, LONG_TERM_HOURS, YEAR_OF_SERVICE_HOURS)


def long_term_year(hours: pl.Expr) -> pl.Expr:
    """Tell whether the hours count for a long-term part-time employee and make no year of service."""
    return (hours >= LONG_TERM_HOURS) & (hours < YEAR_OF_SERVICE_HOURS)


def break_in_service(hours: pl.Expr, long_term: pl.Expr | None = None) -> pl.Expr:
    """Tell whether the hours make a one-year break; 501 to 999 are neither a break nor a year of service."""
    return hours < _either(long_term, LONG_TERM_HOURS, BREAK_HOURS + 1)


def _either(long_term: pl.Expr | None, at_least: int, otherwise: int) -> pl.Expr:
    if long_term is None:
        return pl.lit(otherwise)
    return pl.when(long_term).then(at_least).otherwise(otherwise)


def run_length(so_far: pl.Expr, met: pl.Expr) -> pl.Expr:
    """Return how many periods in a row have met a condition: one more than so far, or nought."""
    return pl.when(met).then(so_far + 1).otherwise(0)


def parity_disregards(years_before: pl.Expr, breaks: pl.Expr, vested_bp: pl.Expr) -> pl.Expr:
    """Tell whether the rule of parity lets a plan forget the service before a run of breaks.

    Section 411(a)(6)(D): nothing is vested, and the breaks are at least five and at least as many as the
    years of service before them.
    """
    return (vested_bp == 0) & (breaks >= pl.max_horizontal(years_before, pl.lit(BREAKS_THAT_COUNT)))
