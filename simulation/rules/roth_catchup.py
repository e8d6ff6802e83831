"""The Roth rule: catch-up of people with high wages has to be Roth (IRC 414(v)(7), Reg. 1.414(v)-2).

It is another test than that of highly compensated employees: FICA wages of the calendar year before, from
this employer alone, never annualised.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulation.rules.exact import column
from simulation.rules.rounding import Truths, Whole, Wholes, part
from simulation.units import BP

IGNORED_ERROR_CENTS: Final = 250_00
"""Pre-tax catch-up up to it need not be corrected: Reg. 1.414(v)-2(c)(4)."""


def roth_catchup_required(prior_fica_wages: Wholes, threshold_cents: int | None) -> Truths:
    """Return whose catch-up has to be Roth: FICA wages of the year before exceed the threshold.

    Wages in cents from this employer; nought for people without any (new hires, partners), who are therefore
    free. No threshold, as in years in which the rule is not enforced, frees all.
    """
    wages = column(prior_fica_wages)
    return np.zeros(wages.shape, dtype=np.bool_) if threshold_cents is None else wages > threshold_cents


def allowed_catchup(catchup_limit: Wholes, roth_required: Truths, *, plan_has_roth: bool) -> Whole:
    """Return the catch-up limit in cents, which is nought where it has to be Roth and the plan has no Roth.

    Source: Reg. 1.414(v)-2(b)(2).
    """
    return np.where(roth_required & (not plan_has_roth), 0, column(catchup_limit))


def roth_part(
    regular: Wholes, catchup: Wholes, roth: Wholes, roth_required: Truths, one: Wholes = BP
) -> Whole:
    """Return what of a deferral is Roth, in cents; the rest is pre-tax.

    The elected share, half-up, and all catch-up where it has to be Roth. The share is ``roth`` of ``one``:
    basis points of the deferral, or the Roth deferral asked for of the whole one.
    Convention: each dollar of such catch-up is Roth as it arises; Roth money of earlier periods, which a plan
    may credit, is not credited.
    """
    forced = np.where(roth_required, column(catchup), 0)
    return forced + part(column(regular) + column(catchup) - forced, roth, one)


def first_roth_year(hire_year: Wholes, enforced_from: int) -> Wholes:
    """Return the first calendar year in which the rule can reach somebody: the one after that of the hire."""
    return np.maximum(column(hire_year) + 1, enforced_from)


def roth_correction_required(pretax_catchup: Wholes) -> Truths:
    """Return where pre-tax catch-up that had to be Roth, in cents, exceeds what may be ignored."""
    return column(pretax_catchup) > IGNORED_ERROR_CENTS
