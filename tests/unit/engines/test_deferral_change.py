from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.engines import deferral_change
from tests.participating import STILL, events_of, live
from tests.plan_years import Stated, enrolled, in_plan, the_year
from tests.populations import census_of

DEFERRAL = "plan.deferral."
ON_FIRST_JULY = {DEFERRAL + "effective": "07-01"}
FIRST_JULY = date(2025, 7, 1)
SAVER = {"deferral_bp": 500, "roth_deferral_bp": 0}
SIX = [{"up_to": "6%", "rate": "50%"}]
THREE = [{"up_to": "3%", "rate": "100%"}]


def _changes(values: dict[str, Any], *people: dict[str, Any], stated: tuple[Stated, ...] = ()) -> Any:
    settings = {**STILL, **ON_FIRST_JULY, DEFERRAL + "match_response_share": 1, **values}
    made = events_of(live(census_of(*people), settings, stated=stated), "deferral_change")
    return made.select("employee_id", "reason", "pre_tax_rate_bp", "roth_rate_bp").sort("employee_id").rows()


def _saving(*rates: int) -> list[dict[str, Any]]:
    return [{"deferral_bp": rate, "roth_deferral_bp": 0} for rate in rates]


@pytest.mark.parametrize(
    ("key", "start", "expected"),
    [
        ("raise_rate", (500, 0), ("increase", 600, 0)),
        ("raise_rate", (0, 500), ("increase", 0, 600)),
        ("raise_rate", (300, 200), ("increase", 400, 200)),
        ("lower_rate", (500, 0), ("decrease", 400, 0)),
        ("lower_rate", (50, 250), ("decrease", 0, 200)),
        ("lower_rate", (100, 0), ("stop", 0, 0)),
        ("stop_rate", (300, 200), ("stop", 0, 0)),
    ],
)
def test_own_changes_go_one_step_or_to_nothing(
    key: str, start: tuple[int, int], expected: tuple[str, int, int]
) -> None:
    person = {"deferral_bp": start[0], "roth_deferral_bp": start[1]}
    assert _changes({DEFERRAL + key: 1}, person) == [("E1", *expected)]


def test_the_worked_example_of_the_method_note() -> None:
    # 50 % of 6 % instead of the known match, which ends at 5 %: from 3 % to 6 %, and 8 % stays.
    changes = _changes({"plan.match.tiers": SIX}, *_saving(300, 800))
    assert changes == [("E1", "match_response", 600, 0)]


def test_nobody_is_raised_above_the_plan_limit() -> None:
    limit = {DEFERRAL + "raise_rate": 1, DEFERRAL + "maximum_rate": "6.5%"}
    changes = _changes(limit, *_saving(600, 650))
    assert changes == [("E1", "increase", 650, 0)]


def test_who_defers_more_than_the_plan_takes_is_cut_to_it_at_once() -> None:
    values = {**STILL, **ON_FIRST_JULY, DEFERRAL + "maximum_rate": "6.5%", DEFERRAL + "stop_rate": 1}
    people = [*_saving(700), {"deferral_bp": 200, "roth_deferral_bp": 700}]
    made = events_of(live(census_of(*people), values, years=(2025, 2026)), "deferral_change")
    told = made.select("employee_id", "effective_date", "reason", "pre_tax_rate_bp", "roth_rate_bp").rows()
    assert told == [
        ("E1", date(2025, 1, 1), "decrease", 650, 0),
        ("E2", date(2025, 1, 1), "decrease", 0, 650),
        ("E1", date(2026, 7, 1), "stop", 0, 0),
        ("E2", date(2026, 7, 1), "stop", 0, 0),
    ]


def test_chances_are_met() -> None:
    # calibration.csv: deferral_change_in_year, Vanguard 2023: own increase 0.15, decrease 0.08.
    lived = live(census_of(*[SAVER] * 4_000), {**ON_FIRST_JULY, "plan.escalation.enabled": False})
    made = events_of(lived, "deferral_change")
    counts = {reason: count / 4_000 for reason, count in made["reason"].value_counts().iter_rows()}
    # A standard deviation is at most 0.006.
    assert counts == pytest.approx({"increase": 0.15, "decrease": 0.08, "stop": 0.015}, abs=0.02)
    assert (made["cause_draw"] < made["cause_probability"]).all()
    assert (made["cause_draw"] >= 0).all()


