"""The gateway of new comparability plans: what every non-highly compensated participant has to get.

Cross-tested allocations may differ by class only if each of them has at least a third of the highest rate of
the highly compensated, or 5 % of pay (Reg. 1.401(a)(4)-8(b)(1)(vi)).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

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


def gateway_amounts(pay: Wholes, highest_hce_rate: Fraction) -> Whole:
    """Return the gateway contribution in cents, each rounded half-up."""
    return portion(pay, gateway_rate(highest_hce_rate))
