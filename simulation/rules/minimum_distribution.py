"""Required minimum distributions: Code section 401(a)(9); Reg. 1.401(a)(9)-2, -5 and -9(c).

Roth accounts of a 401(k) are exempt in life from 2024, and the joint table of a spouse more than ten years
younger is left out. Dates are column expressions, money is columns of cents.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes, half_up

YOUNGEST: Final = 72
# fmt: off
UNIFORM_LIFETIME_TENTHS: Final = (
    274, 265, 255, 246, 237, 229, 220, 211,
    202, 194, 185, 177, 168, 160, 152, 144, 137, 129,
    122, 115, 108, 101, 95, 89, 84, 78, 73, 68,
    64, 60, 56, 52, 49, 46, 43, 41, 39, 37,
    35, 34, 33, 31, 30, 29, 28, 27, 25, 23,
    20,
)
# fmt: on
"""Divisors from 2022 in tenths of a year, by age from 72 to 120 and over: Reg. 1.401(a)(9)-9(c)."""

APPLICABLE_AGE_MONTHS: Final = (
    (date(1900, 1, 1), 846),
    (date(1949, 7, 1), 864),
    (date(1951, 1, 1), 876),
    (date(1960, 1, 1), 900),
)
"""Born from, and the age in months: 70½, 72, 73 and 75; born in 1959 it is 73, as the proposed rules read it.
Section 401(a)(9)(C)(v), SECURE 114, SECURE 2.0 section 107."""

OWNER_ABOVE_BP: Final = 500
"""More than 5 % of the employer makes an owner who may not wait for retirement."""


def applicable_age_months(birth: pl.Expr) -> pl.Expr:
    """Return the applicable age in months by date of birth."""
    born_from = pl.Series([since for since, _ in APPLICABLE_AGE_MONTHS])
    months = pl.Series([age for _, age in APPLICABLE_AGE_MONTHS], dtype=pl.Int32)
    return pl.lit(months).gather(pl.lit(born_from).search_sorted(birth, side="right") - 1)


def applicable_age_year(birth: pl.Expr) -> pl.Expr:
    """Return the calendar year in which the applicable age is reached."""
    months = birth.dt.year() * 12 + birth.dt.month().cast(pl.Int32) - 1 + applicable_age_months(birth)
    return months // 12


def first_distribution_year(birth: pl.Expr, retirement: pl.Expr, owned_bp: pl.Expr) -> pl.Expr:
    """Return the first distribution calendar year: of the applicable age or of retirement, the later one.

    An owner does not wait for retirement. Null for anybody else who has no date of retirement yet.
    """
    of_age = applicable_age_year(birth)
    waits = pl.when(retirement.is_not_null()).then(pl.max_horizontal(of_age, retirement.dt.year()))
    return pl.when(owned_bp > OWNER_ABOVE_BP).then(of_age).otherwise(waits)


def required_beginning_date(first_year: pl.Expr) -> pl.Expr:
    """Return 1 April after the first distribution calendar year."""
    return pl.date(first_year + 1, 4, 1)


def divisor_tenths(age: Wholes) -> Whole:
    """Return the divisor in tenths for the age reached in the distribution year; that of 72 when younger."""
    row = np.clip(column(age) - YOUNGEST, 0, len(UNIFORM_LIFETIME_TENTHS) - 1)
    return column(np.asarray(UNIFORM_LIFETIME_TENTHS)[row])


def minimum_distribution_cents(balance_cents: Wholes, divisor_in_tenths: Wholes) -> Whole:
    """Return the balance of the 31 December before over the divisor, half-up."""
    return half_up(column(balance_cents) * 10, divisor_in_tenths)
