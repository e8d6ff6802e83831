from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.engines import payout
from simulation.evolve import evolve
from tests.accounts import ACCOUNT, by_source, equal_one_by_one, left, lent, vested
from tests.plan_years import Stated, the_year
from tests.populations import census_of

STAY: dict[str, Any] = {"plan.distributions.cash_out_rate": 0, "plan.distributions.rollover_rate": 0}
CASH = {**STAY, "plan.distributions.cash_out_rate": 1}
ROLL = {**STAY, "plan.distributions.rollover_rate": 1}
GONE = left("E1", date(2025, 5, 1))


def paid(values: dict[str, Any], *events: Stated, **person: Any) -> list[tuple[str, str, int]]:
    """Return (event type, reason, amount) of what E1 got."""
    context, state = the_year(census_of(person), events, values)
    made = payout.decide(context, state)
    return [
        (kind, str(reason), cents)
        for kind in ("distribution", "rollover")
        for reason, cents in made[kind].select("reason", "amount_cents").iter_rows()
    ]


def test_the_worked_example_of_the_method_note() -> None:
    # 5,000.00 of deferrals, 40 % of 2,000.00 match: 5,800.00 are owned. Nothing is asked for; it is no more
    # than 7,000.00 and more than 1,000.00, and so it is rolled over to an IRA.
    person = {"balance_pre_tax_cents": 500_000, "balance_match_cents": 200_000}
    context, state = the_year(census_of(person), [vested("E1", 4_000), GONE], STAY)
    made = payout.decide(context, state)
    assert made["distribution"].is_empty()
    assert by_source(made["rollover"]) == [{"pre_tax": 500_000, "match": 80_000}]
    assert made["rollover"].select("reason", "effective_date").rows() == [("forced", date(2025, 12, 31))]


@pytest.mark.parametrize(
    ("balance", "found"),
    [
        (0, []),
        (1, [("distribution", "forced", 1)]),
        (100_000, [("distribution", "forced", 100_000)]),
        (100_001, [("rollover", "forced", 100_001)]),
        (700_000, [("rollover", "forced", 700_000)]),
        (700_001, []),
    ],
)
def test_a_balance_at_a_limit_does_not_exceed_it(balance: int, found: list[Any]) -> None:
    assert paid(STAY, GONE, balance_roth_cents=balance) == found


def test_before_2024_no_more_than_5000_may_be_forced_out() -> None:
    census = census_of({"balance_roth_cents": 600_000}, as_of=date(2022, 12, 31))
    context, state = the_year(census, [left("E1", date(2023, 5, 1))], STAY, year=2023)
    assert all(frame.is_empty() for frame in payout.decide(context, state).values())


@pytest.mark.parametrize(
    ("values", "reason", "found"),
    [
        (CASH, "voluntary", ("distribution", "cash_out", 1_800_000)),
        (ROLL, "retirement", ("rollover", "elected", 1_800_000)),
        (ROLL, "death", ("distribution", "death", 1_800_000)),
    ],
)
def test_leavers_take_cash_or_roll_over_and_heirs_are_paid(
    values: dict[str, Any], reason: str, found: tuple[str, str, int]
) -> None:
    assert paid(values, left("E1", date(2025, 5, 1), reason), **ACCOUNT) == [found]


def test_who_stays_or_left_earlier_is_not_paid() -> None:
    assert paid(CASH, **ACCOUNT) == []
    assert paid(STAY, GONE, **ACCOUNT) == []


def test_who_goes_on_repaying_a_loan_stays_in_the_plan() -> None:
    loan = lent("E1", date(2025, 3, 31), {"pre_tax": 500_000}, (850, 60, 10_258))
    assert paid({**CASH, "plan.loans.on_exit": "repay"}, loan, GONE, **ACCOUNT) == []


def test_after_a_payout_nothing_is_owned_of_what_waits_for_five_breaks() -> None:
    values = {**CASH, "plan.forfeitures.timing": "five_breaks"}
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 4_000), GONE], values)
    made = payout.decide(context, state)
    assert by_source(made["distribution"]) == [{"pre_tax": 1_800_000, "match": 240_000}]
    after = evolve(state, made, 2025).people
    assert after.select("balance_match_cents", "vested_match_bp").rows() == [(360_000, 0)]


def test_of_many_leavers_the_asked_shares_take_cash_and_roll_over() -> None:
    # 41 % and 29 % of 4,000, within three standard errors of 0.8 points.
    people = [ACCOUNT] * 4_000
    context, state = the_year(census_of(*people))
    gone = state.people.with_columns(
        termination_date=pl.lit(date(2025, 5, 1)), termination_reason=pl.lit("voluntary")
    )
    made = payout.decide(context, type(state)(gone, state.raises, state.elections, state.loans))
    assert abs(made["distribution"].height / 4_000 - 0.41) < 0.024
    assert abs(made["rollover"].height / 4_000 - 0.29) < 0.024


def test_a_batch_of_seeds_pays_out_as_each_seed_alone() -> None:
    names = [f"E{n}" for n in range(1, 13)]
    events = [left(name, date(2025, 5, 1)) for name in names]
    assert equal_one_by_one(payout.decide, census_of(*[ACCOUNT] * 12), events, {})
