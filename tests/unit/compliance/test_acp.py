from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, Final

import pytest

from simulation.compliance import Outcome
from simulation.compliance.acp import acp
from tests.tested_years import column_of, figure_of, verdict_of, year_of

# 6 % of match against 2 %: 4 % are allowed, so that 2,000 are too much.
OWNER: Final = {"is_hce": True, "pay_cents": 100_000_00, "match_cents": 6_000_00, "vested_match_bp": 6_000}
CLERK: Final = {"match_cents": 1_200_00}
ENHANCED: Final = {"plan.match.safe_harbor": "enhanced", "plan.vesting.match": "immediate"}


def test_an_average_at_the_limit_passes() -> None:
    found = verdict_of(acp, year_of({**OWNER, "match_cents": 4_000_00}, CLERK))
    assert (found.outcome, found.margin) == (Outcome.PASS, Fraction(0))


def test_of_excess_match_the_vested_part_is_paid_and_the_rest_forfeited() -> None:
    found = verdict_of(acp, year_of(OWNER, CLERK))
    assert found.outcome is Outcome.FAIL
    assert [column_of(found, name)[0] for name in ("excess_cents", "paid_cents", "forfeited_cents")] == [
        2_000_00,
        1_200_00,
        800_00,
    ]
    assert found.refunds_cents == 1_200_00


def test_income_is_split_as_the_excess_is() -> None:
    # 2,000 of 94,000 + 6,000, which earned 10,000: 200, of which 60 % are vested.
    owner = {**OWNER, "opening_balance_cents": 94_000_00, "returns_cents": 10_000_00}
    found = verdict_of(acp, year_of(owner, CLERK))
    assert [column_of(found, name)[0] for name in ("income_cents", "paid_cents", "forfeited_cents")] == [
        200_00,
        1_320_00,
        880_00,
    ]


def test_deferrals_that_the_adp_test_can_spare_are_counted_here() -> None:
    # The others defer 5 %, the owner nothing: 2 of the 5 points make 4 %, with which 6 % are allowed.
    found = verdict_of(acp, year_of(OWNER, {**CLERK, "pre_tax_cents": 3_000_00}))
    assert found.outcome is Outcome.PASS
    assert figure_of(found, "Deferrals of the others counted here instead") == Fraction(2, 100)


@pytest.mark.parametrize(
    "values",
    [
        {"plan.testing.adp_year": "prior"},
        {"plan.testing.acp_year": "prior"},
        {
            "plan.nonelective.safe_harbor": True,
            "plan.nonelective.rate": 0.03,
            "plan.vesting.nonelective": "immediate",
            "plan.match.tiers": [{"up_to": "7%", "rate": "100%"}],
        },
    ],
    ids=["prior ADP", "prior ACP", "no ADP test"],
)
def test_nothing_is_shifted_unless_both_tests_look_at_the_year(values: dict[str, Any]) -> None:
    owner = {**OWNER, "match_cents": 7_000_00}
    found = verdict_of(acp, year_of(owner, {**CLERK, "pre_tax_cents": 3_000_00}, values=values))
    assert found.outcome is Outcome.FAIL


def test_a_shift_that_would_fail_the_adp_test_is_none() -> None:
    # 6 % against 4 % of deferrals leave nothing to spare.
    year = year_of({**OWNER, "pre_tax_cents": 6_000_00}, {**CLERK, "pre_tax_cents": 2_400_00})
    assert verdict_of(acp, year).outcome is Outcome.FAIL


# The published case SHIFT-02: 5.36 and 3.36 % of deferrals lend 1.36 points to 2.79 and 0.72 % of match.
LENDER: Final = {**OWNER, "pre_tax_cents": 5_360_00, "match_cents": 2_790_00}
LENDING_CLERK: Final = {"pay_cents": 100_000_00, "pre_tax_cents": 3_360_00, "match_cents": 720_00}


def test_deferrals_of_both_groups_that_the_adp_test_can_lend_make_the_excess_smaller() -> None:
    # 4.15 against 2.08 % exceed 4.08 % by 0.07 points; alone, 2.79 would exceed 1.44 % by 1.35.
    found = verdict_of(acp, year_of(LENDER, LENDING_CLERK))
    assert found.outcome is Outcome.FAIL
    assert figure_of(found, "Deferrals of both groups counted here instead") == Fraction("0.0136")
    assert column_of(found, "excess_cents") == [70_00, 0]


def test_what_both_groups_lend_can_be_enough() -> None:
    found = verdict_of(acp, year_of({**LENDER, "match_cents": 2_720_00}, LENDING_CLERK))
    assert (found.outcome, found.refunds_cents) == (Outcome.PASS, 0)
    assert "1.401(m)-2(a)(6)(ii)" in found.reason


def test_a_failed_adp_test_lends_what_it_can_once_deferrals_are_refunded() -> None:
    # 6 % are cut to the 5.36 % that 3.36 % allow. Where the others are given more instead, nothing is lent.
    owner = {**LENDER, "pre_tax_cents": 6_000_00}
    assert column_of(verdict_of(acp, year_of(owner, LENDING_CLERK)), "excess_cents") == [70_00, 0]
    given = year_of(owner, LENDING_CLERK, values={"plan.testing.correction": "qnec"})
    assert column_of(verdict_of(acp, given), "excess_cents") == [1_350_00, 0]


