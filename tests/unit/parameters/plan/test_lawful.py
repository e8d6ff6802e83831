"""Designs that no plan may have: each is refused, where it was set, with its section."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.errors import ScenarioError
from simulation.parameters import load_scenario

SAFE = ["plan.match.safe_harbor=basic", "plan.vesting.match=immediate"]
ENHANCED = ["plan.match.safe_harbor=enhanced", "plan.vesting.match=immediate"]
QACA = [
    "plan.auto_enrollment.form=qaca",
    "plan.match.safe_harbor=qaca",
    "plan.match.tiers=[{up_to: 0.01, rate: 1}, {up_to: 0.06, rate: 0.5}]",
    "plan.vesting.match=cliff2",
]
LOW = "plan.auto_enrollment.default_rate=3%"
NONELECTIVE = [
    "plan.nonelective.safe_harbor=true",
    "plan.nonelective.rate=3%",
    "plan.vesting.nonelective=immediate",
]
INTEGRATED = ["plan.nonelective.formula=integrated", "plan.nonelective.rate=10%"]


def problems_of(*given: str) -> list[str]:
    try:
        load_scenario("baseline", set=list(given))
    except ScenarioError as error:
        return [str(problem) for problem in error.problems]
    return []


UNLAWFUL = [
    ([*QACA, "plan.vesting.match=cliff3"], "plan.vesting.match", "IRC 401(k)(13)(D)(iii)"),
    ([*SAFE, "plan.vesting.match=cliff2"], "plan.vesting.match", "IRC 401(k)(12)(E)(i)"),
    ([*SAFE, "plan.match.last_day=true"], "plan.match.last_day", "1.401(k)-3"),
    ([*SAFE, "plan.match.minimum_hours=1000"], "plan.match.minimum_hours", "1.401(k)-3"),
    ([*SAFE, "plan.match.dollar_cap=2000"], "plan.match.dollar_cap", "1.401(k)-3"),
    ([*SAFE, "plan.match.tiers=[{up_to: 0.06, rate: 0.5}]"], "plan.match.tiers", "401(k)(12)(B)(i)"),
    ([*SAFE, "plan.match.tiers=[]"], "plan.match.tiers", "401(k)(12)(B)(i)"),
    ([*SAFE, "plan.match.formula=service"], "plan.match.formula", "401(k)(12)(B)(ii)"),
    ([*ENHANCED, "plan.match.tiers=[{up_to: 0.08, rate: 0.5}]"], "plan.match.tiers", "(12)(B)(iii)"),
    (
        [*ENHANCED, "plan.match.tiers=[{up_to: 0.04, rate: 1}, {up_to: 0.06, rate: 1.1}]"],
        "plan.match.tiers",
        "401(k)(12)(B)(iii)(I)",
    ),
    ([*SAFE, "plan.eligibility.employer_service_months=24"], "employer_service_months", "401(k)(12)"),
    ([*QACA, "plan.auto_enrollment.enabled=false"], "plan.match.safe_harbor", "401(k)(13)(A)"),
    ([*QACA, "plan.match.safe_harbor=none"], "plan.auto_enrollment.form", "401(k)(13)(D)(i)"),
    ([*QACA, "plan.auto_enrollment.default_rate=2%"], "default_rate", "401(k)(13)(C)(iii)"),
    ([*QACA, "plan.auto_enrollment.default_rate=11%"], "default_rate", "401(k)(13)(C)(iii)"),
    ([*QACA, LOW, "plan.escalation.enabled=false"], "plan.escalation.enabled", "401(k)(13)(C)(iii)"),
    ([*QACA, LOW, "plan.escalation.cap=5%"], "plan.escalation.cap", "401(k)(13)(C)(iii)"),
    ([*QACA, LOW, "plan.escalation.delay_years=2"], "plan.escalation.delay_years", "0.0300, 0.0300, 0.0400"),
    ([*QACA, LOW, "plan.escalation.month=7"], "plan.escalation", "401(k)(13)(C)(iii)"),
    ([*NONELECTIVE, "plan.nonelective.rate=2.9%"], "plan.nonelective.rate", "401(k)(12)(C)"),
    ([*NONELECTIVE, "plan.nonelective.formula=service"], "plan.nonelective", "401(k)(12)(C)"),
    ([*NONELECTIVE, "plan.nonelective.last_day=true"], "plan.nonelective.last_day", "1.401(k)-3"),
    ([*NONELECTIVE, "plan.vesting.nonelective=cliff2"], "plan.vesting.nonelective", "401(k)(12)(E)(i)"),
    (
        ["plan.eligibility.entry=annual", "plan.eligibility.service_months=12"],
        "plan.eligibility.entry",
        "IRC 410(a)(4)",
    ),
    (["plan.eligibility.entry=annual"], "plan.eligibility.entry", "IRC 410(a)(4)"),
    (
        [
            "plan.eligibility.entry=annual",
            "plan.eligibility.minimum_age=18",
            "plan.eligibility.employer_service_months=12",
        ],
        "employer_service_months",
        "IRC 410(a)(4)",
    ),
    (
        ["plan.eligibility.employer_service_months=24"],
        "plan.eligibility.employer_service_months",
        "IRC 410(a)(1)(B)(i)",
    ),
    (
        [
            "plan.vesting.match=custom",
            "plan.vesting.custom=[{from_years: 0, vested: 0}, {from_years: 4, vested: 1}]",
        ],
        "plan.vesting.custom",
        "IRC 411(a)(2)(B)",
    ),
    ([*INTEGRATED, "plan.nonelective.rate=2%"], "plan.nonelective.rate", "1.401(l)-2"),
    (
        [*INTEGRATED, "plan.nonelective.integration={excess_rate: 5%, level: 0.8}"],
        "plan.nonelective.integration",
        "at most 0.0430",
    ),
    (
        [*INTEGRATED, "plan.nonelective.integration={excess_rate: 5.5%, level: 0.81}"],
        "plan.nonelective.integration",
        "at most 0.0540",
    ),
    ([*INTEGRATED, "plan.profit_sharing.formula=integrated"], "plan.nonelective.formula", "1.401(l)-5"),
    (["plan.auto_enrollment.withdrawal_window_days=29"], "withdrawal_window_days", "IRC 414(w)(2)(B)"),
    (["plan.auto_enrollment.withdrawal_window_days=91"], "withdrawal_window_days", "IRC 414(w)(2)(B)"),
]


@pytest.mark.parametrize(("given", "where", "section"), UNLAWFUL)
def test_an_unlawful_design_is_refused_with_its_section(given: list[str], where: str, section: str) -> None:
    (problem,) = problems_of(*given)
    assert where in problem
    assert section in problem


CONTRADICTORY = [
    (["plan.auto_enrollment.default_rate=0"], "default_rate above 0"),
    (["plan.deferral.maximum_rate=5%"], "default_rate 0.0600 above maximum_rate 0.0500"),
    (["plan.vesting.match=custom"], "no custom schedule"),
    (
        ["plan.vesting.custom=[{from_years: 0, vested: 1}, {from_years: 2, vested: 0.5}]"],
        "the vested share falls",
    ),
    (
        ["plan.eligibility.service_months=6", "plan.eligibility.employer_service_months=3"],
        "3 months for employer money, 6 to defer",
    ),
    (["plan.enrollment.long_run_rate=40%"], "below first_year_rate"),
    (["plan.escalation.month=2", "plan.escalation.day=29"], "a date that every year has"),
    (["plan.distributions.rollover_rate=60%"], "add up to at most 1"),
    (["plan.distributions.force_out_limit=500"], "cash_limit <= force_out_limit"),
    (
        ["plan.profit_sharing={formula: new_comparability, groups: [{from_level: 1, rate: 0}]}"],
        "every group has rate 0",
    ),
]


@pytest.mark.parametrize(("given", "found"), CONTRADICTORY)
def test_a_contradictory_design_is_refused(given: list[str], found: str) -> None:
    (problem,) = problems_of(*given)
    assert found in problem


LAWFUL = [
    SAFE,
    ENHANCED,
    QACA,
    [*QACA, LOW],
    [*QACA, LOW, "plan.escalation.month=7", "plan.escalation.delay_years=0"],
    [*QACA, "plan.vesting.match=immediate"],
    [*QACA, "plan.match.safe_harbor=none", *NONELECTIVE, "plan.vesting.nonelective=cliff2"],
    NONELECTIVE,
    [*ENHANCED, "plan.match.tiers=[{up_to: 0.04, rate: 1}]"],
    ["plan.eligibility.entry=semi_annual", "plan.eligibility.service_months=12"],
    ["plan.eligibility={entry: annual, service_months: 6, minimum_age: 20}"],
    ["plan.eligibility.employer_service_months=24", "plan.vesting.match=immediate"],
    ["plan.vesting={match: custom, custom: [{from_years: 0, vested: 0.2}, {from_years: 3, vested: 1}]}"],
    [*INTEGRATED, "plan.nonelective.integration={excess_rate: 5.7%, level: 0.2}"],
    ["plan.enabled=false", "plan.eligibility.entry=annual"],
]


@pytest.mark.parametrize("given", LAWFUL)
def test_a_lawful_design_is_not_refused(given: list[str]) -> None:
    assert problems_of(*given) == []


def test_every_mistake_of_a_design_is_told_at_once() -> None:
    given = [*QACA, "plan.vesting.match=cliff3", "plan.match.last_day=true", LOW, "plan.escalation.cap=4%"]
    assert len(problems_of(*given)) == 3


@settings(max_examples=25, deadline=None)
@given(ends=st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True), rates=st.data())
def test_a_safe_harbour_pays_at_least_the_basic_match_at_every_deferral(
    ends: list[int], rates: st.DataObject
) -> None:
    paid = rates.draw(st.lists(st.integers(1, 8), min_size=len(ends), max_size=len(ends)))
    tiers = list(zip(sorted(ends), sorted(paid, reverse=True), strict=True))
    text = ", ".join(f"{{up_to: {end}%, rate: {rate / 4}}}" for end, rate in tiers)
    worst = min(_quarters(tiers, at) - min(at, 3) * 4 - 2 * min(max(at - 3, 0), 2) for at in range(14))
    refused = problems_of(*ENHANCED, f"plan.match.tiers=[{text}]")
    assert bool(refused) == (worst < 0)


def _quarters(tiers: list[tuple[int, int]], deferral: int) -> int:
    """Return the match of a deferral in whole percent, in quarters of a percent of pay."""
    lower, total = 0, 0
    for end, rate in tiers:
        total += max(min(deferral, end) - lower, 0) * rate
        lower = end
    return total
