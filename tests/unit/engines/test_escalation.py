from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.engines import escalation
from tests.participating import STILL, events_of, live, story
from tests.plan_years import Stated, enrolled, in_plan, the_year
from tests.populations import census_of

RULE = "plan.escalation."
TURNS_21_IN_MAY = {"birth_date": date(2004, 5, 10), "hire_date": date(2024, 2, 5)}
SAVER = {"deferral_bp": 500, "roth_deferral_bp": 0}


def _rates(values: dict[str, Any], *stated: Stated, person: dict[str, Any] | None = None) -> Any:
    """Return the escalations from 2025 to 2031 of somebody, by default one who is swept on 1 July 2025."""
    census = census_of(person or TURNS_21_IN_MAY)
    told = story(live(census, {**STILL, **values}, years=(2025, 2031), stated=stated), "E1")
    return [(day, pre_tax, roth) for kind, day, pre_tax, roth in told if kind == "escalation"]


def _each_january(first: int, *rates: int) -> list[tuple[date, int, int]]:
    return [(date(first + place, 1, 1), rate, 0) for place, rate in enumerate(rates)]


def test_the_worked_example_of_the_method_note() -> None:
    # Enrolled at 6 % on 1 July 2025; a year is complete on 1 July 2026, the next date is 1 January 2027.
    assert _rates({}) == _each_january(2027, 700, 800, 900, 1000)


def test_without_a_delay_the_next_date_counts() -> None:
    assert _rates({RULE + "delay_years": 0}) == _each_january(2026, 700, 800, 900, 1000)


def test_a_date_counts_on_which_the_delay_is_just_complete() -> None:
    assert _rates({RULE + "month": 7})[0] == (date(2026, 7, 1), 700, 0)
    assert _rates({RULE + "month": 6, RULE + "day": 30})[0] == (date(2027, 6, 30), 700, 0)


def test_nobody_is_raised_on_the_day_of_enrolment() -> None:
    assert _rates({RULE + "month": 7, RULE + "delay_years": 0})[0] == (date(2026, 7, 1), 700, 0)


def test_the_last_increase_is_cut_at_the_cap_and_the_plan_limit() -> None:
    rates = _rates({RULE + "increase": "1.5%", RULE + "cap": "8%"})
    assert rates == _each_january(2027, 750, 800)
    limited = _rates({"plan.deferral.maximum_rate": "7.5%"})
    assert limited == _each_january(2027, 700, 750)


def test_a_refusal_is_for_good_and_leaves_the_rate_as_it_is() -> None:
    assert _rates({RULE + "refusal_rate": 1}) == [(date(2027, 1, 1), 600, 0)]
    lived = live(census_of(TURNS_21_IN_MAY), {**STILL, RULE + "refusal_rate": 1}, years=(2025, 2028))
    assert events_of(lived, "escalation")["refused"].to_list() == [True]
    assert lived[-1].state.people["escalation_refused"].to_list() == [True]


def test_refusals_come_at_their_rate_year_by_year() -> None:
    values = {**STILL, RULE + "refusal_rate": "7%", RULE + "delay_years": 0}
    lived = live(census_of(*[TURNS_21_IN_MAY] * 2_000), values, years=(2025, 2027))
    told = events_of(lived, "escalation")
    shares = told.group_by("effective_date").agg(pl.col("refused").mean()).sort("effective_date")["refused"]
    # A standard deviation is 0.006.
    assert shares.to_list() == pytest.approx([0.07, 0.07], abs=0.02)
    refused = told.filter("refused")
    assert refused["person"].is_unique().all()


@pytest.mark.parametrize(("scope", "expected"), [("swept", []), ("all", [600, 700, 800, 900, 1000])])
def test_those_who_chose_themselves_are_raised_only_if_all_are(scope: str, expected: list[int]) -> None:
    assert [rate for _, rate, _ in _rates({RULE + "scope": scope}, person=SAVER)] == expected


def test_who_makes_a_choice_of_their_own_is_no_longer_swept() -> None:
    change = {"pre_tax_rate_bp": 650, "roth_rate_bp": 0, "reason": "increase"}
    assert _rates({}, ("deferral_change", "E1", date(2026, 3, 1), change)) == []


def test_all_roth_stays_all_roth_and_a_mixed_election_rises_before_tax() -> None:
    values = {RULE + "scope": "all"}
    roth = _rates(values, person={"deferral_bp": 0, "roth_deferral_bp": 900})
    assert roth == [(date(2025, 1, 1), 0, 1000)]
    mixed = _rates(values, person={"deferral_bp": 300, "roth_deferral_bp": 600})
    assert mixed == [(date(2025, 1, 1), 400, 600)]


def test_who_is_above_the_cap_or_defers_nothing_or_has_left_is_left_alone() -> None:
    values = {RULE + "scope": "all"}
    assert _rates(values, person={"deferral_bp": 1200, "roth_deferral_bp": 0}) == []
    assert _rates(values, person={"deferral_bp": 0, "roth_deferral_bp": 0}) == []
    left: Stated = ("termination", "E1", date(2025, 6, 30), {"reason": "voluntary"})
    assert _rates({**values, RULE + "month": 7}, left, person=SAVER) == []
    assert _rates({RULE + "enabled": False}) == []
    assert _rates({"plan.enabled": False}) == []


@pytest.mark.parametrize(("form", "expected"), [("qaca", [500]), ("eaca", [400])])
def test_a_qaca_raises_at_least_to_the_minimum_of_the_year(form: str, expected: list[int]) -> None:
    at_three = {"method": "automatic", "pre_tax_rate_bp": 300, "roth_rate_bp": 0}
    swept: Stated = ("enrollment", "E1", date(2022, 5, 1), at_three)
    context, state = the_year(census_of({}), [in_plan("E1"), swept])
    plan = context.scenario.plan
    plan = plan.model_copy(update={"auto_enrollment": plan.auto_enrollment.model_copy(update={"form": form})})
    context = replace(context, scenario=context.scenario.model_copy(update={"plan": plan}))
    # First default contribution in 2022: 3 % to the end of 2023, 4 % in 2024, 5 % in 2025.
    raised = escalation.decide(context, state)["escalation"]
    assert raised["pre_tax_rate_bp"].to_list() == expected


def test_an_enrolment_of_the_same_year_after_the_date_is_not_raised() -> None:
    values = {RULE + "scope": "all", RULE + "delay_years": 0, RULE + "month": 7}
    stated = [in_plan("E1"), enrolled("E1", date(2025, 8, 1), 400)]
    context, state = the_year(census_of({}), stated, values)
    assert escalation.decide(context, state)["escalation"].is_empty()
