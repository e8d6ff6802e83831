"""Elective deferrals of a calendar year: the 402(g) limit, catch-up by age, and how a deferral is split.

Catch-up is a label, not an election: a deferral is regular until the lowest limit is reached, catch-up above
it, and refused above both (IRC 414(v), Reg. 1.414(v)-1).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Truths, Whole, Wholes

CATCHUP_AGE: Final = 50
"""Age reached by 31 December from which catch-up is allowed: IRC 414(v)(5)."""

HIGHER_CATCHUP_AGES: Final = (60, 63)
"""First and last age with the higher amount, which replaces the ordinary one: IRC 414(v)(2)(E)."""


class DeferralSplit(NamedTuple):
    """A desired deferral by what becomes of it, in cents, one row a person; the three add up to it."""

    regular: Whole
    catchup: Whole
    refused: Whole

    @property
    def taken(self) -> Whole:
        """Return what is deferred."""
        return self.regular + self.catchup


def age_at_year_end(birth_year: Wholes, year: int) -> Whole:
    """Return the age reached by 31 December; who reaches 50 that day counts as 50 from 1 January.

    Source: Reg. 1.414(v)-1(g)(3)(ii).
    """
    return year - column(birth_year)


def catchup_limit(ages: Wholes, from_50_cents: int, from_60_cents: int | None) -> Whole:
    """Return the catch-up limit in cents by age reached at 31 December, nought below 50.

    From 60 to 63 the higher amount applies instead of the ordinary one, and ends in the year of age 64; years
    without a higher amount (before 2025) have none to give. Source: IRC 414(v)(2)(B)(i), (E).
    """
    reached = column(ages)
    first, last = HIGHER_CATCHUP_AGES
    higher = from_50_cents if from_60_cents is None else from_60_cents
    limit = np.where((reached >= first) & (reached <= last), higher, from_50_cents)
    return np.where(reached >= CATCHUP_AGE, limit, 0)


def catchup_eligible(ages: Wholes) -> Truths:
    """Return who may make catch-up contributions: age 50 or more reached by 31 December."""
    return column(ages) >= CATCHUP_AGE


def regular_room(limit_402g_cents: Wholes, regular_ytd_cents: Wholes, additions_room_cents: Wholes) -> Whole:
    """Return how much more may be deferred before catch-up begins: the lower of 402(g) and 415(c) room.

    ``regular_ytd_cents`` are the deferrals of the calendar year without catch-up. A plan's own limit on
    deferrals is a lower ``limit_402g_cents``. Never below nought. Source: Reg. 1.414(v)-1(b)(1).
    """
    left = column(limit_402g_cents) - column(regular_ytd_cents)
    return column(np.maximum(np.minimum(left, additions_room_cents), 0))


def split_deferral(desired: Wholes, regular_room_cents: Wholes, catchup_room_cents: Wholes) -> DeferralSplit:
    """Return what of a desired deferral is regular, what is catch-up and what is refused, in cents.

    Regular first, to its room; then catch-up, to what is left of its limit; the rest cannot be deferred.
    For a period the rooms are those left by the year to date, for a year (or an excess found after it) the
    limits themselves. Source: Reg. 1.414(v)-1(c)(1)-(2).
    """
    asked = column(desired)
    regular = np.minimum(asked, np.maximum(regular_room_cents, 0))
    catchup = np.minimum(asked - regular, np.maximum(catchup_room_cents, 0))
    return DeferralSplit(regular, catchup, asked - regular - catchup)


def exceeds_own_limit(
    plan_deferrals: Wholes, limit_402g_cents: Wholes, catchup_limit_cents: Wholes
) -> Truths:
    """Return where deferrals within one employer exceed the limit, which disqualifies the plan.

    Deferrals that exceed it only together with another employer's are the participant's matter.
    Source: IRC 401(a)(30).
    """
    return split_deferral(plan_deferrals, limit_402g_cents, catchup_limit_cents).refused > 0


def excess_distribution(excess: Wholes, allocable_income: Wholes) -> Whole:
    """Return what is paid back by 15 April: the excess with its income, or less its loss (negative income).

    Source: IRC 402(g)(2)(A)(ii), Reg. 1.402(g)-1(e)(5).
    """
    return column(np.maximum(column(excess) + column(allocable_income), 0))


def excess_income_inclusion(excess: Wholes) -> Whole:
    """Return what is taxed in the year of the deferral: the whole excess, whatever it earned or lost since.

    Source: Reg. 1.402(g)-1(e)(8).
    """
    return column(excess)
