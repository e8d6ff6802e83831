from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest

from simulation.compliance import Outcome, PlanYear
from simulation.compliance.adp import adp
from tests.tested_years import column_of, figure_of, verdict_of, year_of

# Highly compensated: 10 % and 6 %, on average 8 %. The others: 6 % and 4 %, on average 5 %, so that 7 % is
# allowed. Cut to 8 %, the first is 2,000 too high; the second has the highest dollars and pays it all.
OWNER: Final = {"is_hce": True, "pay_cents": 100_000_00, "pre_tax_cents": 10_000_00}
CHIEF: Final = {"is_hce": True, "pay_cents": 300_000_00, "pre_tax_cents": 18_000_00}
SAVER: Final = {"pre_tax_cents": 3_600_00}
CLERK: Final = {"roth_cents": 2_400_00}
HALF: Final = {"plan.match.tiers": [{"up_to": "8%", "rate": "50%"}]}
PRIOR: Final = {"plan.testing.adp_year": "prior"}


def failing(values: dict[str, Any] | None = None, year: int = 2025, **chief: Any) -> PlanYear:
    return year_of(OWNER, {**CHIEF, **chief}, SAVER, CLERK, values=values, year=year)


def test_an_average_at_the_limit_passes() -> None:
    found = verdict_of(adp, year_of({**OWNER, "pre_tax_cents": 7_000_00}, SAVER, CLERK))
    assert (found.outcome, found.margin) == (Outcome.PASS, Fraction(0))
    assert figure_of(found, "Limit for the highly compensated") == Fraction(7, 100)


def test_a_failure_takes_the_total_of_the_highest_percentages_from_the_highest_dollars() -> None:
    found = verdict_of(adp, failing())
    assert (found.outcome, found.margin) == (Outcome.FAIL, Fraction(-1, 100))
    assert column_of(found, "refund_cents") == [0, 2_000_00, 0, 0]
    assert column_of(found, "ratio_bp") == [1_000, 600, 600, 400]
    assert (found.refunds_cents, found.cost_cents) == (2_000_00, 0)


def test_a_refund_takes_its_share_of_the_income_of_the_account() -> None:
    # 2,000 of 282,000 + 18,000, which earned 30,000.
    found = verdict_of(adp, failing(opening_balance_cents=282_000_00, returns_cents=30_000_00))
    assert column_of(found, "income_cents") == [0, 200_00, 0, 0]
    assert found.refunds_cents == 2_200_00


def test_a_loss_makes_a_refund_smaller() -> None:
    found = verdict_of(adp, failing(opening_balance_cents=282_000_00, returns_cents=-30_000_00))
    assert found.refunds_cents == 1_800_00


def test_what_the_catch_up_limit_has_left_stays() -> None:
    # 50 this year: 7,500, of which 6,500 are used.
    chief = {"birth_date": date(1975, 12, 31), "pre_tax_cents": 24_500_00, "catchup_cents": 6_500_00}
    found = verdict_of(adp, failing(None, 2025, **chief))
    assert column_of(found, "kept_as_catchup_cents") == [0, 1_000_00, 0, 0]
    assert column_of(found, "refund_cents") == [0, 1_000_00, 0, 0]


@pytest.mark.parametrize(
    ("values", "year", "kept"),
    [
        ({}, 2026, 2_000_00),
        ({"plan.deferral.catch_up": False}, 2026, 0),
        ({"plan.deferral.roth_feature": False}, 2025, 2_000_00),
        ({"plan.deferral.roth_feature": False}, 2026, 0),
    ],
    ids=["allowed", "no catch-up", "not enforced yet", "has to be Roth, and there is no Roth"],
)
def test_nothing_stays_where_there_can_be_no_catch_up(values: dict[str, Any], year: int, kept: int) -> None:
    found = verdict_of(adp, failing(values, year, birth_date=date(1975, 1, 1), lookback_pay_cents=290_000_00))
    assert sum(column_of(found, "kept_as_catchup_cents")) == kept


