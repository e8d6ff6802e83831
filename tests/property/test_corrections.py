"""What holds of every correction of a failed test, whatever people defer and are paid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.compliance import Outcome, People, PlanYear, Verdict
from simulation.compliance.acp import acp
from simulation.compliance.adp import adp
from simulation.compliance.averages import Averages
from simulation.compliance.suite import TESTS
from simulation.rules.highly_compensated import highly_compensated, top_paid
from simulation.rules.nondiscrimination import contribution_ratios, passes
from simulation.rules.ratios import exact_of, settled
from tests.tested_years import year_of

CAP: Final = 350_000_00


def somebody(percent: tuple[int, int], least_pay: int, *, highly: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Return people who defer from so many to so many percent."""
    return st.builds(
        lambda pay, deferred, match, account: {
            "pay_cents": pay,
            "pre_tax_cents": pay * deferred // 100,
            "match_cents": pay * match // 100,
            "is_hce": highly,
            "opening_balance_cents": account,
            "returns_cents": account // 7,
            "vested_match_bp": 6_000,
        },
        pay=st.one_of(st.just(least_pay), st.integers(least_pay, 60_000_000)),
        deferred=st.integers(*percent),
        match=st.integers(0, 9),
        account=st.integers(0, 10_000_000),
    )


def both(
    highly: st.SearchStrategy[dict[str, Any]], others: st.SearchStrategy[dict[str, Any]], fewest: int
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return so many of both groups at least, in any order."""
    groups = (st.lists(one, min_size=fewest, max_size=12) for one in (highly, others))
    return st.tuples(*groups).flatmap(lambda pair: st.permutations([*pair[0], *pair[1]]))


PEOPLE: Final = both(somebody((0, 30), 0, highly=True), somebody((0, 30), 0, highly=False), 0)
FAILING: Final = both(somebody((12, 30), 1_000, highly=True), somebody((0, 6), 0, highly=False), 1)
"""12 % and more against at most 6 %, which allow 8 %."""


def averages(people: list[dict[str, Any]]) -> Averages:
    """Return the averages of people's deferrals."""
    names = ("pre_tax_cents", "pay_cents", "is_hce")
    column = {name: np.array([one[name] for one in people]) for name in names}
    return Averages.of(column["pre_tax_cents"], column["pay_cents"], column["is_hce"], CAP, None)


@settings(max_examples=60)
@given(people=FAILING)
def test_refunds_never_make_the_test_worse_nor_take_more_than_there_is(people: list[dict[str, Any]]) -> None:
    found = averages(people)
    assert not found.passed
    back = found.refunds().refunds
    given = found.counted[found.highly]
    assert (back >= 0).all()
    assert (back <= given).all()
    assert back.sum() == found.refunds().total_cents
    after = contribution_ratios(given - back, found.pay[found.highly], CAP).mean()
    assert settled(lambda new, old: new <= old, after, found.hce)


@settings(max_examples=60)
@given(people=FAILING)
def test_who_is_refunded_keeps_no_less_than_anybody_had_who_is_not(people: list[dict[str, Any]]) -> None:
    found = averages(people)
    back = found.refunds().refunds
    given = found.counted[found.highly]
    kept = given - back
    # Levelled: nobody is taken below the next one's dollars, but for the cent that rounding leaves over.
    assert kept[back > 0].min(initial=10**12) >= kept[back == 0].max(initial=0) - 1
    assert np.ptp(kept[back > 0]) <= 1 if (back > 0).any() else not found.refunds().total_cents


@settings(max_examples=60)
@given(people=FAILING)
def test_the_percentages_that_the_total_comes_from_average_the_limit(people: list[dict[str, Any]]) -> None:
    found = averages(people)
    cap = exact_of(found.refunds().cap)
    ratios = [
        min(Fraction(int(given), int(pay)), cap) if pay else Fraction(0)
        for given, pay in zip(found.counted[found.highly], found.pay[found.highly], strict=True)
    ]
    assert sum(ratios) / len(ratios) == exact_of(found.limit)


@settings(max_examples=60)
@given(people=FAILING)
def test_after_the_contribution_to_the_others_the_test_passes(people: list[dict[str, Any]]) -> None:
    found = averages(people)
    given = found.qnec()
    paid = found.pay[~found.highly] > 0
    if given is None:
        assert not paid.any()
        return
    assert (given[~paid] == 0).all()
    raised = contribution_ratios(found.counted[~found.highly] + given, found.pay[~found.highly], CAP)
    assert passes(found.hce, raised.mean())


@pytest.mark.parametrize("test", [adp, acp], ids=["adp", "acp"])
@settings(max_examples=25)
@given(people=st.one_of(PEOPLE, FAILING), correction=st.sampled_from(["refund", "qnec"]))
def test_a_failure_costs_something_or_was_nobodys_to_lose(
    test: Any, people: list[dict[str, Any]], correction: str
) -> None:
    (found,) = test(year_of(*people, values={"plan.testing.correction": correction}))
    if found.outcome is Outcome.PASS:
        assert (found.refunds_cents, found.cost_cents) == (0, 0)
    else:
        assert found.margin is not None
        assert found.margin <= 0
        assert found.refunds_cents >= 0
        assert found.cost_cents >= 0
        assert found.refunds_cents * found.cost_cents == 0


def answer(verdict: Verdict) -> tuple[Any, ...]:
    """Return a verdict in numbers, with what was looked at of each employee."""
    fixed = [name for name in verdict.rows.columns if name in KEPT]
    working = verdict.rows.select(fixed).sort(fixed).rows() if fixed else []
    found = (verdict.outcome, verdict.reason, verdict.figures, verdict.margin)
    return (*found, verdict.refunds_cents, verdict.cost_cents, working)


KEPT: Final = frozenset(
    {"employee_id", "is_hce", "pay_cents", "counted_cents", "ratio_bp", "benefits", "excludable", "key"}
)


@settings(max_examples=15)
@given(people=st.one_of(PEOPLE, FAILING), data=st.data())
def test_the_order_of_rows_changes_no_verdict(people: list[dict[str, Any]], data: st.DataObject) -> None:
    # No two contributions are equal: of equal ones the first row gives the cent that is left over.
    sources = ("pre_tax_cents", "match_cents")
    apart = [{**one, **{name: one[name] + n for name in sources}} for n, one in enumerate(people)]
    year = year_of(*apart)
    order = data.draw(st.permutations(range(len(people))))
    shuffled = PlanYear(year.year, People.of(year.people[order]), year.scenario)
    for check in TESTS.values():
        assert [*map(answer, check(year))] == [*map(answer, check(shuffled))]


PAYS = st.lists(st.integers(0, 40_000_000), min_size=1, max_size=30)


@given(pays=PAYS, low=st.integers(0, 30_000_000), more=st.integers(0, 10_000_000), data=st.data())
def test_fewer_are_highly_compensated_the_higher_the_threshold(
    pays: list[int], low: int, more: int, data: st.DataObject
) -> None:
    owners = np.array(data.draw(st.lists(st.booleans(), min_size=len(pays), max_size=len(pays))))
    chosen = top_paid(np.array(pays), data.draw(st.integers(0, len(pays))))
    for elected in (None, chosen):
        many = highly_compensated(np.array(pays), low, owners, elected)
        few = highly_compensated(np.array(pays), low + more, owners, elected)
        assert (many | ~few).all()
        assert few[owners].all()
