from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest

from simulation.compliance import Outcome, PlanYear, Verdict
from simulation.compliance.coverage import (
    average_benefit,
    coverage_of,
    safe_harbor_percentage,
    unsafe_harbor_percentage,
)
from simulation.rules.coverage import Coverage
from tests.tested_years import column_of, figure_of, year_of

CHIEF: Final = {"is_hce": True, "pay_cents": 200_000_00, "pre_tax_cents": 10_000_00}
OUT: Final = {"employee_class": "temporary", "entry_date": None, "employer_entry_date": None}
NO_TEMPS: Final = {"plan.eligibility.excluded_classes": ["union", "temporary"]}
NO_MATCH: Final[dict[str, Any]] = {"plan.match.tiers": []}


def parts(year: PlanYear) -> dict[str, Verdict]:
    return {verdict.group: verdict for verdict in coverage_of(year)}


def counts(found: Verdict) -> list[Fraction | int | None]:
    return [
        figure_of(found, title)
        for title in (
            "Others who benefit",
            "Others, nonexcludable",
            "Highly compensated who benefit",
            "Highly compensated, nonexcludable",
        )
    ]


@pytest.mark.parametrize(
    ("inside", "reason"), [(7, "at least 70 %"), (6, "the classification is safe")], ids=["70 %", "60 %"]
)
def test_seventy_percent_is_enough_and_less_needs_the_average_benefit(inside: int, reason: str) -> None:
    # Six defer 6 % and four nothing: 3.6 % against 5 % are 72 %.
    people = [{"pre_tax_cents": 3_600_00}] * inside + [OUT] * (10 - inside)
    found = parts(year_of(CHIEF, CHIEF, *people, values=NO_TEMPS))["deferrals"]
    assert found.outcome is Outcome.PASS
    assert counts(found) == [inside, 10, 2, 2]
    assert found.margin == Fraction(inside, 10) - Fraction(7, 10)
    assert reason in found.reason


def test_an_average_benefit_below_seventy_percent_fails() -> None:
    # Six defer 5 % and four nothing: 3 % against 5 % are 60 %.
    year = year_of(CHIEF, *[{"pre_tax_cents": 3_000_00}] * 6, *[OUT] * 4, values=NO_TEMPS)
    found = parts(year)["deferrals"]
    assert (found.outcome, figure_of(found, "Average benefit percentage")) == (Outcome.FAIL, Fraction(3, 5))
    assert "average benefit" in found.reason


def test_a_classification_that_is_not_safe_fails_whatever_the_average() -> None:
    # 30 % benefit. Ten others of twelve are 83 %: 50 less 23 times 0.75 is 32.75; of eleven 90 %: 27.5.
    people = [{"pre_tax_cents": 30_000_00}] * 3 + [OUT] * 7
    two, one = (parts(year_of(*[CHIEF] * many, *people, values=NO_TEMPS))["deferrals"] for many in (2, 1))
    assert (two.outcome, one.outcome) == (Outcome.FAIL, Outcome.PASS)
    assert "classification" in two.reason


@pytest.mark.parametrize(
    ("others", "safe", "unsafe"),
    [(60, "0.5", "0.4"), (61, "0.4925", "0.3925"), (75, "0.3875", "0.2875"), (99, "0.2075", "0.2")],
)
def test_the_harbours_fall_with_the_share_of_the_others(others: int, safe: str, unsafe: str) -> None:
    found = Coverage(nhce_benefiting=0, nhce=others, hce_benefiting=0, hce=100 - others)
    assert (safe_harbor_percentage(found), unsafe_harbor_percentage(found)) == (
        Fraction(safe),
        Fraction(unsafe),
    )


