"""The gateway of new comparability plans: what every non-highly compensated participant has to get.

Cross-tested allocations may differ by class only if each of them has at least a third of the highest rate of
the highly compensated, or 5 % of pay (Reg. 1.401(a)(4)-8(b)(1)(vi)).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from simulation.rules.exact import portion
from simulation.rules.rounding import Whole, Wholes

THIRD: Final = Fraction(1, 3)
ENOUGH: Final = Fraction(5, 100)


def gateway_third(highest_hce_rate: Fraction) -> Fraction:
    """Return a third of the highest rate, exactly; it is a rate of 414(s) compensation."""
    return highest_hce_rate * THIRD


def gateway_rate(highest_hce_rate: Fraction) -> Fraction:
    """Return the lower of a third of the highest rate and 5 %, where both look at the same compensation."""
    return min(gateway_third(highest_hce_rate), ENOUGH)


def third_amounts(pay_414s: Wholes, highest_hce_rate: Fraction) -> Whole:
    """Return a third of the highest rate of 414(s) compensation, in cents, each rounded half-up."""
    return portion(pay_414s, gateway_third(highest_hce_rate))


def five_percent_amounts(pay_415: Wholes) -> Whole:
    """Return 5 % of 415 compensation, in cents, each rounded half-up."""
    return portion(pay_415, ENOUGH)


def gateway_amounts(pay_414s: Wholes, pay_415: Wholes, highest_hce_rate: Fraction) -> Whole:
    """Return the gateway contribution in cents: the lower of both amounts, for either opens the gate."""
    return np.minimum(third_amounts(pay_414s, highest_hce_rate), five_percent_amounts(pay_415))
