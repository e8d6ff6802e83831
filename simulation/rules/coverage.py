"""Minimum coverage: does a plan benefit enough of the others? IRC 410(b), Reg. 1.410(b)-2 to -10.

In the deferral and match parts of a plan who may defer or be matched benefits; in the nonelective part, who
gets an allocation (Reg. 1.410(b)-3(a)).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from simulation.rules.exact import column
from simulation.rules.ratios import rounded_to
from simulation.rules.rounding import Truths, Wholes

REQUIRED: Final = Fraction(70, 100)
"""The ratio percentage that is enough by itself: IRC 410(b)(1)(B)."""

FEW_HOURS: Final = 500
"""Leavers with at most so many hours may be left out: Reg. 1.410(b)-6(f)(1)."""

PLACES: Final = 4
"""Coverage is decided on ratios rounded to 0.01 of a point: Reg. 1.410(b)-9."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many nonexcludable employees there are and how many of them benefit, by group."""

    nhce_benefiting: int
    nhce: int
    hce_benefiting: int
    hce: int

    @property
    def ratio(self) -> Fraction | None:
        """Return the share of the others that benefits over that of the highly compensated, 4 decimals.

        Nothing where no highly compensated employee benefits, or where there are no others.
        """
        if not (self.nhce and self.hce_benefiting):
            return None
        return rounded_to(PLACES, Fraction(self.nhce_benefiting * self.hce, self.nhce * self.hce_benefiting))

    @property
    def passes_ratio(self) -> bool:
        """Tell whether at least 70 % is reached, or nothing is to be compared (Reg. 1.410(b)-2(b)(5)-(6))."""
        return self.ratio is None or self.ratio >= REQUIRED


def excludable(
    requirements_unmet: Truths, other_class: Truths, left: Truths, hours: Wholes, lost_by_rule: Truths
) -> Truths:
    """Return who is left out of the count: Reg. 1.410(b)-6(b)-(f).

    Who has not met the plan's age and service, is in a class that does not count (collectively bargained,
    nonresident aliens), or left with at most 500 hours and gets nothing by a last-day or hours rule alone
    (``lost_by_rule``).
    """
    few_hours = left & lost_by_rule & (column(hours) <= FEW_HOURS)
    return requirements_unmet | other_class | few_hours


def coverage(benefiting: Truths, highly_compensated: Truths, excluded: Truths) -> Coverage:
    """Return the counts of a population, one row an employee."""
    there = ~excluded
    others, highest = there & ~highly_compensated, there & highly_compensated
    return Coverage(
        nhce_benefiting=int((others & benefiting).sum()),
        nhce=int(others.sum()),
        hce_benefiting=int((highest & benefiting).sum()),
        hce=int(highest.sum()),
    )


def nhce_share_needed(hce_share: Fraction, required: Fraction = REQUIRED) -> Fraction:
    """Return what share of the others has to benefit where so much of the highly compensated does."""
    return hce_share * required
