"""The ACP test: is the match of the highly compensated too much beside that of the others? IRC 401(m)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance import adp
from simulation.compliance.account_income import income_on
from simulation.compliance.averages import Averages, Tested, before
from simulation.compliance.participants import bargained, groups, may_be_matched
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear, once
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.ratios import low_of, rounded_to
from simulation.rules.refunds import vested_part
from simulation.rules.rounding import Whole
from simulation.rules.shifting import (
    available_to_shift,
    borrowed_test,
    most_borrowed,
    shift_needed,
    shift_used,
)
from simulation.safe_harbor import acp_safe_harbor, adp_safe_harbor
from simulation.units import CENTS_PER_DOLLAR

TEST: Final = "acp"
TITLE: Final = "Actual contribution percentage"
SECTION: Final = "IRC 401(m)(2)"


@dataclass(frozen=True, slots=True)
class Excess:
    """What a failed ACP test takes from each highly compensated employee, in cents, one row each.

    Of the excess match with its income the vested part is paid out, the rest is forfeited.
    """

    excess: Whole
    income: Whole
    paid: Whole
    forfeited: Whole


def acp(year: PlanYear) -> Iterator[Verdict]:
    """Yield the outcome of each group that is tested by itself."""
    begun = Verdict(TEST, TITLE, SECTION, year.year, Outcome.NOT_APPLICABLE, "")
    harbor = acp_safe_harbor(year.scenario.plan)
    if not any(year.scenario.plan.match.tables_bp):
        yield replace(begun, reason="the plan has no match")
    elif harbor:
        yield replace(begun, reason=harbor)
    else:
        for name, group in tested(year).items():
            yield _verdict(year, replace(begun, group=name), group.people)


@once
def tested(year: PlanYear) -> Mapping[str, Tested]:
    """Return the groups of those who may be matched, each with the match that counts.

    The match of collectively bargained employees needs no test (Reg. 1.401(m)-1(b)(2)). Not counted is a
    match that was forfeited with deferrals taken back, or with deferrals refunded after the ADP test.
    """
    plan, lost = year.scenario.plan, adp.forfeited(year)
    everybody = year.everybody
    matched = everybody.where(may_be_matched(everybody, year.year, plan.match) & ~bargained(everybody))
    return {
        name: Tested(people, _counted(people, lost[people.rows]))
        for name, people in groups(matched, year.year, plan.testing.excludable)
    }


def _counted(people: People, lost: Whole) -> Whole:
    return np.maximum(people["match_cents"] - people["match_taken_back_cents"] - lost, 0)


def averages(year: PlanYear, name: str) -> Averages:
    """Return a group's averages, against this year's or last year's of the others as the plan elects."""
    prior = year.scenario.plan.testing.acp_year == "prior"
    earlier = tested(year.previous).get(name) if prior and year.previous else None
    cap = year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR
    return tested(year)[name].averages(cap, before(year, earlier) if prior else None)


def excess(people: People, found: Averages) -> Excess:
    """Return what each highly compensated employee loses of the match, in the order of the group's rows."""
    hces = people.where(people["is_hce"])
    over = found.refunds().refunds
    income = income_on(over, hces)
    paid = vested_part(over, income, hces["vested_match_bp"])
    return Excess(over, income, paid, over + income - paid)


def _verdict(year: PlanYear, begun: Verdict, people: People) -> Verdict:
    found = averages(year, begun.group)
    working = partial(found.working, people)
    begun = replace(begun, figures=found.figures(), margin=found.margin, working=working)
    if found.nothing_to_compare:
        reason = "there is nobody to compare: one of the two groups is empty (Reg. 1.401(m)-2(a)(1)(ii))"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    if found.passed:
        reason = "the average of the highly compensated is within its limit"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    lent = _lent(year, found, begun.group)
    begun = replace(begun, figures=(*begun.figures, *lent.figures))
    if lent.enough:
        reason = f"met with deferrals that the ADP test can spare ({LENDING})"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    return _failed(year, begun, people, replace(found, relief=lent.relief))


LENDING: Final = "Reg. 1.401(m)-2(a)(6)(ii)"


@dataclass(frozen=True, slots=True)
class Lent:
    """What deferrals that count in this test too do for it: by how much the limit rises, and whether enough.

    ``relief`` is a share of pay; shifted deferrals are the others' alone, borrowed ones those of both groups.
    """

    relief: Fraction = Fraction(0)
    enough: bool = False
    figures: tuple[Figure, ...] = ()


def _lent(year: PlanYear, found: Averages, group: str) -> Lent:
    """Return what the ADP test can lend, in the way that helps more; shifting comes first where it is enough.

    Both tests have to look at the year itself, and ADP to be made; where it failed, it lends what it can with
    the refunds made.
    """
    testing, plan = year.scenario.plan.testing, year.scenario.plan
    if "prior" in {testing.adp_year, testing.acp_year} or adp_safe_harbor(plan):
        return Lent()
    deferrals = adp.averages(year).get(group)
    if deferrals is None or (not deferrals.passed and adp.gives(testing)):
        return Lent()
    hce, nhce = low_of(found.hce), low_of(found.nhce)
    others = low_of(deferrals.nhce)
    highly = min(low_of(deferrals.hce), low_of(deferrals.limit))
    needed = shift_needed(hce, nhce)
    shifted = shift_used(available_to_shift(highly, others), needed)
    borrowed = most_borrowed(highly, others)
    by_shift = hce - borrowed_test(hce, nhce, Fraction(0), shifted).reduction
    by_both = hce - borrowed_test(hce, nhce, borrowed, borrowed).reduction
    relief = max(by_shift, by_both) - low_of(found.limit)
    if relief <= 0:
        return Lent()
    if by_shift >= by_both:
        lent = Figure("Deferrals of the others counted here instead", shifted, Unit.RATE)
    else:
        lent = Figure("Deferrals of both groups counted here instead", rounded_to(4, borrowed), Unit.RATE)
    return Lent(relief, max(by_shift, by_both) >= hce, (lent,))


def _failed(year: PlanYear, begun: Verdict, people: People, found: Averages) -> Verdict:
    taken, testing = excess(people, found), year.scenario.plan.testing
    qnec = found.qnec() if testing.acp_year == "current" else None
    cost = None if qnec is None else int(qnec.sum())
    given = testing.correction == "qnec" and cost is not None
    figures = (
        *begun.figures,
        Figure("Excess match paid out, income included", int(taken.paid.sum()), Unit.CENTS),
        Figure("Excess match forfeited, income included", int(taken.forfeited.sum()), Unit.CENTS),
        Figure("Qualified nonelective contribution instead", cost, Unit.CENTS),
    )

    def working() -> pl.DataFrame:
        return begun.working().with_columns(
            excess_cents=found.of_highly(taken.excess),
            income_cents=found.of_highly(taken.income),
            paid_cents=found.of_highly(taken.paid),
            forfeited_cents=found.of_highly(taken.forfeited),
            **({} if qnec is None else {"qnec_cents": found.of_others(qnec)}),
        )

    return replace(
        begun,
        outcome=Outcome.FAIL,
        reason="the average of the highly compensated exceeds its limit",
        figures=figures,
        refunds_cents=0 if given else int(taken.paid.sum()),
        cost_cents=cost if given and cost is not None else 0,
        working=working,
    )
