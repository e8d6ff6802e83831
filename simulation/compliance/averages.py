"""What the ADP and the ACP test share: two averages, a limit, and the two ways to put a failure right.

Averages are exact; what is shown is rounded to 0.01 of a point, decisions are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, Self

import numpy as np
import polars as pl

from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Unit
from simulation.rules.nondiscrimination import (
    FIRST_YEAR_AVERAGE,
    contribution_ratios,
    deemed_met,
    highest_average,
    passes,
)
from simulation.rules.qnec import qnec_amounts, uniform_rate_billionths
from simulation.rules.ratios import Number, Ratios, increasing, rounded_to
from simulation.rules.refunds import Correction, correction
from simulation.rules.rounding import Truths, Whole, half_up
from simulation.units import BP, CENTS_PER_DOLLAR

SHOWN_PLACES: Final = 4
"""Averages are shown, and told apart in margins, to 0.01 of a point."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """The others' average of the year before, and how many they were; none where it is deemed."""

    average: Number
    people: int | None


@dataclass(frozen=True, slots=True)
class Tested:
    """A group that is tested by itself, with what counts of each person's contributions, in cents."""

    people: People
    counted: Whole

    def averages(self, cap_cents: int, before: Earlier | None) -> Averages:
        """Return the group's averages; ``before`` is last year's of the others where that one counts."""
        return Averages.of(self.counted, self.people["pay_cents"], self.people["is_hce"], cap_cents, before)


@dataclass(frozen=True)
class Averages:
    """One group's contributions against its pay, and whose average sets the limit."""

    ratios: Ratios
    pay: Whole
    counted: Whole
    highly: Truths
    hce: Number
    nhce: Number
    limiting: Number
    """The others' average that sets the limit: of this year, or of the year before."""
    compared: int
    """How many others that average is over."""
    relief: Fraction = Fraction(0)
    """By how much money that counts in another test too lets the limit be exceeded."""

    @classmethod
    def of(cls, counted: Whole, pay: Whole, highly: Truths, cap_cents: int, before: Earlier | None) -> Self:
        """Return the averages of a group; ``before`` is last year's of the others where that one counts."""
        ratios = contribution_ratios(counted, pay, cap_cents)
        hce, nhce = ratios.rows(highly).mean(), ratios.rows(~highly).mean()
        capped = np.minimum(pay, cap_cents)
        others = int((~highly).sum())
        limiting = nhce if before is None else before.average
        compared = others if before is None or before.people is None else before.people
        return cls(ratios, capped, counted, highly, hce, nhce, limiting, compared)

    @property
    def nothing_to_compare(self) -> bool:
        """Tell whether one of the groups has nobody, the others in the year whose average sets the limit."""
        return deemed_met(int(self.highly.sum()), self.compared)

    @cached_property
    def passed(self) -> bool:
        """Tell whether the test is met."""
        return self.nothing_to_compare or passes(self.hce, self.limiting)

    @cached_property
    def limit(self) -> Number:
        """Return the highest average that the highly compensated may have."""
        return highest_average(self.limiting)

    @property
    def margin(self) -> Fraction | None:
        """Return what is left to the limit, as a share of one to 0.01 of a point."""
        if self.nothing_to_compare:
            return None
        return rounded_to(SHOWN_PLACES, self.limit) - rounded_to(SHOWN_PLACES, self.hce)

    def figures(self) -> tuple[Figure, ...]:
        """Return the numbers that the outcome rests on."""
        return (
            Figure("Highly compensated", int(self.highly.sum()), Unit.PEOPLE),
            Figure("Not highly compensated", int((~self.highly).sum()), Unit.PEOPLE),
            Figure("Average, highly compensated", rounded_to(SHOWN_PLACES, self.hce), Unit.RATE),
            Figure("Average, others", rounded_to(SHOWN_PLACES, self.nhce), Unit.RATE),
            Figure("Average that sets the limit", rounded_to(SHOWN_PLACES, self.limiting), Unit.RATE),
            Figure("Limit for the highly compensated", rounded_to(SHOWN_PLACES, self.limit), Unit.RATE),
        )

    def refunds(self) -> Correction:
        """Return what the highly compensated would give back, one row each of them."""
        return correction(
            self.counted[self.highly], self.pay[self.highly], increasing(self._relieved, self.limit)
        )

    def _relieved(self, limit: Fraction) -> Fraction:
        return limit + self.relief

    def qnec(self) -> Whole | None:
        """Return what each of the others would be given, in cents, so that this year's averages agree.

        None where none of them was paid. Source: Reg. 1.401(k)-2(a)(6).
        """
        pay = self.pay[~self.highly]
        paid = int((pay > 0).sum())
        if not paid:
            return None
        return qnec_amounts(pay, uniform_rate_billionths(self.hce, self.nhce, len(pay), paid))

    def working(self, people: People) -> pl.DataFrame:
        """Return one row a person: what was counted, on which pay, and the ratio to 0.01 of a point."""
        below = np.maximum(self.pay, 1)
        paid = np.where(self.pay > 0, self.counted, 0)
        shown = (paid // below) * BP + half_up(paid % below * BP, below)
        return people.frame(
            "employee_id", "is_hce", pay_cents=self.pay, counted_cents=self.counted, ratio_bp=shown
        )

    def of_highly(self, amounts: Whole) -> pl.Series:
        """Return amounts of the highly compensated as a column of everybody, nought for the others."""
        return _spread(amounts, self.highly)

    def of_others(self, amounts: Whole) -> pl.Series:
        """Return amounts of the others as a column of everybody, nought for the highly compensated."""
        return _spread(amounts, ~self.highly)


def _spread(amounts: Whole, who: Truths) -> pl.Series:
    whole = np.zeros(len(who), dtype=np.int64)
    whole[who] = amounts
    return pl.Series(whole)


def before(year: PlanYear, group: Tested | None) -> Earlier:
    """Return the average of the others of the year before, out of a group of that year.

    Before the first year of a run it is what a first plan year is deemed to have, 3 %.
    """
    if group is None or year.previous is None:
        return Earlier(FIRST_YEAR_AVERAGE, None)
    others = ~group.people["is_hce"]
    cap = year.previous.limits.comp_limit_401a17 * CENTS_PER_DOLLAR
    ratios = contribution_ratios(group.counted[others], group.people["pay_cents"][others], cap)
    return Earlier(ratios.mean(), int(others.sum()))
