"""Moving deferrals from the ADP test to the ACP test, where both use the current year.

Reg. 1.401(m)-2(a)(6)(ii), 1.401(k)-2(a)(6)(ii): the ADP test has to be met with all deferrals, and again
without those that were moved. Shares of pay, exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from simulation.rules.nondiscrimination import FACTOR, POINTS, average_needed, highest_average, passes
from simulation.rules.ratios import exact_of

SHIFT_STEP: Final = Fraction(1, 10_000)
"""A shift between tests is rounded up to 0.01 of a point."""


@dataclass(frozen=True, slots=True)
class Borrowing:
    """The ACP test after deferrals of both groups were counted in it."""

    hce_average: Fraction
    nhce_average: Fraction
    reduction: Fraction
    """By how much the ACP of the highly compensated has still to come down."""


def available_to_shift(hce_adp: Fraction, nhce_adp: Fraction) -> Fraction:
    """Return what the others' ADP can give away with the ADP test still met; nought where it is not."""
    return max(nhce_adp - exact_of(average_needed(hce_adp)), Fraction(0))


def shift_needed(hce_acp: Fraction, nhce_acp: Fraction) -> Fraction:
    """Return what the others' ACP lacks, rounded up to a step; nought where the test is met."""
    lacking = max(exact_of(average_needed(hce_acp)) - nhce_acp, Fraction(0))
    return ceil(lacking / SHIFT_STEP) * SHIFT_STEP


def shift_used(available: Fraction, needed: Fraction) -> Fraction:
    """Return what is shifted: what is needed, as far as it is available."""
    return min(available, needed)


def most_borrowed(hce_adp: Fraction, nhce_adp: Fraction) -> Fraction:
    """Return the most that both groups' ADP can lend alike with the ADP test still met.

    ``h - x <= highest_average(n - x)`` solved for x: the way through n + 2 points ends at twice n.
    """
    if not passes(hce_adp, nhce_adp):
        return Fraction(0)
    doubled = 2 * nhce_adp - hce_adp if hce_adp <= nhce_adp + POINTS else Fraction(0)
    multiplied = (FACTOR * nhce_adp - hce_adp) / (FACTOR - 1)
    return min(hce_adp, max(doubled, multiplied, Fraction(0)))


def borrowed_test(
    hce_acp: Fraction, nhce_acp: Fraction, hce_borrowed: Fraction, nhce_borrowed: Fraction
) -> Borrowing:
    """Return the ACP test with what each group's deferrals lend to it."""
    highest, others = hce_acp + hce_borrowed, nhce_acp + nhce_borrowed
    reduction = max(highest - exact_of(highest_average(others)), Fraction(0))
    return Borrowing(highest, others, reduction)
