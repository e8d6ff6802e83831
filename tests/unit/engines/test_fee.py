from __future__ import annotations

from datetime import date

from simulation.engines import fee
from tests.accounts import after, by_source, equal_one_by_one, forfeited, paid_in
from tests.plan_years import the_year
from tests.populations import census_of

ACCOUNT = {"balance_pre_tax_cents": 1_000_000, "balance_match_cents": 250_000}


def test_the_worked_example_of_the_method_note() -> None:
    # 0.40 % of 12,500.00 is 50.00, and 60.00: 110.00, of which 10,000 / 12,500 are 88.00.
    context, state = the_year(census_of(ACCOUNT))
    charged = fee.decide(context, state)["fee"]
    assert charged.select("effective_date", "amount_cents").rows() == [(date(2025, 12, 31), 11_000)]
    assert by_source(charged) == [{"pre_tax": 8_800, "match": 2_200}]


def test_the_asset_fee_counts_the_days() -> None:
    # 36,500.00 on 31 December is 100.00 on average: 0.40, and 60.00.
    context, state = the_year(census_of({}), [paid_in("E1", date(2025, 12, 31), 3_650_000)])
    assert fee.decide(context, state)["fee"]["amount_cents"].to_list() == [6_040]


def test_a_fee_is_at_most_what_is_there() -> None:
    context, state = the_year(census_of({"balance_roth_cents": 3_000}, {}))
    charged = fee.decide(context, state)["fee"]
    assert charged.select("employee_id", "amount_cents").rows() == [("E1", 3_000)]
    assert after(state, {"fee": charged}).people["balance_roth_cents"].to_list() == [0, 0]


def test_the_cents_of_rounding_go_to_one_source_or_another_and_none_is_lost() -> None:
    thirds = {"balance_pre_tax_cents": 100, "balance_roth_cents": 100, "balance_match_cents": 100}
    values = {"plan.accounts.fee_rate": 0, "plan.accounts.fee_per_participant": 1}
    context, state = the_year(census_of(thirds), (), values)
    # 100 x 1/3 = 33, 100 x 2/3 = 67: 34 more; the rest 33.
    assert by_source(fee.decide(context, state)["fee"]) == [{"pre_tax": 33, "roth": 34, "match": 33}]


def test_forfeitures_that_pay_expenses_are_taken_off_the_fee() -> None:
    values = {"plan.forfeitures.use": "expenses"}
    census = census_of({"balance_match_cents": 15_000}, ACCOUNT, ACCOUNT)
    context, state = the_year(census, [forfeited("E1", 15_000)], values)
    made = fee.decide(context, state)
    # 150.00 in the account: 110.00 for E2, 40.00 for E3, who pays the other 70.00.
    used, charged = (made[kind].select("employee_id", "amount_cents") for kind in ("forfeiture_use", "fee"))
    assert used.rows() == [("E2", 11_000), ("E3", 4_000)]
    assert charged.rows() == [("E3", 7_000)]
    assert equal_one_by_one(fee.decide, census, [forfeited("E1", 15_000)], values)
