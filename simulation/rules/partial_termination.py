"""Partial plan terminations by layoffs: Code section 411(d)(3), Rev. Rul. 2007-43.

Columns of head counts, one row a plan (a seed, a period).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Truths, Whole, Wholes, half_up
from simulation.units import BP

PRESUMED_FROM_BP: Final = 2_000
"""A turnover rate of at least 20 % presumes a partial termination: everyone affected is fully vested."""


def participants(initial: Wholes, added: Wholes) -> Whole:
    """Return whom the rate is over: participants at the start, and those added in the period."""
    return column(initial) + column(added)


def employer_initiated(severances: Wholes, quits: Wholes, *, shown_voluntary: bool) -> Whole:
    """Return the severances that count: a quit does where the employer cannot show that it was voluntary."""
    return column(severances) + (0 if shown_voluntary else quits)


def turnover_bp(severances: Wholes, initial: Wholes, added: Wholes) -> Whole:
    """Return employer-initiated severances over initial plus added participants, in basis points, half-up.

    A rate over no participants is 0.
    """
    there = participants(initial, added)
    return half_up(column(severances) * BP, np.maximum(there, 1))


def presumed(severances: Wholes, initial: Wholes, added: Wholes) -> Truths:
    """Tell whether the exact turnover rate presumes a partial termination."""
    there = participants(initial, added)
    return (column(severances) * BP >= there * PRESUMED_FROM_BP) & (there > 0)
