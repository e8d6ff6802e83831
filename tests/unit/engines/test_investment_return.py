from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.engines import investment_return
from tests.accounts import by_source, equal_one_by_one, paid_in
from tests.plan_years import the_year
from tests.populations import census_of

ALL_EQUITIES = {"plan.accounts.glide_path": [{"from_age": 0, "equity_share": 1}]}
DRAWN = {**ALL_EQUITIES, "plan.accounts.returns": "historical"}


def test_the_worked_example_of_the_method_note() -> None:
    # 39 years old on 1 January: 90 % equities. 0.90 x 7 % + 0.10 x 4 % = 6.70 %.
    # 10,000.00 for 365 days and 500.00 from 1 July, 184 days: 374,200,000 cent-days.
    # 6.70 % x 374,200,000 / 365 = 68,688.77, half up 68,689.
    census = census_of({"balance_pre_tax_cents": 1_000_000})
    context, state = the_year(census, [paid_in("E1", date(2025, 7, 1), 50_000)])
    earned = investment_return.decide(context, state)["investment_return"]
    assert earned.select("effective_date", "rate_bp", "amount_cents", "pre_tax_cents").rows() == [
        (date(2025, 12, 31), 670, 68_689, 68_689)
    ]


@pytest.mark.parametrize(
    ("born", "rate_bp"), [(date(1985, 1, 1), 655), (date(1985, 1, 2), 670), (date(1950, 6, 1), 496)]
)
def test_the_mix_follows_the_age_on_1_january(born: date, rate_bp: int) -> None:
    # 85 % from 40: 5.95 + 0.60; 90 % below; 32 % from 70: 2.24 + 2.72.
    context, state = the_year(census_of({"birth_date": born, "balance_roth_cents": 100}))
    assert investment_return.decide(context, state)["investment_return"]["rate_bp"].to_list() == [rate_bp]


def test_money_of_31_december_earns_one_day_of_a_leap_year() -> None:
    # 3,660.00 x 7 % / 366 = 0.70
    census = census_of({}, as_of=date(2023, 12, 31))
    paid = [paid_in("E1", date(2024, 12, 31), 366_000)]
    context, state = the_year(census, paid, ALL_EQUITIES, year=2024)
    assert by_source(investment_return.decide(context, state)["investment_return"]) == [{"pre_tax": 70}]


def test_nothing_in_the_account_earns_nothing() -> None:
    context, state = the_year(census_of({}, {"balance_match_cents": 1}))
    assert investment_return.decide(context, state)["investment_return"].is_empty()
    idle, state = the_year(census_of({"balance_match_cents": 100}), (), {"plan.accounts.returns": "none"})
    assert investment_return.decide(idle, state) == {}


def test_a_market_return_is_one_for_all_of_a_seed_and_another_for_another_seed() -> None:
    census = census_of({"balance_pre_tax_cents": 100_000}, {"balance_match_cents": 100_000})
    context, state = the_year(census, (), DRAWN, seeds=[1, 2])
    earned = investment_return.decide(context, state)["investment_return"]
    rates = {seed: set(earned.filter(earned["seed"] == seed)["rate_bp"]) for seed in (1, 2)}
    assert len(rates[1]) == len(rates[2]) == 1
    assert rates[1] != rates[2]
    assert equal_one_by_one(investment_return.decide, census, (), DRAWN)


def test_drawn_returns_have_the_stated_mean_and_spread() -> None:
    # Of 4,000 draws: the mean within 3 x 17 % / sqrt(4,000) = 0.81 points of 7 %.
    seeds = range(4_000)
    context, state = the_year(census_of({"balance_roth_cents": 100_000}), (), DRAWN, seeds=seeds)
    rates = investment_return.decide(context, state)["investment_return"]["rate_bp"]
    assert abs(float(rates.mean() or 0) - 700) < 81  # type: ignore[arg-type]
    assert abs(float(rates.std() or 0) - 1_700) < 60  # type: ignore[arg-type]


def test_no_loss_is_more_than_what_is_left() -> None:
    worst: dict[str, Any] = {**ALL_EQUITIES, "plan.accounts.equity_return": "-20%"}
    context, state = the_year(census_of({"balance_pre_tax_cents": 100_000}), (), worst)
    poor = state.people.with_columns(balance_pre_tax_cents=5_000)
    lost = investment_return.decide(context, type(state)(poor, state.raises, state.elections, state.loans))
    assert by_source(lost["investment_return"]) == [{"pre_tax": -5_000}]