def test_the_match_of_collectively_bargained_employees_is_not_tested() -> None:
    union = {**OWNER, "employee_class": "union", "match_cents": 50_000_00}
    found = verdict_of(acp, year_of({**OWNER, "match_cents": 2_000_00}, CLERK, union))
    assert (found.outcome, found.rows.height) == (Outcome.PASS, 2)


def test_a_contribution_to_the_others_puts_it_right_instead() -> None:
    # 2 points of 60,000.
    found = verdict_of(acp, year_of(OWNER, CLERK, values={"plan.testing.correction": "qnec"}))
    assert column_of(found, "qnec_cents") == [0, 1_200_00]
    assert (found.refunds_cents, found.cost_cents) == (0, 1_200_00)


def test_match_that_goes_with_refunded_deferrals_is_not_counted() -> None:
    # 10 % deferred where 4 % are allowed: 6,000 go back, and half of them of the match: 2,000 stay, 2 %.
    half = {"plan.match.tiers": [{"up_to": "10%", "rate": "50%"}]}
    owner = {**OWNER, "pre_tax_cents": 10_000_00, "match_cents": 5_000_00}
    year = year_of(owner, {**CLERK, "pre_tax_cents": 1_200_00, "match_cents": 600_00}, values=half)
    found = verdict_of(acp, year)
    assert column_of(found, "counted_cents") == [2_000_00, 600_00]
    assert found.outcome is Outcome.PASS


def test_where_a_contribution_is_given_instead_the_match_stays() -> None:
    half = {"plan.match.tiers": [{"up_to": "10%", "rate": "50%"}], "plan.testing.correction": "qnec"}
    owner = {**OWNER, "pre_tax_cents": 10_000_00, "match_cents": 5_000_00}
    found = verdict_of(acp, year_of(owner, {**CLERK, "pre_tax_cents": 1_200_00}, values=half))
    assert column_of(found, "counted_cents") == [5_000_00, 1_200_00]


def test_a_prior_year_test_refunds_whatever_the_plan_would_rather_give() -> None:
    values = {
        "plan.match.tiers": [{"up_to": "10%", "rate": "50%"}],
        "plan.testing.correction": "qnec",
        "plan.testing.adp_year": "prior",
    }
    owner = {**OWNER, "pre_tax_cents": 10_000_00, "match_cents": 5_000_00}
    # 3 % are deemed, 5 % allowed: 5,000 go back with 2,500.
    found = verdict_of(acp, year_of(owner, CLERK, values=values))
    assert column_of(found, "counted_cents") == [2_500_00, 1_200_00]


def test_match_that_was_taken_back_is_not_counted() -> None:
    found = verdict_of(acp, year_of(OWNER, {**CLERK, "match_taken_back_cents": 200_00}))
    assert column_of(found, "counted_cents") == [6_000_00, 1_000_00]


def test_last_years_average_of_the_others_sets_the_limit_where_the_plan_elects_it() -> None:
    values = {"plan.testing.acp_year": "prior"}
    before = year_of({**OWNER, "match_cents": 0}, {"match_cents": 2_400_00}, year=2024, values=values)
    found = verdict_of(acp, year_of(OWNER, CLERK, values=values, previous=before))
    assert (found.outcome, found.margin) == (Outcome.PASS, Fraction(0))


@pytest.mark.parametrize(
    ("period", "tested"), [("annual", ["E1", "E2"]), ("payroll", ["E1", "E2", "E3", "E4"])]
)
def test_only_an_annual_match_leaves_out_who_misses_its_conditions(period: str, tested: list[str]) -> None:
    values = {
        "plan.match.period": period,
        "plan.match.last_day": True,
        "plan.match.minimum_hours": 1_000,
    }
    left = {**CLERK, "employed_at_end": False, "termination_date": date(2025, 8, 31)}
    year = year_of(OWNER, CLERK, left, {**CLERK, "hours": 999}, values=values)
    assert verdict_of(acp, year).rows["employee_id"].to_list() == tested


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"plan.match.tiers": []}, "no match"), (ENHANCED, "enhanced safe harbour")],
    ids=["no match", "safe harbour"],
)
def test_without_a_match_or_in_a_safe_harbour_there_is_no_test(values: dict[str, Any], reason: str) -> None:
    tiers = {"plan.match.tiers": [{"up_to": "4%", "rate": "100%"}]} if values is ENHANCED else {}
    found = verdict_of(acp, year_of(OWNER, CLERK, values={**tiers, **values}))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert reason in found.reason


def test_a_match_above_six_percent_of_pay_loses_the_safe_harbour() -> None:
    values = {**ENHANCED, "plan.match.tiers": [{"up_to": "7%", "rate": "100%"}]}
    assert verdict_of(acp, year_of(OWNER, CLERK, values=values)).outcome is Outcome.FAIL


@pytest.mark.parametrize("people", [(), (OWNER,), (CLERK,)], ids=["nobody", "one owner", "one clerk"])
def test_with_one_group_empty_there_is_nothing_to_compare(people: tuple[dict[str, Any], ...]) -> None:
    assert verdict_of(acp, year_of(*people)).outcome is Outcome.PASS