@pytest.mark.parametrize(
    ("values", "match", "lost"),
    [
        # Half of 18,000 less half of 16,000.
        (HALF, 9_000_00, 1_000_00),
        # 16,000 still earn the whole cap.
        ({**HALF, "plan.match.dollar_cap": 5_000}, 5_000_00, 0),
        # The basic match looks at 15,000 only.
        ({}, 12_000_00, 0),
        # Paid by payroll, a cent more than the formula gives on the year.
        (HALF, 9_000_01, 1_000_00),
        # No more was paid than the rest earns.
        (HALF, 7_000_00, 0),
    ],
    ids=["half", "capped", "unmatched", "rounded by payroll", "little paid"],
)
def test_match_on_what_is_refunded_is_forfeited(values: dict[str, Any], match: int, lost: int) -> None:
    found = verdict_of(adp, failing(values, match_cents=match))
    assert column_of(found, "match_forfeited_cents") == [0, lost, 0, 0]


def test_catch_up_that_is_not_matched_shields_no_match() -> None:
    values = {**HALF, "plan.match.catch_up": False, "plan.deferral.catch_up": True}
    deferred = {"pre_tax_cents": 25_500_00, "catchup_cents": 7_500_00, "match_cents": 9_000_00}
    found = verdict_of(adp, failing(values, birth_date=date(1970, 1, 1), **deferred))
    assert column_of(found, "match_forfeited_cents") == [0, 1_000_00, 0, 0]


def test_a_contribution_to_the_others_puts_it_right_instead() -> None:
    # 6 % allow 8 %: a point more for each of two who are paid 60,000.
    found = verdict_of(adp, failing({"plan.testing.correction": "qnec"}))
    assert column_of(found, "qnec_cents") == [0, 0, 600_00, 600_00]
    assert (found.refunds_cents, found.cost_cents) == (0, 1_200_00)


def test_who_was_not_paid_leaves_more_to_give_to_the_others() -> None:
    # On average (6 + 4 + 0) / 3 %: 8 % need 6 %, 8 points in all, four for each who was paid.
    year = year_of(OWNER, CHIEF, SAVER, CLERK, {"pay_cents": 0}, values={"plan.testing.correction": "qnec"})
    found = verdict_of(adp, year)
    assert column_of(found, "qnec_cents") == [0, 0, 2_400_00, 2_400_00, 0]


def test_nobody_can_be_given_anything_where_none_of_the_others_was_paid() -> None:
    year = year_of(OWNER, {"pay_cents": 0}, values={"plan.testing.correction": "qnec"})
    found = verdict_of(adp, year)
    assert (found.outcome, found.cost_cents, found.refunds_cents) == (Outcome.FAIL, 0, 10_000_00)


def test_last_years_average_of_the_others_sets_the_limit_where_the_plan_elects_it() -> None:
    before = year_of(SAVER, CLERK, year=2024)
    year = year_of({**OWNER, "pre_tax_cents": 7_000_00}, {}, values=PRIOR, previous=before)
    found = verdict_of(adp, year)
    assert (found.outcome, found.margin) == (Outcome.PASS, Fraction(0))
    assert figure_of(found, "Average, others") == 0


@pytest.mark.parametrize(("deferred", "outcome"), [(5_000_00, Outcome.PASS), (5_001_00, Outcome.FAIL)])
def test_in_the_first_year_the_others_are_deemed_to_defer_three_percent(
    deferred: int, outcome: Outcome
) -> None:
    found = verdict_of(adp, year_of({**OWNER, "pre_tax_cents": deferred}, {}, values=PRIOR))
    assert found.outcome is outcome


def test_a_prior_year_with_nobody_else_has_nothing_to_compare() -> None:
    before = year_of(OWNER, year=2024)
    found = verdict_of(adp, year_of(OWNER, CLERK, values=PRIOR, previous=before))
    assert (found.outcome, found.margin) == (Outcome.PASS, None)


def test_a_prior_year_is_put_right_by_refunds_alone() -> None:
    found = verdict_of(adp, failing({**PRIOR, "plan.testing.correction": "qnec"}))
    assert found.cost_cents == 0
    assert found.refunds_cents > 0


YOUNG: Final = {
    "birth_date": date(2005, 6, 15),
    "hire_date": date(2025, 2, 1),
    "entry_date": date(2025, 3, 1),
}


def test_excludable_employees_stand_apart_if_the_plan_wants_it() -> None:
    year = year_of(OWNER, SAVER, YOUNG, values={"plan.testing.excludable": "separately"})
    old, young = adp(year)
    assert (old.group, old.rows["employee_id"].to_list()) == ("statutory employees", ["E1", "E2"])
    assert (young.group, young.outcome) == ("otherwise excludable", Outcome.PASS)
    assert young.rows["employee_id"].to_list() == ["E3"]


