"""The ADP test: do the highly compensated defer too much beside the others? IRC 401(k)(3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.compliance.account_income import income_on
from simulation.compliance.averages import Averages, Tested, before
from simulation.compliance.deferral_limit import catchup_limits
from simulation.compliance.matching import match_lost
from simulation.compliance.participants import BARGAINED, bargained, groups, may_defer
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear, once
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.refunds import recharacterised
from simulation.rules.rounding import Whole
from simulation.safe_harbor import adp_safe_harbor
from simulation.units import CENTS_PER_DOLLAR

if TYPE_CHECKING:
    from simulation.parameters.plan.testing import Testing

TEST: Final = "adp"
TITLE: Final = "Actual deferral percentage"
SECTION: Final = "IRC 401(k)(3)"


@dataclass(frozen=True, slots=True)
class Refunds:
    """What a failed ADP test takes from each highly compensated employee, in cents, one row each.

    ``refund`` is paid back with ``income``; ``catch_up`` stays as catch-up; ``match`` is forfeited with what
    was refunded.
    """

    refund: Whole
    catch_up: Whole
    income: Whole
    match: Whole


def counted_cents(people: People) -> Whole:
    """Return the deferrals that the test counts: no catch-up, and nothing that was taken back (414(w)(6))."""
    deferred = people.sum_of("pre_tax_cents", "roth_cents") - people["catchup_cents"]
    return np.maximum(deferred - people["taken_back_cents"], 0)


def adp(year: PlanYear) -> Iterator[Verdict]:
    """Yield the outcome of each group that is tested by itself."""
    begun = Verdict(TEST, TITLE, SECTION, year.year, Outcome.NOT_APPLICABLE, "")
    harbor = adp_safe_harbor(year.scenario.plan)
    if harbor:
        yield replace(begun, reason=harbor)
        return
    for name, group in tested(year).items():
        yield _verdict(year, replace(begun, group=name), group.people)


@once
def forfeited(year: PlanYear) -> Whole:
    """Return the match lost with refunds where the test fails, in cents, by the rows of everybody."""
    plan, lost = year.scenario.plan, np.zeros(len(year.everybody), dtype=np.int64)
    if gives(plan.testing) or adp_safe_harbor(plan):
        return lost
    for name, back in refunds(year).items():
        lost[_highly(tested(year)[name].people).rows] = back.match
    return lost


@once
def tested(year: PlanYear) -> Mapping[str, Tested]:
    """Return the groups of those who may defer; collectively bargained employees are one of their own."""
    eligible = year.everybody.where(may_defer(year.everybody, year.year))
    union = bargained(eligible)
    parts = dict(groups(eligible.where(~union), year.year, year.scenario.plan.testing.excludable))
    if union.any():
        parts[BARGAINED] = eligible.where(union)
    return {name: Tested(people, counted_cents(people)) for name, people in parts.items()}


@once
def averages(year: PlanYear) -> Mapping[str, Averages]:
    """Return each group's averages, against this year's or last year's of the others as the plan elects."""
    prior = year.scenario.plan.testing.adp_year == "prior"
    earlier = tested(year.previous) if prior and year.previous else {}
    cap = year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR
    return {
        name: group.averages(cap, before(year, earlier.get(name)) if prior else None)
        for name, group in tested(year).items()
    }


@once
def refunds(year: PlanYear) -> Mapping[str, Refunds]:
    """Return what the highly compensated of each group that fails give back, in the order of its rows."""
    return {
        name: _refunds(year, _highly(tested(year)[name].people), found)
        for name, found in averages(year).items()
        if not found.passed
    }


def _refunds(year: PlanYear, hces: People, found: Averages) -> Refunds:
    asked = found.refunds().refunds
    turned = recharacterised(asked, catchup_limits(year, hces) - hces["catchup_cents"])
    refund = asked - turned
    return Refunds(refund, turned, income_on(refund, hces), match_lost(year, hces, refund))


def _highly(people: People) -> People:
    return people.where(people["is_hce"])


def gives(testing: Testing) -> bool:
    """Tell whether a failure is put right by giving to the others, which needs a test by the current year."""
    return testing.correction == "qnec" and testing.adp_year == "current"


def _verdict(year: PlanYear, begun: Verdict, people: People) -> Verdict:
    found = averages(year)[begun.group]
    working = partial(found.working, people)
    begun = replace(begun, figures=found.figures(), margin=found.margin, working=working)
    if found.nothing_to_compare:
        reason = "there is nobody to compare: one of the two groups is empty (Reg. 1.401(k)-2(a)(1)(ii))"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    if found.passed:
        reason = "the average of the highly compensated is within its limit"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    return _failed(year, begun, found)


def _failed(year: PlanYear, begun: Verdict, found: Averages) -> Verdict:
    back, testing = refunds(year)[begun.group], year.scenario.plan.testing
    qnec = found.qnec() if testing.adp_year == "current" else None
    refunded, cost = int((back.refund + back.income).sum()), None if qnec is None else int(qnec.sum())
    given = gives(testing) and cost is not None
    figures = (
        *begun.figures,
        Figure("Refunded, income included", refunded, Unit.CENTS),
        Figure("Kept as catch-up", int(back.catch_up.sum()), Unit.CENTS),
        Figure("Match forfeited with refunds", int(back.match.sum()), Unit.CENTS),
        Figure("Qualified nonelective contribution instead", cost, Unit.CENTS),
    )

    def working() -> pl.DataFrame:
        return begun.working().with_columns(
            refund_cents=found.of_highly(back.refund),
            income_cents=found.of_highly(back.income),
            kept_as_catchup_cents=found.of_highly(back.catch_up),
            match_forfeited_cents=found.of_highly(back.match),
            **({} if qnec is None else {"qnec_cents": found.of_others(qnec)}),
        )

    return replace(
        begun,
        outcome=Outcome.FAIL,
        reason="the average of the highly compensated exceeds its limit",
        figures=figures,
        refunds_cents=0 if given else refunded,
        cost_cents=cost if given and cost is not None else 0,
        working=working,
    )
