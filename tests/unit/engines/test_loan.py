from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.engines import loan
from simulation.events.sources import SOURCES
from tests.accounts import ACCOUNT, by_source, equal_one_by_one, left, lent, vested
from tests.plan_years import the_year
from tests.populations import census_of

CERTAIN: dict[str, Any] = {
    "plan.loans.take_up": "60%",
    "plan.loans.term_years": 5,
    "plan.loans.age_multiplier": [{"from_age": 0, "multiplier": 10}],
    "plan.loans.mean_amount": 50_000,
}
"""A chance of 0.6 / (5 x 0.4) x 10: everybody who may borrows, and asks for 10,000 at least."""


def test_the_worked_example_of_the_method_note() -> None:
    # 24,000.00 vested: at most half of it, 12,000.00; three quarters are pre-tax, one quarter is match.
    # 8.5 % / 12 a month, 60 months: 12,000 x i / (1 - (1 + i)^-60) = 246.20.
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 10_000)], CERTAIN)
    made = loan.decide(context, state)["loan"]
    assert made.select("amount_cents", "payments", "payment_cents", "interest_rate_bp").rows() == [
        (1_200_000, 60, 24_620, 850)
    ]
    assert by_source(made) == [{"pre_tax": 900_000, "match": 300_000}]
    assert made["loan_number"].to_list() == [1]


def test_what_is_vested_in_part_counts_for_the_limit_but_is_not_lent() -> None:
    # Vested: 18,000.00 + 40 % of 6,000.00 = 20,400.00; half of it, 10,200.00, out of deferrals alone.
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 4_000)], CERTAIN)
    assert by_source(loan.decide(context, state)["loan"]) == [{"pre_tax": 1_020_000}]


@pytest.mark.parametrize(
    ("balance", "amount"),
    [(0, None), (99_999, None), (100_000, 100_000), (800_000, 800_000), (1_200_000, 1_000_000)],
)
def test_ten_thousand_may_be_lent_as_far_as_they_are_there(balance: int, amount: int | None) -> None:
    # The law allows the greater of half and 10,000.00; the account pays no more than it has, and no
    # less than 1,000.00 is lent.
    context, state = the_year(census_of({"balance_pre_tax_cents": balance}), (), CERTAIN)
    assert loan.decide(context, state)["loan"]["amount_cents"].to_list() == ([amount] if amount else [])


def test_nobody_borrows_more_than_fifty_thousand() -> None:
    rich = [{"balance_pre_tax_cents": 90_000_000}] * 40
    context, state = the_year(census_of(*rich), (), CERTAIN)
    amounts = loan.decide(context, state)["loan"]["amount_cents"]
    assert amounts.max() == 5_000_000
    assert amounts.min() >= 1_000_000  # type: ignore[operator]


@pytest.mark.parametrize(("reading", "amount"), [("outstanding_then", 2_000_000), ("cumulative", 0)])
def test_serial_loans_are_read_in_two_ways(reading: str, amount: int) -> None:
    # 30,000.00 lent on 31 December and repaid on 2 January, 30,000.00 lent on 3 January. Asked on 31 January,
    # after a payment of a cent: at one time 30,000.00 was owed, so 50,000.00 - 0.01 - 29,999.99 is left; in
    # all 60,000.00 was lent, and nothing is left.
    context, state = the_year(
        census_of({"balance_pre_tax_cents": 20_000_000}),
        (),
        {**CERTAIN, "plan.loans.maximum_loans": 3, "plan.loans.highest_balance": reading},
        year=2026,
    )
    first = {
        "seed": 42,
        "person": 0,
        "loan_number": 1,
        "start_date": date(2025, 12, 31),
        "rate_bp": 0,
        "payments": 60,
        "payments_made": 60,
        "payment_cents": 50_000,
        "principal_cents": 3_000_000,
        "balance_cents": 0,
        "end_date": date(2026, 1, 2),
        "pre_tax_cents": 3_000_000,
    }
    second = {
        **first,
        "loan_number": 2,
        "start_date": date(2026, 1, 3),
        "payments_made": 0,
        "payments": 1_000,
        "balance_cents": 3_000_000,
        "end_date": None,
        "payment_cents": 1,
    }
    absent = {"roth_cents": 0, "match_cents": 0, "nonelective_cents": 0, "profit_sharing_cents": 0}
    owed = pl.DataFrame([{**row, **absent} for row in (first, second)], schema=state.loans.schema)
    asking = state.people.with_columns(
        effective_date=pl.lit(date(2026, 1, 31)),
        asked=pl.lit(9_000_000, dtype=pl.Int64),
        **{f"opening_{name}_cents": pl.col(f"balance_{name}_cents") for name in SOURCES},
    )
    lending = loan._lent(context, type(state)(state.people, state.raises, state.elections, owed), asking)
    assert lending["lent"].sum() == amount


def test_who_has_a_loan_leaves_or_has_just_come_gets_none() -> None:
    census = census_of(ACCOUNT, ACCOUNT, ACCOUNT, {"balance_match_cents": 5_000_000})
    owed = lent("E1", date(2025, 1, 31), {"pre_tax": 200_000}, (850, 60, 4_103))
    context, state = the_year(census, [owed, left("E2", date(2025, 12, 31))], CERTAIN)
    assert loan.decide(context, state)["loan"]["employee_id"].to_list() == ["E3"]


def test_an_annual_payroll_lends_and_repays_by_the_quarter() -> None:
    values = {**CERTAIN, "payroll.frequency": "annual", "plan.loans.term_years": 1}
    context, state = the_year(census_of(*[ACCOUNT] * 30), (), values)
    made = loan.decide(context, state)["loan"]
    ends = {date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)}
    assert set(made["payments"]) == {4}
    assert set(made["effective_date"]) == ends


def test_new_loans_are_as_frequent_as_asked_and_as_large() -> None:
    # 13 % / (5 x 87 %) = 2.99 % a year; of some 6,000 with an account within three standard errors.
    flat = {"plan.loans.age_multiplier": [{"from_age": 0, "multiplier": 1}]}
    rich = {"balance_pre_tax_cents": 9_000_000}
    context, state = the_year(census_of(*[rich] * 6_000), (), flat)
    made = loan.decide(context, state)["loan"]
    assert abs(made.height / 6_000 - 0.0299) < 3 * 0.0022
    assert made["cause_probability"].unique().to_list() == [pytest.approx(0.13 / (5 * 0.87))]
    # Even from 20 % to 180 % of 10,250: standard error 10,250 x 1.6 / sqrt(12 n).
    assert abs(float(made["amount_cents"].mean() or 0) - 1_025_000) < 3 * 35_500  # type: ignore[arg-type]


def test_a_batch_of_seeds_lends_as_each_seed_alone() -> None:
    assert equal_one_by_one(loan.decide, generate_census(200), (), CERTAIN)
