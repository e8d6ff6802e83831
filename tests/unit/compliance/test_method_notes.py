"""Every number of the worked examples in docs/method/ on a plan's tests, computed anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from simulation.compliance import PlanYear, Verdict
from simulation.compliance.acp import acp
from simulation.compliance.additions_limit import additions
from simulation.compliance.adp import adp
from simulation.compliance.automatic_enrolment import automatic_enrolment
from simulation.compliance.coverage import average_benefit, coverage_of
from simulation.compliance.deferral_limit import deferral_limit
from simulation.compliance.general_test import general_test
from simulation.compliance.partial_termination import partial_termination
from simulation.compliance.suite import Check
from simulation.compliance.top_heavy import top_heavy
from simulation.compliance.verdict import Unit
from simulation.units import BP
from tests.method_notes import money, percent, results
from tests.tested_years import year_of

HIGHLY = {"is_hce": True}
SHOWN: Mapping[Unit, Callable[[Any], str]] = {Unit.RATE: percent, Unit.CENTS: money, Unit.PEOPLE: str}


def only(check: Check, year: PlanYear) -> Verdict:
    """Return the one verdict of a test."""
    (verdict,) = check(year)
    return verdict


def figures(verdict: Verdict, *titles: str) -> list[str]:
    """Return figures as a note writes them."""
    known = {figure.title: SHOWN[figure.unit](figure.value) for figure in verdict.figures}
    return [known[title] for title in titles]


def column(verdict: Verdict, name: str, *employees: str) -> str:
    """Return amounts of people as a note writes them side by side."""
    rows = dict(verdict.rows.select("employee_id", name).iter_rows())
    return " and ".join(money(rows[employee]) for employee in employees)


def deferring_year(**values: Any) -> PlanYear:
    """Return the year of the ADP note: E1 and E2 highly compensated, E3 and E4 not."""
    half_of_eight = {"plan.match.tiers": [{"above": 0, "up_to": "8%", "rate": "50%"}]}
    return year_of(
        {
            **HIGHLY,
            "pay_cents": 200_000_00,
            "pre_tax_cents": 20_000_00,
            "match_cents": 8_000_00,
            "opening_balance_cents": 180_000_00,
            "returns_cents": 10_400_00,
        },
        {
            **HIGHLY,
            "birth_date": date(1973, 5, 1),
            "pay_cents": 300_000_00,
            "pre_tax_cents": 23_500_00,
            "match_cents": 11_750_00,
            "opening_balance_cents": 464_750_00,
            "returns_cents": 25_000_00,
        },
        {"pay_cents": 60_000_00, "pre_tax_cents": 3_000_00, "match_cents": 1_500_00},
        {"pay_cents": 50_000_00, "pre_tax_cents": 1_500_00, "match_cents": 750_00},
        values={**half_of_eight, **values},
    )


def test_adp() -> None:
    found = only(adp, deferring_year())
    given = only(adp, deferring_year(**{"plan.testing.correction": "qnec"}))
    refunds = {
        name: dict(found.rows.select("employee_id", f"{name}_cents").iter_rows())
        for name in ("refund", "kept_as_catchup")
    }
    gross = [refunds["refund"][who] + refunds["kept_as_catchup"][who] for who in ("E1", "E2")]
    assert results("adp_test") == [
        *figures(found, "Average, others", "Limit for the highly compensated", "Average, highly compensated"),
        found.outcome,
        money(sum(gross)),
        " and ".join(map(money, gross)),
        column(found, "kept_as_catchup_cents", "E2"),
        column(found, "refund_cents", "E1", "E2"),
        column(found, "income_cents", "E1", "E2"),
        money(found.refunds_cents),
        column(found, "match_forfeited_cents", "E1", "E2"),
        column(given, "qnec_cents", "E3", "E4"),
        money(given.cost_cents),
    ]


def test_acp() -> None:
    matched = year_of(
        {
            **HIGHLY,
            "pay_cents": 200_000_00,
            "match_cents": 8_000_00,
            "opening_balance_cents": 92_000_00,
            "returns_cents": 5_000_00,
            "vested_match_bp": 6_000,
        },
        {
            **HIGHLY,
            "pay_cents": 300_000_00,
            "match_cents": 9_000_00,
            "opening_balance_cents": 191_000_00,
            "returns_cents": 10_000_00,
            "vested_match_bp": 10_000,
        },
        {"pay_cents": 60_000_00, "match_cents": 600_00},
        {"pay_cents": 50_000_00, "match_cents": 500_00},
    )
    found = only(acp, matched)
    assert results("acp_test") == [
        *figures(found, "Average, others", "Limit for the highly compensated", "Average, highly compensated"),
        found.outcome,
        column(found, "excess_cents", "E1", "E2"),
        column(found, "income_cents", "E1", "E2"),
        column(found, "paid_cents", "E1", "E2"),
        column(found, "forfeited_cents", "E1", "E2"),
        money(found.refunds_cents),
        column(found, "qnec_cents", "E3", "E4"),
    ]


def test_elective_deferral_limit() -> None:
    deferred = year_of(
        {"birth_date": date(1974, 3, 1), "pre_tax_cents": 33_000_00, "catchup_cents": 8_000_00},
        {"birth_date": date(1965, 3, 1), "pre_tax_cents": 35_750_00, "catchup_cents": 11_250_00},
        {"birth_date": date(1986, 3, 1), "pre_tax_cents": 20_000_00, "roth_cents": 4_600_00},
        year=2026,
    )
    found = only(deferral_limit, deferred)
    assert results("elective_deferral_limit") == [
        *figures(found, "Limit"),
        column(found, "catchup_limit_cents", "E1", "E2", "E3"),
        column(found, "excess_cents", "E1", "E2", "E3"),
        found.outcome,
        money(found.refunds_cents),
    ]


def test_annual_additions_limit() -> None:
    allotted = year_of(
        {
            "pay_cents": 250_000_00,
            "pre_tax_cents": 31_000_00,
            "catchup_cents": 7_500_00,
            "match_cents": 12_000_00,
            "profit_sharing_cents": 35_000_00,
        },
        {"pay_cents": 20_000_00, "pre_tax_cents": 15_000_00, "profit_sharing_cents": 6_000_00},
    )
    found = only(additions, allotted)
    assert results("annual_additions_limit") == [
        *figures(found, "Dollar limit"),
        column(found, "additions_cents", "E1", "E2"),
        column(found, "limit_cents", "E1", "E2"),
        column(found, "excess_cents", "E1", "E2"),
        found.outcome,
        money(found.refunds_cents),
    ]


def test_coverage() -> None:
    left_out = {"entry_date": None, "employer_entry_date": None, "employee_class": "temporary"}
    covered = year_of(
        *[{"pay_cents": 50_000_00, "pre_tax_cents": 4_000_00}] * 12,
        *[{**left_out, "pay_cents": 50_000_00}] * 18,
        *[{**HIGHLY, "pay_cents": 200_000_00, "pre_tax_cents": 10_000_00}] * 8,
        *[{**HIGHLY, **left_out, "pay_cents": 200_000_00}] * 2,
        {**left_out, "hire_date": date(2025, 6, 1), "birth_date": date(2006, 1, 1)},
        {**left_out, "employee_class": "union"},
        values={"plan.eligibility.excluded_classes": ["temporary", "union"]},
    )
    found = next(iter(coverage_of(covered)))
    benefiting, others, highly_in, highly = figures(
        found,
        "Others who benefit",
        "Others, nonexcludable",
        "Highly compensated who benefit",
        "Highly compensated, nonexcludable",
    )
    assert results("coverage") == [
        str(found.rows["excludable"].sum()),
        f"{benefiting} of {others}",
        f"{highly_in} of {highly}",
        *figures(
            found, "Ratio percentage", "Safe harbour of the classification", "Average benefit percentage"
        ),
        found.outcome,
    ]


def test_general_nondiscrimination() -> None:
    shared = year_of(
        {
            **HIGHLY,
            "birth_date": date(1975, 5, 1),
            "pay_cents": 200_000_00,
            "allotted_pay_cents": 200_000_00,
            "profit_sharing_cents": 30_000_00,
            "pre_tax_cents": 10_000_00,
        },
        {
            "birth_date": date(2000, 5, 1),
            "pay_cents": 40_000_00,
            "allotted_pay_cents": 40_000_00,
            "profit_sharing_cents": 2_000_00,
            "pre_tax_cents": 6_400_00,
        },
        {
            "birth_date": date(1980, 5, 1),
            "pay_cents": 60_000_00,
            "allotted_pay_cents": 30_000_00,
            "profit_sharing_cents": 1_500_00,
            "pre_tax_cents": 7_500_00,
        },
        values={"plan.profit_sharing.formula": "new_comparability"},
    )
    found = only(general_test, shared)
    assert results("general_test") == [
        *figures(
            found,
            "Highest rate of the highly compensated",
            "Lowest ratio of a rate group, as given",
            "Gateway: a third of the highest rate",
        ),
        column(found, "gateway_cents", "E2", "E3"),
        *figures(found, "Others below the gateway"),
        *(percent(Fraction(rate, BP)) for rate in found.rows["equivalent_bp"]),
        *figures(found, "Lowest ratio of a rate group, at the testing age"),
        percent(average_benefit(shared, shared.everybody)),
        *figures(found, "Enough for a rate group"),
        percent(found.margin),
        found.outcome,
    ]


def test_top_heavy() -> None:
    before = year_of(
        {
            "is_officer": True,
            "pay_cents": 250_000_00,
            "closing_balance_cents": 650_000_00,
            "closing_loans_cents": 20_000_00,
            "withdrawn_cents": 30_000_00,
        },
        {"pay_cents": 60_000_00, "closing_balance_cents": 300_000_00},
        {"employed_at_end": False, "distributed_cents": 100_000_00},
        year=2025,
    )
    now = year_of(
        {"is_officer": True, "pay_cents": 300_000_00, "pre_tax_cents": 24_000_00},
        {"pay_cents": 60_000_00, "match_cents": 1_200_00},
        {"worked": False, "employed_at_end": False, "pay_cents": 0},
        year=2026,
        previous=before,
    )
    found = only(top_heavy, now)
    assert results("top_heavy_test") == [
        *figures(found, "Key employees", "Balances of key employees", "All balances", "Top-heavy ratio"),
        percent(found.margin),
        *figures(found, "Rate of the minimum"),
        column(found, "minimum_cents", "E2"),
        column(found, "due_cents", "E2"),
        found.outcome,
        money(found.cost_cents),
    ]


ESTABLISHED = {"plan.established": date(2024, 1, 1), "plan.auto_enrollment.scope": "all_eligible"}


@pytest.mark.parametrize(
    ("row", "values", "employees"),
    [
        (0, {}, 12),
        (1, ESTABLISHED, 10),
        (2, ESTABLISHED, 11),
        (3, {**ESTABLISHED, "plan.auto_enrollment.form": "basic"}, 11),
        (4, {**ESTABLISHED, "plan.auto_enrollment.default_rate": "0.02"}, 11),
        (5, {**ESTABLISHED, "plan.auto_enrollment.scope": "new_hires"}, 11),
    ],
)
def test_mandatory_automatic_enrolment(row: int, values: dict[str, Any], employees: int) -> None:
    found = only(automatic_enrolment, year_of(*[{}] * employees, values=values))
    assert results("mandatory_automatic_enrolment")[row] == f"{found.outcome}: {found.reason}"


def test_partial_termination() -> None:
    gone = {
        "employed_at_end": False,
        "termination_date": date(2025, 6, 30),
        "termination_reason": "layoff",
        "match_cents": 1_000_00,
        "vested_match_bp": 10_000,
    }
    ended = year_of(
        *[{}] * 6,
        gone,
        gone,
        {**gone, "vested_match_bp": 4_000},
        {**gone, "termination_reason": "voluntary"},
        *[{"entry_date": date(2025, 3, 1)}] * 2,
    )
    found = only(partial_termination, ended)
    assert results("partial_termination") == [
        *figures(found, "Participants at the start and added", "Let go by the employer", "Turnover"),
        percent(found.margin),
        *figures(found, "Affected and not fully vested"),
        found.outcome,
    ]
