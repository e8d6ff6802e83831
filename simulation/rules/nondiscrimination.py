"""The ADP and ACP tests: may the averages of the highly compensated stand above those of the others?

IRC 401(k)(3), 401(m)(2); Reg. 1.401(k)-2(a), 1.401(m)-2(a). An average is that of each person's ratio to pay,
to the cap of 401(a)(17), people who defer nothing included. Decisions look at exact values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from simulation.rules.compensation_limit import countable_pay
from simulation.rules.deferral_limits import DeferralSplit
from simulation.rules.ratios import Number, Ratios, increasing, settled
from simulation.rules.rounding import Truths, Whole, Wholes

FACTOR: Final = Fraction(5, 4)
DOUBLE: Final = Fraction(2)
POINTS: Final = Fraction(2, 100)

FIRST_YEAR_AVERAGE: Final = Fraction(3, 100)
"""What the others' average is deemed to be in a plan's first year of prior-year testing.

Reg. 1.401(k)-2(c)(2)(i); a plan may use the actual average of the first year instead.
"""


def highest_average(others: Number) -> Number:
    """Return what the average of the highly compensated may be, given that of the others.

    ``max(1.25 n, min(2 n, n + 2 points))``, with n of the year before or of this year as the plan elects.
    Source: IRC 401(k)(3)(A)(ii), 401(m)(2)(A).
    """
    return increasing(_highest, others)


def _highest(others: Fraction) -> Fraction:
    return max(FACTOR * others, min(DOUBLE * others, others + POINTS))


def average_needed(highly_compensated: Number) -> Number:
    """Return the least average of the others with which the test is met: ``highest_average`` turned round."""
    return increasing(_needed, highly_compensated)


def _needed(highest: Fraction) -> Fraction:
    return min(highest / FACTOR, max(highest / DOUBLE, highest - POINTS))


def passes(highly_compensated: Number, others: Number) -> bool:
    """Tell whether the average of the highly compensated is at most what the others' allows."""
    return settled(_within, highly_compensated, others)


def _within(average: Fraction, others: Fraction) -> bool:
    return average <= _highest(others)


def deemed_met(highly_compensated: int, others: int) -> bool:
    """Tell whether there is nothing to compare, for one of the groups has nobody.

    Source: Reg. 1.401(k)-2(a)(1)(ii), 1.401(m)-2(a)(1)(ii).
    """
    return not (highly_compensated and others)


def counted_deferrals(split: DeferralSplit, highly_compensated: Truths) -> Whole:
    """Return the deferrals that the ADP test counts, in cents: never catch-up.

    An excess over 402(g) stays in for the highly compensated; that of others within one employer's plans does
    not count. Source: Reg. 1.414(v)-1(d)(2); 1.401(k)-2(a)(5), known but not read again.
    """
    return split.regular + np.where(highly_compensated, split.refused, 0)


def contribution_ratios(contributions: Wholes, pay: Wholes, cap_cents: Wholes) -> Ratios:
    """Return each person's ratio, of counted deferrals or of match and after-tax money, to capped pay."""
    return Ratios.of(contributions, countable_pay(pay, cap_cents))