def test_union_members_and_who_has_not_met_age_and_service_are_left_out() -> None:
    unmet = {"entry_date": None, "employer_entry_date": None, "birth_date": date(2006, 1, 1)}
    union = {**OUT, "employee_class": "union"}
    new = {**OUT, "hire_date": date(2025, 12, 2)}
    values = {**NO_TEMPS, **NO_MATCH, "plan.eligibility.entry": "monthly"}
    found = parts(year_of(CHIEF, {}, unmet, union, new, OUT, values=values))["deferrals"]
    # The new one would have entered on 1 January 2026.
    assert column_of(found, "excludable") == [False, False, True, True, True, False]


def test_by_hours_who_has_not_entered_has_not_met_the_service() -> None:
    values = {"plan.eligibility.service_method": "hours", "plan.eligibility.service_months": 12}
    short = {"entry_date": None, "employer_entry_date": None, "hours": 400}
    found = parts(year_of(CHIEF, {}, short, values=values))["deferrals"]
    assert column_of(found, "excludable") == [False, False, True]


def test_employer_money_has_a_wait_of_its_own() -> None:
    waiting = {"hire_date": date(2025, 3, 1), "entry_date": date(2025, 3, 1), "employer_entry_date": None}
    found = parts(year_of(CHIEF, {}, waiting, values={"plan.eligibility.employer_service_months": 12}))
    assert counts(found["deferrals"]) == [2, 2, 1, 1]
    assert counts(found["match"]) == [1, 1, 1, 1]


@pytest.mark.parametrize(("hours", "counted"), [(500, 1), (501, 2)])
def test_a_leaver_of_few_hours_who_misses_the_last_day_alone_is_left_out(hours: int, counted: int) -> None:
    values = {"plan.match.period": "annual", "plan.match.last_day": True}
    left = {"hours": hours, "employed_at_end": False, "termination_date": date(2025, 3, 31)}
    found = parts(year_of(CHIEF, {}, left, values=values))["match"]
    assert counts(found) == [1, counted, 1, 1]


def test_a_leaver_of_a_class_outside_misses_more_than_the_last_day() -> None:
    values = {**NO_TEMPS, "plan.match.period": "annual", "plan.match.last_day": True}
    left = {**OUT, "hours": 300, "employed_at_end": False, "termination_date": date(2025, 3, 31)}
    found = parts(year_of(CHIEF, {}, left, values=values))["match"]
    assert counts(found) == [1, 2, 1, 1]


def test_of_nonelective_money_who_got_some_benefits() -> None:
    given = {"nonelective_cents": 1_800_00}
    found = parts(year_of({**CHIEF, **given}, given, {"reallocated_cents": 5}, {}, values=NO_MATCH))
    assert counts(found["nonelective"]) == [2, 3, 1, 1]
    assert set(found) == {"deferrals", "nonelective"}


def test_a_part_that_the_plan_has_not_is_not_tested() -> None:
    assert set(parts(year_of(CHIEF, {}))) == {"deferrals", "match"}
    assert set(parts(year_of(CHIEF, {}, values=NO_MATCH))) == {"deferrals"}


def test_the_average_benefit_leaves_out_catch_up_and_what_was_taken_back() -> None:
    # 10,000 of 200,000 are 5 %; 3,000 of 60,000 too.
    chief = {**CHIEF, "pre_tax_cents": 17_500_00, "catchup_cents": 7_500_00}
    clerk = {"pre_tax_cents": 2_600_00, "match_cents": 1_000_00, "taken_back_cents": 400_00}
    year = year_of(chief, {**clerk, "match_taken_back_cents": 200_00})
    assert average_benefit(year, year.everybody) == 1


@pytest.mark.parametrize(
    "people",
    [(), ({},), (CHIEF,), ({"worked": False},)],
    ids=["nobody", "one clerk", "all HCE", "none worked"],
)
def test_with_one_group_empty_every_part_passes(people: tuple[dict[str, Any], ...]) -> None:
    found = parts(year_of(*people))
    assert {verdict.outcome for verdict in found.values()} == {Outcome.PASS}
    assert {verdict.margin for verdict in found.values()} == {None}