def test_of_those_left_out_the_highly_compensated_stay() -> None:
    year = year_of(
        OWNER, SAVER, YOUNG, {**YOUNG, "is_hce": True}, values={"plan.testing.excludable": "left_out"}
    )
    assert verdict_of(adp, year).rows["employee_id"].to_list() == ["E1", "E2", "E4"]


@pytest.mark.parametrize(
    ("hired", "excludable"), [(date(2024, 7, 1), False), (date(2024, 7, 2), True)], ids=["1 July", "2 July"]
)
def test_a_year_of_service_by_the_first_of_july_is_not_excludable(hired: date, *, excludable: bool) -> None:
    # A year is over on 1 July 2025, an entry date; a day later the next is in 2026.
    year = year_of(OWNER, {"hire_date": hired}, values={"plan.testing.excludable": "left_out"})
    assert ("E2" not in verdict_of(adp, year).rows["employee_id"].to_list()) is excludable


def test_what_was_taken_back_is_not_counted() -> None:
    found = verdict_of(adp, year_of(OWNER, {**SAVER, "taken_back_cents": 1_200_00}))
    assert column_of(found, "counted_cents") == [10_000_00, 2_400_00]


def test_who_left_before_the_entry_date_or_never_entered_is_not_tested() -> None:
    left = {"entry_date": date(2025, 7, 1), "termination_date": date(2025, 6, 30), "employed_at_end": False}
    found = verdict_of(adp, year_of(OWNER, SAVER, left, {"entry_date": None}, {"worked": False}))
    assert found.rows["employee_id"].to_list() == ["E1", "E2"]


def test_pay_counts_to_the_cap() -> None:
    found = verdict_of(adp, year_of({**CHIEF, "pay_cents": 900_000_00}, SAVER))
    assert column_of(found, "pay_cents") == [350_000_00, 60_000_00]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"plan.match.safe_harbor": "basic", "plan.vesting.match": "immediate"}, "basic safe harbour match"),
        (
            {
                "plan.nonelective.safe_harbor": True,
                "plan.nonelective.rate": 0.03,
                "plan.vesting.nonelective": "immediate",
            },
            "safe harbour nonelective",
        ),
    ],
    ids=["match", "nonelective"],
)
def test_a_safe_harbour_replaces_the_test(values: dict[str, Any], reason: str) -> None:
    found = verdict_of(adp, failing(values))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert reason in found.reason


@pytest.mark.parametrize(
    "people", [(), (OWNER,), (SAVER,), (OWNER, CHIEF)], ids=["nobody", "one owner", "one clerk", "all HCE"]
)
def test_with_one_group_empty_there_is_nothing_to_compare(people: tuple[dict[str, Any], ...]) -> None:
    found = verdict_of(adp, year_of(*people))
    assert (found.outcome, found.margin) == (Outcome.PASS, None)


def test_collectively_bargained_employees_are_tested_by_themselves() -> None:
    union = {"employee_class": "union"}
    year = year_of({**OWNER, "pre_tax_cents": 7_000_00}, SAVER, CLERK, {**OWNER, **union}, {**CLERK, **union})
    mine, theirs = adp(year)
    assert (mine.group, mine.outcome) == ("all", Outcome.PASS)
    assert mine.rows["employee_id"].to_list() == ["E1", "E2", "E3"]
    # 10 % against 4 %, which allow 6 %.
    assert (theirs.group, theirs.outcome) == ("collectively bargained", Outcome.FAIL)
    assert theirs.margin == Fraction(-4, 100)


def test_match_by_service_is_lost_by_the_service_of_who_came_back() -> None:
    # Six years since the hire, two since the day from which service counts: 25 % of 2,000, not 50 %.
    values: dict[str, Any] = {
        "plan.match.formula": "service",
        "plan.match.service_tiers": [
            {"from_years": 0, "up_to": "10%", "rate": "25%"},
            {"from_years": 3, "up_to": "10%", "rate": "50%"},
        ],
    }
    back: dict[str, Any] = {"service_date": date(2022, 6, 1), "match_cents": 4_500_00}
    assert column_of(verdict_of(adp, failing(values, 2025, **back)), "match_forfeited_cents") == [
        0,
        500_00,
        0,
        0,
    ]
