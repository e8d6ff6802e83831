"""Employer contributions that need no deferral, as a share of pay."""

from __future__ import annotations

from typing import Final

from simulation.rules.exact import column
from simulation.rules.rounding import Whole, Wholes, part

SAFE_HARBOR_BP: Final = 300
"""The safe-harbor nonelective contribution, 3 % of pay to all who are eligible: IRC 401(k)(12)(C)."""


def nonelective(pay: Wholes, rate_bp: Wholes = SAFE_HARBOR_BP) -> Whole:
    """Return ``countable pay x rate`` in cents, half-up; rates in basis points, one a person or one for all.

    A rate by service, age or points is a column of rates, looked up in the plan's table.
    """
    return part(column(pay), rate_bp)
