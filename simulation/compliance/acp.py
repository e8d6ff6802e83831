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
from simulation.compliance.participants import groups, may_be_matched
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear, once
from simulation.compliance.safe_harbor import acp_safe_harbor, adp_safe_harbor
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.ratios import low_of
from simulation.rules.refunds import vested_part
from simulation.rules.rounding import Whole
from simulation.rules.shifting import available_to_shift, shift_needed
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

    Not counted is a match that was forfeited with deferrals taken back, or with deferrals refunded after the
    ADP test.
    """
    plan, lost = year.scenario.plan, adp.forfeited(year)
    matched = year.everybody.where(may_be_matched(year.everybody, year.year, plan.match))
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
    shift = _shift(year, found, begun.group)
    if shift:
        points = Figure("Deferrals of the others counted here instead", shift, Unit.RATE)
        reason = "met with deferrals that the ADP test can spare (Reg. 1.401(m)-2(a)(6)(ii))"
        return replace(begun, outcome=Outcome.PASS, reason=reason, figures=(*begun.figures, points))
    return _failed(year, begun, people, found)


def _shift(year: PlanYear, found: Averages, group: str) -> Fraction | None:
    """Return what share of the others' deferrals makes this test pass; none where it cannot.

    Both tests have to look at the year itself, and ADP to be made at all.
    """
    testing = year.scenario.plan.testing
    if "prior" in {testing.adp_year, testing.acp_year}:
        return None
    deferrals = adp.averages(year).get(group) if not adp_safe_harbor(year.scenario.plan) else None
    if deferrals is None:
        return None
    needed = shift_needed(low_of(found.hce), low_of(found.nhce))
    spare = available_to_shift(low_of(deferrals.hce), low_of(deferrals.nhce))
    return needed if 0 < needed <= spare else None


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
