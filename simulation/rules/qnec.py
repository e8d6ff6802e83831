"""Correcting a failed test by giving: qualified nonelective contributions to the others (QNEC).

They raise the others' average until the test is met, in a plan that tests by the current year.
Reg. 1.401(k)-2(a)(6), 1.401(m)-2(a)(6).
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil
from typing import Final

import numpy as np

from simulation.rules.exact import column, portion
from simulation.rules.nondiscrimination import average_needed
from simulation.rules.ratios import Number, Ratios, exact_of, settled
from simulation.rules.rounding import Truths, Whole, Wholes

FINENESS: Final = 10**9
"""Parts of one in which a rate for a whole group is stated, rounded up."""

ALWAYS_COUNTED: Final = Fraction(5, 100)
"""A contribution up to this share of pay is never disproportionate."""


def missing_points(highly_compensated: Number, others: Number, people: int) -> Fraction:
    """Return what the others' ratios lack in all, exactly: ``(needed average - average) x people``."""
    lacking = exact_of(average_needed(highly_compensated)) - exact_of(others)
    return max(lacking, Fraction(0)) * people


def uniform_rate(points: Fraction, recipients: int) -> Fraction:
    """Return the one share of pay that, given to each recipient, adds up to the missing points."""
    return points / recipients if recipients else Fraction(0)


def uniform_rate_billionths(highly_compensated: Number, others: Number, people: int, recipients: int) -> int:
    """Return the uniform rate of a whole population in billionths, rounded up so that the test is met.

    Raises:
        ValueError: Points are missing and nobody is to get anything.
    """

    def rate(highest: Fraction, average: Fraction) -> int:
        points = missing_points(highest, average, people)
        if points and not recipients:
            raise ValueError("a qualified nonelective contribution needs somebody to get it")
        return ceil(uniform_rate(points, recipients) * FINENESS)

    return settled(rate, highly_compensated, others)


def qnec_amounts(pay: Wholes, rate_billionths: int) -> Whole:
    """Return each recipient's contribution in cents, rounded up so that the test is met."""
    whole, rest = np.divmod(column(pay), FINENESS)
    below = -(rest * rate_billionths) // FINENESS
    return np.asarray(whole * rate_billionths - below, dtype=np.int64)


def representative_rate(contributions: Wholes, pay: Wholes, on_last_day: Truths) -> Fraction:
    """Return the plan's representative contribution rate over all eligible who are not highly compensated.

    The lowest rate among the half of them with the highest rates, or among all who are employed on the last
    day of the plan year, whichever is greater. Source: Reg. 1.401(k)-2(a)(6)(iv)(B).
    """
    rates = Ratios.of(contributions, pay)
    ranked, there = rates.descending(), rates.rows(on_last_day).descending()
    half = ranked.at((len(ranked) + 1) // 2 - 1) if len(ranked) else Fraction(0)
    return max(half, there.at(len(there) - 1) if len(there) else Fraction(0))


def counted_contributions(contributions: Wholes, pay: Wholes, representative: Fraction) -> Whole:
    """Return what of contributions a test may count, in cents.

    Up to 5 % of pay, or twice the representative rate: giving much to a few is of no use.
    Source: Reg. 1.401(k)-2(a)(6)(iv)(A).
    """
    return np.minimum(column(contributions), portion(pay, max(ALWAYS_COUNTED, 2 * representative)))
