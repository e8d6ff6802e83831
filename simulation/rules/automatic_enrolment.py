"""Default rates and their rise, and the way back: Code sections 401(k)(13), 414A and 414(w).

Columns of years, days and basis points, but for the years of participation, which are column expressions.
The plan year is the calendar year.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from simulation.rules.days import ONE_DAY, Days
from simulation.rules.exact import column
from simulation.rules.periods import period_end
from simulation.rules.rounding import Whole, Wholes, part
from simulation.units import BP

QACA_MINIMUM_BP: Final = (300, 300, 400, 500, 600)
"""By plan years since that of the first default contribution: Reg. 1.401(k)-3(j)(2)(ii)."""

MANDATORY_STEP_BP: Final = 100
MANDATORY_CAP_BP: Final = 1_000
"""Section 414A(b)(3): up a point a year to at least 10 %; a plan may go on to 15 %."""

WITHDRAWAL_DAYS: Final = 90
WITHDRAWAL_COUNTS_IN_ADP: Final = False
"""Withdrawn default contributions leave ADP, 402(g) and 415 alone: section 414(w)(6)."""


def qaca_minimum_bp(first_default_year: Wholes, year: Wholes) -> Whole:
    """Return the least default rate of a QACA in a year, by the year of the first default contribution.

    The initial 3 % lasts to the end of the plan year after the first; no rate (0) before it.
    """
    since = column(year) - column(first_default_year)
    row = np.clip(since, 0, len(QACA_MINIMUM_BP) - 1)
    return column(np.where(since < 0, 0, np.asarray(QACA_MINIMUM_BP)[row]))


def escalated_bp(rate_bp: Wholes, step_bp: Wholes, cap_bp: Wholes) -> Whole:
    """Return the rate a step on, cut at the cap; a rate above the cap stays as it is."""
    return column(np.maximum(rate_bp, np.minimum(np.add(rate_bp, step_bp), cap_bp)))


def last_initial_year(start: pl.Expr) -> pl.Expr:
    """Return the plan year in which the first year of participation is completed: the last one unraised."""
    return period_end(start, 12).dt.year()


def mandatory_bp(
    initial_bp: Wholes, last_initial: Wholes, year: Wholes, cap_bp: Wholes = MANDATORY_CAP_BP
) -> Whole:
    """Return the default rate of section 414A in a year.

    A point more on the first day of each plan year after a completed year of participation, to the cap.
    """
    steps = np.maximum(column(year) - last_initial, 0)
    return escalated_bp(initial_bp, steps * MANDATORY_STEP_BP, cap_bp)


def last_withdrawal_election(first_default: Days, window_days: int = WITHDRAWAL_DAYS) -> Days:
    """Return the last day to ask for default contributions back: Reg. 1.414(w)-1(c)(2), 30 to 90 days."""
    return np.asarray(first_default + window_days * ONE_DAY, dtype="datetime64[D]")


def withdrawal_cents(contributions_cents: Wholes, earnings_cents: Wholes) -> Whole:
    """Return what is paid back: default contributions and their gain or loss; their match is forfeited."""
    return column(np.maximum(np.add(contributions_cents, earnings_cents), 0))


def expected_opt_outs(eligible: Wholes, participation_bp: Wholes) -> Whole:
    """Return how many of the automatically enrolled are expected to opt out, half-up."""
    return part(eligible, BP - column(participation_bp))
