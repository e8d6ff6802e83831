"""Annual additions of a limitation year and the limit on them (IRC 415(c), Reg. 1.415(c)-1)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import numpy as np

from simulation.rules.deferral_limits import regular_room, split_deferral
from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes


class Money(StrEnum):
    """Money that comes into an account, by what it is."""

    DEFERRAL = "deferral"
    CATCHUP = "catchup"
    AFTER_TAX = "after_tax"
    MATCH = "match"
    NONELECTIVE = "nonelective"
    PROFIT_SHARING = "profit_sharing"
    FORFEITURE = "forfeiture"
    ROLLOVER = "rollover"
    LOAN_REPAYMENT = "loan_repayment"
    RESTORED_CASHOUT = "restored_cashout"


COUNTED: Final = frozenset(
    {
        Money.DEFERRAL,
        Money.AFTER_TAX,
        Money.MATCH,
        Money.NONELECTIVE,
        Money.PROFIT_SHARING,
        Money.FORFEITURE,
    }
)
"""What is an annual addition: Reg. 1.415(c)-1(b)(1); the other kinds are not: (b)(2)(ii)-(iii), (b)(3)."""


def annual_additions(money: Mapping[Money, Wholes], returned_402g: Wholes = 0) -> Whole:
    """Return the annual additions in cents: money of the kinds that count.

    ``DEFERRAL`` is without catch-up. Deferrals refunded after a failed ADP test stay counted; an excess over
    402(g) that is paid back by 15 April (``returned_402g``) is not (Reg. 1.415(c)-1(b)(2)(ii)(D)).
    """
    counted = [column(amounts) for kind, amounts in money.items() if kind in COUNTED]
    return sum(counted, start=-column(returned_402g))


def additions_limit(compensation_415: Wholes, dollar_limit_cents: Wholes) -> Whole:
    """Return the limit in cents: the lower of 100 % of 415 compensation and the dollar limit."""
    return np.minimum(column(compensation_415), dollar_limit_cents)


def additions_room(limit_cents: Wholes, additions: Wholes) -> Whole:
    """Return what annual additions may still be made, in cents, never below nought."""
    return column(np.maximum(column(limit_cents) - column(additions), 0))


def additions_excess(limit_cents: Wholes, additions: Wholes) -> Whole:
    """Return by how much annual additions exceed their limit, in cents."""
    return additions_room(additions, limit_cents)


def catchup_of_year(
    deferral: Wholes,
    other_additions: Wholes,
    limit_402g_cents: Wholes,
    limit_415_cents: Wholes,
    catchup_limit_cents: Wholes,
) -> Whole:
    """Return what of a year's deferrals is catch-up, in cents, whichever limit it exceeds first.

    Deferrals above 402(g), or above what the other annual additions leave of 415(c), to the catch-up limit.
    Source: Reg. 1.414(v)-1(b)(1)(i), (c)(1).
    """
    room = regular_room(limit_402g_cents, 0, additions_room(limit_415_cents, other_additions))
    return split_deferral(deferral, room, catchup_limit_cents).catchup