def test_days_follow_the_month_weights() -> None:
    values = {**STILL, DEFERRAL + "raise_rate": 1, DEFERRAL + "effective": [0] * 4 + [1, 1] + [0] * 6}
    days = events_of(live(census_of(*[SAVER] * 200), values), "deferral_change")["effective_date"]
    assert set(days.dt.month()) == {5, 6}


def test_who_leaves_before_the_day_changes_nothing() -> None:
    def left(on: date) -> Stated:
        return "termination", "E1", on, {"reason": "voluntary"}

    values = {DEFERRAL + "raise_rate": 1}
    assert _changes(values, SAVER, stated=(left(date(2025, 6, 30)),)) == []
    assert len(_changes(values, SAVER, stated=(left(FIRST_JULY),))) == 1


def test_who_joined_this_year_and_who_defers_nothing_is_left_alone() -> None:
    values = {**STILL, **ON_FIRST_JULY, DEFERRAL + "raise_rate": 1}
    stated = [in_plan("E1"), in_plan("E2"), enrolled("E1", date(2025, 2, 1), 400)]
    context, state = the_year(census_of({}, {"deferral_bp": 0, "roth_deferral_bp": 0}), stated, values)
    assert deferral_change.decide(context, state)["deferral_change"].is_empty()


def test_a_change_builds_on_the_escalation_of_the_year_and_does_not_come_before_it() -> None:
    values = {**STILL, DEFERRAL + "raise_rate": 1, DEFERRAL + "effective": "02-01"}
    values |= {"plan.escalation.scope": "all", "plan.escalation.month": 7}
    lived = live(census_of(SAVER), values)
    made = events_of(lived, "deferral_change").select("effective_date", "pre_tax_rate_bp").rows()
    assert made == [(FIRST_JULY, 700)]
    assert lived[0].state.people["deferral_bp"].to_list() == [700]


@pytest.mark.parametrize(
    ("tiers", "before", "after"),
    [
        (SIX, [100, 500, 600, 800], {1: 600, 2: 600}),
        (THREE, [200, 400, 500, 600], {2: 300, 3: 300}),
        ([{"up_to": "5%", "rate": "25%"}], [200, 400, 500, 600], {}),
        ([{"up_to": "6%", "rate": "50%"}, {"up_to": "10%", "rate": "0%"}], [300, 700], {1: 600}),
        ([], [200, 500, 600], {}),
    ],
)
def test_a_match_that_ends_elsewhere_moves_those_whom_it_concerns(
    tiers: list[dict[str, str]], before: list[int], after: dict[int, int]
) -> None:
    expected = [(f"E{n}", "match_response", rate, 0) for n, rate in after.items()]
    assert _changes({"plan.match.tiers": tiers}, *_saving(*before)) == expected


def test_the_match_that_people_know_moves_nobody() -> None:
    assert _changes({}, *_saving(100, 300, 700)) == []


def test_the_match_of_ones_own_service_is_answered() -> None:
    bands = [
        {"from_years": 0, "up_to": "4%", "rate": "50%"},
        {"from_years": 5, "up_to": "8%", "rate": "50%"},
    ]
    values = {"plan.match.formula": "service", "plan.match.service_tiers": bands}
    new, old = {**SAVER, "hire_date": date(2023, 1, 1)}, {**SAVER, "hire_date": date(2019, 12, 31)}
    assert _changes(values, new, old) == [("E1", "match_response", 400, 0), ("E2", "match_response", 800, 0)]


def test_the_answer_is_given_once_by_the_share_and_in_place_of_another_change() -> None:
    values = {**STILL, "plan.match.tiers": SIX, DEFERRAL + "raise_rate": 1}
    lived = live(census_of(*_saving(300) * 2_000), values, years=(2025, 2026))
    by_year = [one.events["deferral_change"]["reason"].value_counts().rows() for one in lived]
    first, second = (dict(rows) for rows in by_year)
    # 30 % of 2,000, with a standard deviation of 20.
    assert abs(first["match_response"] - 600) < 80
    assert first["match_response"] + first["increase"] == 2_000
    assert second == {"increase": 2_000}


def test_without_a_plan_nothing_changes() -> None:
    context, state = the_year(census_of(SAVER), (), {"plan.enabled": False})
    assert deferral_change.decide(context, state) == {}
