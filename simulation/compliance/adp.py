"""The ADP test: do the highly compensated defer too much beside the others? IRC 401(k)(3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.compliance.account_income import income_on
from simulation.compliance.averages import Averages, before
from simulation.compliance.deferral_limit import catchup_limits
from simulation.compliance.matching import match_lost
from simulation.compliance.participants import groups, may_defer
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.safe_harbor import adp_safe_harbor
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.refunds import recharacterised
from simulation.rules.rounding import Whole
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


def counted_cents() -> pl.Expr:
    """Return the deferrals that the test counts: no catch-up, and nothing that was taken back (414(w)(6))."""
    deferred = pl.col("pre_tax_cents") + pl.col("roth_cents") - pl.col("catchup_cents")
    return pl.max_horizontal(deferred - pl.col("taken_back_cents"), 0)


def adp(year: PlanYear) -> Iterator[Verdict]:
    """Yield the outcome of each group that is tested by itself."""
    begun = Verdict(TEST, TITLE, SECTION, year.year, Outcome.NOT_APPLICABLE, "")
    harbor = adp_safe_harbor(year.scenario.plan)
    if harbor:
        yield replace(begun, reason=harbor)
        return
    for name, people in tested(year):
        yield _verdict(year, replace(begun, group=name), people)


def forfeited(year: PlanYear) -> Iterator[pl.DataFrame]:
    """Yield the match lost with refunds where the test fails: ``employee_id``, ``match_forfeited_cents``."""
    plan = year.scenario.plan
    if gives(plan.testing) or adp_safe_harbor(plan):
        return
    for name, people in tested(year):
        found = averages(year, name, people)
        if not found.passed:
            lost = pl.Series(refunds(year, people, found).match)
            yield people.filter("is_hce").select("employee_id", match_forfeited_cents=lost)


def tested(year: PlanYear) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the groups of those who may defer, each with ``counted`` deferrals."""
    eligible = year.people.filter(may_defer(year.year)).with_columns(counted=counted_cents())
    yield from groups(eligible, year.year, year.scenario.plan.testing.excludable)


def averages(year: PlanYear, group: str, people: pl.DataFrame) -> Averages:
    """Return a group's averages, against this year's or last year's of the others as the plan elects."""
    prior = year.scenario.plan.testing.adp_year == "prior"
    earlier = dict(tested(year.previous)).get(group) if prior and year.previous else None
    return Averages.of(
        people["counted"].to_numpy(),
        people["pay_cents"].to_numpy(),
        people["is_hce"].to_numpy(),
        year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR,
        before(year, earlier) if prior else None,
    )


def refunds(year: PlanYear, people: pl.DataFrame, found: Averages) -> Refunds:
    """Return what each highly compensated employee gives back, in the order of the group's rows."""
    hces = people.filter("is_hce")
    asked = found.refunds().refunds
    turned = recharacterised(asked, catchup_limits(year, hces) - hces["catchup_cents"].to_numpy())
    refund = asked - turned
    return Refunds(refund, turned, income_on(refund, hces), match_lost(year, hces, refund))


def gives(testing: Testing) -> bool:
    """Tell whether a failure is put right by giving to the others, which needs a test by the current year."""
    return testing.correction == "qnec" and testing.adp_year == "current"


def _verdict(year: PlanYear, begun: Verdict, people: pl.DataFrame) -> Verdict:
    found = averages(year, begun.group, people)
    begun = replace(begun, figures=found.figures(), margin=found.margin, rows=found.working(people))
    if found.nothing_to_compare:
        reason = "there is nobody to compare: one of the two groups is empty (Reg. 1.401(k)-2(a)(1)(ii))"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    if found.passed:
        reason = "the average of the highly compensated is within its limit"
        return replace(begun, outcome=Outcome.PASS, reason=reason)
    return _failed(year, begun, people, found)


def _failed(year: PlanYear, begun: Verdict, people: pl.DataFrame, found: Averages) -> Verdict:
    back, testing = refunds(year, people, found), year.scenario.plan.testing
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
    rows = begun.rows.with_columns(
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
        rows=rows,
    )
