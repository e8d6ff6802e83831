"""The income that goes back with an excess: a share of the account's, for returns are not told by source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from simulation.rules.refunds import allocable_income

if TYPE_CHECKING:
    from simulation.compliance.people import People
    from simulation.rules.rounding import Whole


def income_on(excess: Whole, people: People) -> Whole:
    """Return the income of the plan year (a loss below nought) on an excess in each account, in cents.

    Source: Reg. 1.401(k)-2(b)(2)(iv)(D), 1.402(g)-1(e)(5), over the opening balance and what was paid in.
    """
    paid_in = people.sum_of(*(f"{source}_cents" for source in PAID_IN))
    return allocable_income(excess, people["returns_cents"], people["opening_balance_cents"], paid_in)


PAID_IN: Final = ("pre_tax", "roth", "match", "nonelective", "profit_sharing", "reallocated")
"""What comes into an account in a year, by the columns of a plan year."""
