"""Pay that plan formulas may count: the cap of IRC 401(a)(17).

The cap bounds pay in formulas and in denominators of tests. It does not stop deferrals, and it is not
prorated for somebody who works a part of a whole plan year (Reg. 1.401(a)(17)-1(b)(3)(iii)(B)).
"""

from __future__ import annotations

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes


def countable_pay(pay: Wholes, cap_cents: Wholes) -> Whole:
    """Return the pay of a plan year that counts, in cents: the lower of pay and cap."""
    return np.minimum(column(pay), cap_cents)


def countable_pay_in_period(pay: Wholes, pay_ytd: Wholes, cap_cents: Wholes) -> Whole:
    """Return the pay of a period that counts, in cents: what the periods before it have left of the cap.

    Over the periods of a year it adds up to ``countable_pay`` of the year.
    """
    before = countable_pay(pay_ytd, cap_cents)
    return countable_pay(column(pay_ytd) + column(pay), cap_cents) - before
