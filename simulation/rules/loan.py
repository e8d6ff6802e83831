"""Participant loans: how much, and by when a missed payment is to be made. Code section 72(p)(2).

Columns of cents, one row a person; dates are column expressions. Payments and balances: `amortisation`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from simulation.rules.exact import column
from simulation.rules.periods import day_before
from simulation.rules.rounding import Whole, Wholes, half_up

DOLLAR_LIMIT_CENTS: Final = 5_000_000
FLOOR_CENTS: Final = 1_000_000
"""Half of what is vested, but the law allows 10,000 in any case."""
LONGEST_YEARS: Final = 5
"""Unless the loan buys the principal residence: section 72(p)(2)(B)."""


def highest_at_once_cents(balances_cents: Whole) -> Whole:
    """Return the highest balance of all loans together in the year before, by person, loan and day.

    The usual reading of section 72(p)(2)(A)(i); the other is ``highest_of_each_cents``, and IRS examiners
    accept both (TEGE-04-0417-0016).
    """
    return column(balances_cents.sum(axis=-2).max(axis=-1))


def highest_of_each_cents(balances_cents: Whole) -> Whole:
    """Return the highest balances of each loan in the year before, added up, by person, loan and day."""
    return column(balances_cents.max(axis=-1).sum(axis=-1))


def maximum_cents(
    vested_cents: Wholes, outstanding_cents: Wholes, highest_cents: Wholes, floor_cents: int = FLOOR_CENTS
) -> Whole:
    """Return the largest new loan that is not taxed.

    The lesser of 50,000 less what was paid down in a year, and half of the vested balance (at least the
    floor, which a plan may leave out), less what is outstanding. Half a cent rounds up. ``highest_cents`` is
    the highest balance of the twelve months before. What the account can pay out is another matter.
    """
    paid_down = np.maximum(np.subtract(highest_cents, outstanding_cents), 0)
    share = np.maximum(half_up(vested_cents, 2), floor_cents)
    most = np.minimum(DOLLAR_LIMIT_CENTS - paid_down, share)
    return column(np.maximum(most - outstanding_cents, 0))


def cure_deadline(missed_due: pl.Expr) -> pl.Expr:
    """Return the last day to make good a missed payment: the end of the next calendar quarter.

    Reg. 1.72(p)-1 Q&A-10(a); after it the balance and its interest are a deemed distribution. A plan may be
    stricter.
    """
    return day_before(missed_due.dt.truncate("1q").dt.offset_by("6mo"))
