"""Key employees, whose share makes a plan top-heavy: IRC 416(i)(1), Reg. 1.416-1, T-12 to T-21.

Looked for in the plan year that holds the determination date, with that year's thresholds: for an ongoing
plan the year before the one that is top-heavy or not.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulation.rules.exact import column
from simulation.rules.ownership import owns_more_than
from simulation.rules.rounding import Truths, Wholes
from simulation.units import BP

OWNER_PERCENT: Final = 5
PAID_OWNER_PERCENT: Final = 1
MOST_OFFICERS: Final = 50
ALWAYS_OFFICERS: Final = 3
OFFICER_PART: Final = 10


def officer_cap(employees: int) -> int:
    """Return how many officers can be key: a tenth of the employees, rounded up, but 3 to 50.

    Source: IRC 416(i)(1)(A); Reg. 1.416-1, T-14 rounds up.
    """
    tenth = -(-employees // OFFICER_PART)
    return min(max(tenth, ALWAYS_OFFICERS), MOST_OFFICERS)


def key_officers(pay: Wholes, officers: Truths, threshold_cents: int, cap: int = MOST_OFFICERS) -> Truths:
    """Return the officers who are key: paid more than the threshold, the highest paid up to the cap.

    Of equal pays the first rows. Source: IRC 416(i)(1)(A)(i).
    """
    paid = column(pay)
    eligible = officers & (paid > threshold_cents)
    ranked = np.argsort(np.where(eligible, -paid, 1), kind="stable")[:cap]
    chosen = np.zeros(len(paid), dtype=np.bool_)
    chosen[ranked] = True
    return chosen & eligible


def key_owners(pay: Wholes, owned: Wholes, pay_threshold_cents: int, one: int = BP) -> Truths:
    """Return owners who are key: of more than 5 %, or of more than 1 % with pay above an unindexed amount.

    ``owned`` is with what the family owns, in basis points unless ``one`` says otherwise.
    Source: IRC 416(i)(1)(A)(ii)-(iii).
    """
    well_paid = column(pay) > pay_threshold_cents
    return owns_more_than(OWNER_PERCENT, owned, one) | (
        owns_more_than(PAID_OWNER_PERCENT, owned, one) & well_paid
    )
