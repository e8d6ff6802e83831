"""What happens to small balances on termination: Code sections 411(a)(11) and 401(a)(31)(B)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulation.rules.exact import column
from simulation.rules.rounding import Wholes

Treatments: TypeAlias = NDArray[np.str_]

CASH_LIMIT_CENTS: Final = 100_000
"""Up to 1,000 may be paid in cash without being asked for."""

CASH_OUT_LIMITS_CENTS: Final[Mapping[int, int]] = {1998: 500_000, 2024: 700_000}
"""The most that may be forced out, by first year: 5,000, and 7,000 by SECURE 2.0 section 304."""

TREATMENTS: Final = ("cash_allowed", "auto_rollover_ira", "consent_required")


def cash_out_limit_cents(year: int) -> int:
    """Return the most that a plan may force out in a year from 1998 on."""
    return CASH_OUT_LIMITS_CENTS[max(since for since in CASH_OUT_LIMITS_CENTS if since <= year)]


def treatment(vested_cents: Wholes, limit_cents: int, cash_cents: int = CASH_LIMIT_CENTS) -> Treatments:
    """Return the treatment of vested balances: at a limit a balance does not exceed it.

    A plan may set lower limits than the law's.
    """
    above = np.searchsorted([min(cash_cents, limit_cents), limit_cents], column(vested_cents), side="left")
    return np.asarray(TREATMENTS)[above]
