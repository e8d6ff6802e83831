"""Designs that are lawful and doubtful: each is noted where it was set, with its section."""

from __future__ import annotations

import pytest

from simulation.parameters import Scenario, load_scenario
from simulation.parameters.plan.doubts import doubts_of

ENHANCED = "plan.match={safe_harbor: enhanced, tiers: [{up_to: 0.07, rate: 1}]}"
FALLING = "[{from_years: 0, up_to: 0.06, rate: 1}, {from_years: 5, up_to: 0.06, rate: 0.5}]"
GROUPS = (
    "plan.profit_sharing={{formula: new_comparability, "
    "groups: [{{from_level: 1, rate: {}}}, {{from_level: 5, rate: {}}}]}}"
)
YOUNG = "plan.established=2023-06-01"

DOUBTFUL = [
    (["plan.match.tiers=[{up_to: 3%, rate: 0.5}, {up_to: 6%, rate: 1}]"], "match.tiers", "1.401(m)-3(d)(2)"),
    (
        [f"plan.match={{formula: service, service_tiers: {FALLING}}}"],
        "match.service_tiers",
        "falls as service rise",
    ),
    ([ENHANCED, "plan.vesting.match=immediate"], "match.tiers", "IRC 401(m)(11)(B)(i)"),
    (
        ["plan.match={safe_harbor: basic, catch_up: false}", "plan.vesting.match=immediate"],
        "match.catch_up",
        "IRC 401(k)(12)(B)",
    ),
    (["plan.match.last_day=true"], "match.last_day", "paid each pay period"),
    (["plan.match.minimum_hours=1000"], "match.minimum_hours", "paid each pay period"),
    (["plan.nonelective.last_day=true"], "nonelective.last_day", "paid each pay period"),
    (
        ["plan.auto_enrollment.default_rate=11%", "plan.escalation.cap=15%"],
        "auto_enrollment.default_rate",
        "IRC 414A(b)(3)",
    ),
    (["plan.escalation.cap=6%"], "escalation.cap", "nobody is raised"),
    ([YOUNG, "plan.auto_enrollment.enabled=false"], "auto_enrollment.enabled", "IRC 414A"),
    ([YOUNG, "plan.auto_enrollment.form=basic"], "auto_enrollment.form", "IRC 414A"),
    ([YOUNG, "plan.auto_enrollment.default_rate=2%"], "auto_enrollment.default_rate", "IRC 414A"),
    ([YOUNG, "plan.escalation.enabled=false"], "escalation.enabled", "IRC 414A"),
    ([YOUNG, "plan.escalation.cap=9%"], "escalation.cap", "IRC 414A"),
    (
        [GROUPS.format("4.9%", "15%")],
        "profit_sharing.groups",
        "1.401(a)(4)-8(b)(1)(vi)",
    ),
    (["plan.deferral.roth_feature=false"], "deferral.roth_feature", "IRC 414(v)(7)"),
    (["plan.eligibility.excluded_classes=[temporary]"], "eligibility.excluded_classes", "1.410(a)-3(e)"),
    (
        ["plan.eligibility={service_months: 12, service_method: hours, long_term_part_time: false}"],
        "eligibility.long_term_part_time",
        "IRC 401(k)(2)(D), (15)",
    ),
    (
        ["plan.eligibility={service_months: 6, service_method: hours}"],
        "eligibility.service_method",
        "IRC 410(a)(3)(A)",
    ),
    (["plan.partial_termination.threshold=30%"], "partial_termination.threshold", "Rev. Rul. 2007-43"),
]


@pytest.mark.parametrize(("given", "where", "section"), DOUBTFUL)
def test_a_doubtful_design_is_noted_with_its_section(given: list[str], where: str, section: str) -> None:
    (note,) = doubts_of(load_scenario("baseline", set=given))
    assert note.where == f"plan.{where}"
    assert section in str(note)


UNDOUBTED = [
    ["plan.match={last_day: true, minimum_hours: 1000, period: annual}"],
    ["plan.nonelective={last_day: true, payment: annual}"],
    ["plan.established=2022-12-28", "plan.auto_enrollment.enabled=false"],
    [YOUNG],
    ["plan.deferral={roth_feature: false, catch_up: false}"],
    ["plan.deferral.roth_feature=false", "horizon.start_year=2024", "horizon.end_year=2025"],
    [GROUPS.format("3%", "9%")],
    ["plan.enabled=false", "plan.deferral.roth_feature=false"],
]


@pytest.mark.parametrize("given", UNDOUBTED)
def test_what_the_law_knows_is_not_noted(given: list[str]) -> None:
    assert list(doubts_of(load_scenario("baseline", set=given))) == []


def test_the_baseline_is_beyond_doubt() -> None:
    assert list(doubts_of(Scenario())) == []
