"""Minimum coverage, tested for each part of the plan by itself: IRC 410(b), Reg. 1.410(b)-2 to -10."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from simulation.compliance.participants import (
    UNION,
    enters_after,
    may_be_matched,
    may_defer,
    shares_employer_money,
)
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear, once
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.coverage import PLACES, REQUIRED, Coverage, coverage, excludable
from simulation.rules.eligibility import ENTRY_PATTERNS
from simulation.rules.ratios import Ratios, rounded_to
from simulation.rules.rounding import Truths, Whole
from simulation.units import CENTS_PER_DOLLAR

if TYPE_CHECKING:
    from simulation.parameters.plan.match import Match
    from simulation.parameters.plan.nonelective import Nonelective
    from simulation.parameters.plan.profit_sharing import ProfitSharing

TEST: Final = "coverage"
TITLE: Final = "Minimum coverage"
SECTION: Final = "IRC 410(b)"

CONCENTRATION_FROM: Final = 60
"""Percent of all nonexcludable employees who are not highly compensated, from which the bounds fall."""

SAFE_FROM: Final = Fraction(50, 100)
SAFE_FALL: Final = Fraction(75, 10_000)
SAFE_LEAST: Final = Fraction(2075, 10_000)
"""Safe harbour of the nondiscriminatory classification: Reg. 1.410(b)-4(c)(2), (4), known, not read again."""

UNSAFE_FROM: Final = Fraction(40, 100)
UNSAFE_LEAST: Final = Fraction(20, 100)
"""Below it no classification is nondiscriminatory: Reg. 1.410(b)-4(c)(3), (4)(ii), known, not read again."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: who benefits in it, and what can keep somebody from it.

    ``entered`` are in the part by age, service and class, ``months`` the service that it asks for; a
    condition of the year can lose a ``conditional`` one.
    """

    benefits: Truths
    entered: Truths
    months: int
    conditional: bool


def coverage_of(year: PlanYear) -> Iterator[Verdict]:
    """Yield the outcome of each part: deferrals, match, nonelective money."""
    people = at_work(year)
    plan = year.scenario.plan
    parts = {"deferrals": deferral_part(year)}
    if any(plan.match.tables_bp):
        parts["match"] = match_part(year)
    allotted = nonelective_part(year)
    if allotted.benefits.any():
        parts["nonelective"] = allotted
    for name, part in parts.items():
        yield _verdict(year, people, name, part)


@once
def at_work(year: PlanYear) -> People:
    """Return who was an employee in the year."""
    return year.everybody.where(year.everybody["worked"])


def deferral_part(year: PlanYear) -> Part:
    """Return the deferrals: who may defer benefits (Reg. 1.410(b)-3(a)(2)(i))."""
    able = may_defer(at_work(year), year.year)
    return Part(able, able, year.scenario.plan.eligibility.service_months, conditional=False)


def match_part(year: PlanYear) -> Part:
    """Return the match: who may be matched benefits (Reg. 1.410(b)-3(a)(2)(i))."""
    plan, people = year.scenario.plan, at_work(year)
    able = may_be_matched(people, year.year, plan.match)
    conditional = plan.match.period == "annual" and _asks(plan.match)
    shares = shares_employer_money(people, year.year)
    return Part(able, shares, plan.eligibility.months_for_employer_money, conditional)


@once
def nonelective_part(year: PlanYear) -> Part:
    """Return nonelective money, profit sharing and forfeitures: who got any benefits."""
    plan = year.scenario.plan
    conditional = plan.nonelective.payment == "annual" and _asks(plan.nonelective)
    conditional |= plan.profit_sharing.formula != "none" and _asks(plan.profit_sharing)
    shares = shares_employer_money(at_work(year), year.year)
    return Part(allotted(year) > 0, shares, plan.eligibility.months_for_employer_money, conditional)


def allotted(year: PlanYear) -> Whole:
    """Return what each employee of the year got without deferring, in cents."""
    return at_work(year).sum_of(*(f"{source}_cents" for source in ALLOTTED))


ALLOTTED: Final = ("nonelective", "profit_sharing", "reallocated")
"""Employer money that somebody gets without deferring."""


def _asks(group: Match | Nonelective | ProfitSharing) -> bool:
    return group.last_day or group.minimum_hours > 0


def _verdict(year: PlanYear, people: People, name: str, part: Part) -> Verdict:
    left_out = left_out_of(year, part)
    counts = coverage(part.benefits, people["is_hce"], left_out)
    begun = Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.PASS,
        "",
        name,
        (
            Figure("Others who benefit", counts.nhce_benefiting, Unit.PEOPLE),
            Figure("Others, nonexcludable", counts.nhce, Unit.PEOPLE),
            Figure("Highly compensated who benefit", counts.hce_benefiting, Unit.PEOPLE),
            Figure("Highly compensated, nonexcludable", counts.hce, Unit.PEOPLE),
            Figure("Ratio percentage", counts.ratio, Unit.RATE),
        ),
        None if counts.ratio is None else counts.ratio - REQUIRED,
        working=lambda: people.frame("employee_id", "is_hce", benefits=part.benefits, excludable=left_out),
    )
    if counts.ratio is None:
        return replace(begun, reason="no highly compensated employee benefits, or there is nobody else")
    if counts.passes_ratio:
        return replace(begun, reason="the ratio percentage is at least 70 %")
    return _by_average_benefit(people, begun, counts, left_out, year)


def left_out_of(year: PlanYear, part: Part) -> Truths:
    """Return who is not counted in a part of the plan (Reg. 1.410(b)-6).

    Who has not entered and is in a class of the plan has not met its age and service; of the other classes
    that is told by the dates of birth and hire.
    """
    asked, people = year.scenario.plan.eligibility, at_work(year)
    # Days are worked out only of those for whom they tell: it takes longer than the rest of the test.
    unmet = ~part.entered
    outside = unmet & people.among("employee_class", asked.excluded_classes)
    unmet[outside] = enters_after(
        people.where(outside),
        year.year,
        age=asked.minimum_age,
        months=part.months,
        dates=ENTRY_PATTERNS[asked.entry],
    )
    lost = part.entered & ~part.benefits & part.conditional
    union, left = people.among("employee_class", [UNION]), ~people["employed_at_end"]
    return excludable(unmet, union, left, people["hours"], lost)


def _by_average_benefit(
    people: People, begun: Verdict, counts: Coverage, left_out: Truths, year: PlanYear
) -> Verdict:
    """Return the outcome by the other way: a classification that is safe, and 70 % of the average benefit."""
    share = average_benefit(year, people.where(~left_out))
    safe = safe_harbor_percentage(counts)
    figures = (
        *begun.figures,
        Figure("Safe harbour of the classification", safe, Unit.RATE),
        Figure("Average benefit percentage", share, Unit.RATE),
    )
    enough = share is None or share >= REQUIRED
    ratio = counts.ratio or Fraction(0)
    if ratio >= safe and enough:
        reason = "below 70 %, but the classification is safe and the average benefit at least 70 %"
        return replace(begun, reason=reason, figures=figures)
    missing = "the classification is not safe" if ratio < safe else "the average benefit is below 70 %"
    reason = f"the ratio percentage is below 70 %, and {missing}"
    return replace(begun, outcome=Outcome.FAIL, reason=reason, figures=figures)


def average_benefit(year: PlanYear, there: People) -> Fraction | None:
    """Return the average benefit of the others over that of the highly compensated, of who counts.

    Benefits are all contributions over capped pay but catch-up (Reg. 1.414(v)-1(d)(3)) and what was taken
    back. Nothing where the highly compensated have none.
    """
    given = there.sum_of(*(f"{source}_cents" for source in _BENEFITS)) - there.sum_of(*_NO_BENEFITS)
    pay = np.minimum(there["pay_cents"], year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    ratios, highly = Ratios.of(np.maximum(given, 0), pay), there["is_hce"]
    above = rounded_to(PLACES, ratios.rows(highly).mean())
    return rounded_to(PLACES, ratios.rows(~highly).mean()) / above if above else None


def safe_harbor_percentage(counts: Coverage) -> Fraction:
    """Return the ratio from which a classification is safe, by how many of all are not highly compensated.

    50 % up to a concentration of 60 %, three quarters of a point less for each whole point above it.
    """
    return max(SAFE_FROM - _fallen(counts), SAFE_LEAST)


def unsafe_harbor_percentage(counts: Coverage) -> Fraction:
    """Return the ratio below which a classification is discriminatory: ten points lower, at least 20 %."""
    return max(UNSAFE_FROM - _fallen(counts), UNSAFE_LEAST)


def _fallen(counts: Coverage) -> Fraction:
    concentration = 100 * counts.nhce // max(counts.nhce + counts.hce, 1)
    return SAFE_FALL * max(concentration - CONCENTRATION_FROM, 0)


_BENEFITS: Final = ("pre_tax", "roth", "match", "nonelective", "profit_sharing", "reallocated")
_NO_BENEFITS: Final = ("catchup_cents", "taken_back_cents", "match_taken_back_cents")
