"""Employer money that differs from person to person: IRC 401(a)(4), Reg. 1.401(a)(4)-2, -8.

A uniform or integrated formula is nondiscriminatory by design. Any other is tested group by group on the
allocations themselves, and if these fail on what each is worth at the testing age, if the gateway is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.coverage import (
    allotted,
    at_work,
    average_benefit,
    left_out_of,
    nonelective_part,
    safe_harbor_percentage,
    unsafe_harbor_percentage,
)
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.parameters.plan import Plan
from simulation.rules.age_weighting import BILLION, TESTING_AGE, discount_billionths
from simulation.rules.coverage import REQUIRED, Coverage, coverage
from simulation.rules.exact import column
from simulation.rules.gateway import gateway_amounts, gateway_third
from simulation.rules.ratios import Ratios, rounded_to
from simulation.rules.rounding import Truths, Whole, half_up
from simulation.units import BP, CENTS_PER_DOLLAR

TEST: Final = "general"
TITLE: Final = "General nondiscrimination"
SECTION: Final = "IRC 401(a)(4)"

INTEREST: Final = Fraction(85, 1000)
"""Standard interest rate at which allocations grow, 7.5 to 8.5 %: Reg. 1.401(a)(4)-12."""

UNIFORM: Final = ("flat", "integrated")


def general_test(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether nonelective money and profit sharing favour the highly compensated."""
    begun = Verdict(TEST, TITLE, SECTION, year.year, Outcome.NOT_APPLICABLE, "")
    given = allotted(year)
    counted = given > 0
    if counted.any():
        counted = ~left_out_of(year, nonelective_part(year))
    if not given[counted].any():
        yield replace(begun, reason="the plan gave neither nonelective money nor profit sharing")
    elif by_design(year.scenario.plan):
        yield replace(
            begun, outcome=Outcome.PASS, reason="uniform or integrated by design (Reg. 1.401(a)(4)-2(b))"
        )
    else:
        yield _by_rate_groups(year, begun, at_work(year).where(counted), given[counted])


def by_design(plan: Plan) -> bool:
    """Tell whether every allocation formula is uniform, or follows permitted disparity."""
    nonelective = plan.nonelective.formula in UNIFORM
    return nonelective and plan.profit_sharing.formula in {"none", "pro_rata", "integrated"}


def _by_rate_groups(year: PlanYear, begun: Verdict, people: People, given: Whole) -> Verdict:
    """Return the outcome on the allocations as they are, or else on their worth, behind the gateway."""
    pay = testing_pay(year, people)
    highly = people["is_hce"]
    highest = Ratios.of(given, pay).rows(highly).highest()
    gate = gateway_amounts(pay, pay, highest)
    short = ~highly & (given > 0) & (given < gate)
    rates = rates_bp(given, pay)
    worth = equivalent(rates, people.year_of("birth_date"), year.year)
    as_given, as_worth = lowest_ratio(rates, highly), lowest_ratio(worth, highly)

    def working() -> pl.DataFrame:
        return people.frame(
            "employee_id",
            "is_hce",
            given_cents=given,
            pay_cents=pay,
            rate_bp=rates,
            gateway_cents=gate,
            equivalent_bp=worth,
            below_gateway=short,
        )

    counts = coverage(given > 0, highly, np.zeros(len(pay), dtype=np.bool_))
    enough = _enough(counts, average_benefit(year, people))
    figures = (
        Figure("Highest rate of the highly compensated", rounded_to(4, highest), Unit.RATE),
        Figure("Lowest ratio of a rate group, as given", as_given, Unit.RATE),
        Figure("Gateway: a third of the highest rate", rounded_to(4, gateway_third(highest)), Unit.RATE),
        Figure("Others below the gateway", int(short.sum()), Unit.PEOPLE),
        Figure("Lowest ratio of a rate group, at the testing age", as_worth, Unit.RATE),
        Figure("Enough for a rate group", enough, Unit.RATE),
    )
    begun = replace(begun, figures=figures, working=working)
    if as_given is None or as_given >= enough:
        reason = "every rate group is broad enough on the allocations as they are"
        margin = None if as_given is None else as_given - enough
        return replace(begun, outcome=Outcome.PASS, reason=reason, margin=margin)
    begun = replace(begun, margin=None if as_worth is None else as_worth - enough)
    if short.any():
        reason = f"{int(short.sum())} of the others get less than the gateway (Reg. 1.401(a)(4)-8(b)(1)(vi))"
        owed = int((gate - given)[short].sum())
        return replace(begun, outcome=Outcome.FAIL, reason=reason, cost_cents=owed)
    if as_worth is None or as_worth >= enough:
        reason = "the gateway is open, and every rate group broad enough at the testing age"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    return replace(begun, outcome=Outcome.FAIL, reason="a rate group is below what 410(b) asks for")


def _enough(counts: Coverage, average: Fraction | None) -> Fraction:
    """Return the ratio that a rate group needs: 70 %, or less where the average benefit is at least 70 %."""
    return min(rate_group_bound(counts), REQUIRED) if average is None or average >= REQUIRED else REQUIRED


def testing_pay(year: PlanYear, people: People) -> Whole:
    """Return the pay that allocations are held against, in cents: since the entry date, to the cap.

    Of who got none, pay of the year. Plan year compensation may be that of the time as a participant, for the
    gateway too: Reg. 1.401(a)(4)-12, -8(b)(1)(vi)(B), known, not read again.
    """
    since_entry = people["allotted_pay_cents"]
    pay = np.where(since_entry > 0, since_entry, people["pay_cents"])
    return np.minimum(pay, year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)


def rate_group_bound(counts: Coverage) -> Fraction:
    """Return the ratio that a rate group needs where the average benefit is at least 70 %.

    The midpoint between the safe and the unsafe harbour of the classification, or the ratio of the plan if
    that is lower. Source: Reg. 1.401(a)(4)-2(c)(3)(ii), known, not read again.
    """
    midpoint = (safe_harbor_percentage(counts) + unsafe_harbor_percentage(counts)) / 2
    return midpoint if counts.ratio is None else min(midpoint, counts.ratio)


def rates_bp(given: Whole, pay: Whole) -> Whole:
    """Return allocations over pay in basis points, half-up, so that cents make no rate group."""
    return column(half_up(given * BP, np.maximum(pay, 1)))


def equivalent(rates: Whole, birth_years: Whole, year: int) -> Whole:
    """Return what each allocation rate is worth at the testing age, in basis points of pay.

    The factor that makes it an annuity is the same for all and is left out: only order matters. Growth is at
    the standard interest to the testing age, or to this year's age where that is higher.
    """
    ages = year - birth_years
    grown = np.zeros(len(rates), dtype=np.int64)
    for age in np.unique(ages).tolist():
        here = ages == age
        grown[here] = rates[here] * BILLION // discount_billionths(INTEREST, age, TESTING_AGE)
    return grown


def lowest_ratio(worth: Whole, highly: Truths) -> Fraction | None:
    """Return the lowest ratio percentage of a rate group: everybody at or above a highly compensated rate."""
    if not highly.any() or highly.all():
        return None
    levels = np.unique(worth[highly])
    hces, others = np.sort(worth[highly]), np.sort(worth[~highly])
    above_hce = len(hces) - np.searchsorted(hces, levels)
    above = len(others) - np.searchsorted(others, levels)
    ratios = [
        Fraction(int(nhce) * len(hces), int(hce) * len(others))
        for nhce, hce in zip(above, above_hce, strict=True)
    ]
    return rounded_to(4, min(ratios))
