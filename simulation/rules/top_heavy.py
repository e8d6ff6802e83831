"""Top-heavy plans: does more than 60 % belong to key employees, and what the others then get. IRC 416.

Money in cents, one row a person; Reg. 1.416-1 by question number.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

import numpy as np

from simulation.rules.exact import column, portion, total
from simulation.rules.ratios import Ratios
from simulation.rules.rounding import Truths, Whole, Wholes

MOST: Final = Fraction(60, 100)
"""A plan above it is top-heavy: IRC 416(g)(1)(A)(ii)."""

MINIMUM_RATE: Final = Fraction(3, 100)
"""IRC 416(c)(2)(A)."""


class Contribution(StrEnum):
    """Contributions of a plan that owes no top-heavy minimum."""

    DEFERRALS = "deferrals"
    CATCHUP = "catchup"
    ROTH_DEFERRALS = "roth_deferrals"
    SAFE_HARBOR_MATCH = "safe_harbor_match"
    SAFE_HARBOR_NONELECTIVE = "safe_harbor_nonelective"
    QACA_MATCH = "qaca_match"
    QACA_NONELECTIVE = "qaca_nonelective"
    ACP_SAFE_HARBOR_MATCH = "acp_safe_harbor_match"


SAFE_HARBORS: Final = frozenset(
    {
        Contribution.SAFE_HARBOR_MATCH,
        Contribution.SAFE_HARBOR_NONELECTIVE,
        Contribution.QACA_MATCH,
        Contribution.QACA_NONELECTIVE,
    }
)
"""Contributions that satisfy the ADP test by design, one of which an exempt plan has."""


class Shares(NamedTuple):
    """Money of key employees and of all, in cents."""

    key_cents: int
    all_cents: int

    @property
    def ratio(self) -> Fraction:
        """Return the top-heavy ratio, exactly; nought of nothing."""
        return Fraction(self.key_cents, self.all_cents) if self.all_cents else Fraction(0)

    @property
    def top_heavy(self) -> bool:
        """Tell whether key employees have more than 60 %."""
        return self.ratio > MOST


def counted_balance(
    balance: Wholes, distributions: Wholes = 0, in_service: Wholes = 0, unrelated_rollovers: Wholes = 0
) -> Whole:
    """Return what of each account counts at the determination date, in cents.

    The balance with distributions of the year up to it (``in_service`` ones of five years), without rollovers
    that came from another employer at the participant's wish. Source: IRC 416(g)(3), (4)(A); T-30 to T-32.
    """
    return column(balance) + column(distributions) + column(in_service) - column(unrelated_rollovers)


def key_share(counted: Whole, key: Truths, former_key: Truths, served: Truths) -> Shares:
    """Return the money of key employees and of all.

    Former key employees, and people without an hour of service in the year up to the determination date, are
    in neither. Source: IRC 416(g)(4)(B), (E).
    """
    inside = served & ~(former_key & ~key)
    return Shares(total(counted[inside & key]), total(counted[inside]))


def highest_key_rate(contributions: Wholes, pay: Wholes) -> Fraction:
    """Return the highest rate of a key employee, exactly: deferrals and employer money over capped pay.

    Source: IRC 416(c)(2)(B)(i); M-20 counts deferrals.
    """
    return Ratios.of(contributions, pay).highest()


def minimum_rate(key_rate: Fraction) -> Fraction:
    """Return the rate of the minimum: 3 %, or the highest key rate where that is lower."""
    return min(MINIMUM_RATE, key_rate)


def minimum(pay_415: Wholes, rate: Fraction, entitled: Truths) -> Whole:
    """Return the minimum in cents: the rate of 415 compensation of the whole plan year, half-up.

    ``entitled`` are participants who are not key and are employed on the last day, whatever their hours
    (M-10).
    """
    return np.where(entitled, portion(pay_415, rate), 0)


def additional_due(minimum_cents: Wholes, received: Wholes) -> Whole:
    """Return what is still owed of the minimum, in cents.

    ``received`` is match, nonelective and profit sharing; own deferrals do not count (M-18 to M-20).
    """
    return column(np.maximum(column(minimum_cents) - column(received), 0))


def exempt(contributions: Collection[str], *, forfeitures_allocated: bool = False) -> bool:
    """Tell whether a plan owes no minimum, for it has deferrals and safe-harbor money alone.

    Any other contribution, and forfeitures allocated to accounts, lose it. Source: IRC 416(g)(4)(H),
    Rev. Rul. 2004-13.
    """
    kinds = set(contributions)
    return kinds <= set(Contribution) and not kinds.isdisjoint(SAFE_HARBORS) and not forfeitures_allocated
