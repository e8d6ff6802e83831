from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.engines import forfeiture, payout
from simulation.evolve import evolve, open_year
from simulation.state import State
from tests.accounts import ACCOUNT, equal_one_by_one, left, paid_in, vested
from tests.plan_years import Stated, in_plan, the_year
from tests.populations import census_of

CASH: dict[str, Any] = {"plan.distributions.cash_out_rate": 1, "plan.distributions.rollover_rate": 0}
STAY = {**CASH, "plan.distributions.cash_out_rate": 0}
BREAKS = {"plan.forfeitures.timing": "five_breaks"}
GONE = left("E1", date(2025, 5, 1))
UNVESTED = {"balance_match_cents": 600_000, "balance_nonelective_cents": 100_000}


def lost(values: dict[str, Any], *events: Stated, **person: Any) -> list[tuple[str, int]]:
    """Return (reason, amount) of E1's forfeitures after the payouts of the year."""
    context, state = the_year(census_of(person), events, values)
    state = evolve(state, payout.decide(context, state), 2025)
    found = forfeiture.decide(context, state)["forfeiture"]
    return [(str(reason), cents) for reason, cents in found.select("reason", "amount_cents").iter_rows()]


def test_the_worked_example_of_the_method_note() -> None:
    # 40 % of 6,000.00 match, 2,400.00, is paid out with the deferrals; the other 3,600.00 are forfeited.
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 4_000), GONE], CASH)
    state = evolve(state, payout.decide(context, state), 2025)
    found = forfeiture.decide(context, state)
    assert found["forfeiture"].select("effective_date", "amount_cents", "vested_percentage_bp").rows() == [
        (date(2025, 12, 31), 360_000, 4_000)
    ]
    people = evolve(state, found, 2025).people
    assert people.select(
        "balance_match_cents", "forfeited_match_cents", "forfeiture_account_cents"
    ).rows() == [(0, 360_000, 360_000)]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, [("unvested_termination", 600_000), ("unvested_termination", 100_000)]),
        ({"plan.forfeitures.deemed_cash_out": False}, []),
        (BREAKS, []),
    ],
)
def test_nothing_vested_is_deemed_to_be_cashed_out(values: dict[str, Any], found: list[Any]) -> None:
    assert lost({**CASH, **values}, GONE, **UNVESTED) == found


def test_the_match_on_default_contributions_that_are_taken_back_is_forfeited_for_good() -> None:
    rates = {"pre_tax_rate_bp": 600, "roth_rate_bp": 0}
    begun = ("enrollment", "E1", date(2025, 2, 1), {"method": "automatic", **rates})
    match = paid_in("E1", date(2025, 2, 28), 12_345, "employer_match")
    values = {"plan.auto_enrollment.withdrawal_rate": 1, "payroll.frequency": "monthly"}
    census = census_of({"birth_date": date(1990, 1, 1)})
    context, state = the_year(census, [in_plan("E1"), begun, match, vested("E1", 10_000)], values)
    found = forfeiture.decide(context, state)
    assert found["forfeiture"].select("reason", "amount_cents").rows() == [("permissible_withdrawal", 12_345)]
    people = evolve(state, found, 2025).people
    assert people.select("balance_match_cents", "forfeited_match_cents").rows() == [(0, 0)]


def test_who_leaves_the_money_in_the_plan_forfeits_nothing_yet() -> None:
    assert lost(STAY, vested("E1", 4_000), GONE, **ACCOUNT) == []


def test_what_is_owned_in_full_and_who_is_employed_forfeits_nothing() -> None:
    assert lost(CASH, vested("E1", 10_000), GONE, **ACCOUNT) == []
    assert lost(CASH, **UNVESTED) == []


def _years_later(state: State, years: int) -> State:
    for year in range(2026, 2026 + years):
        state = open_year(state, year)
    return state


@pytest.mark.parametrize("years", [4, 5, 6])
@pytest.mark.parametrize(("values", "amount"), [(STAY, 360_000), ({**CASH, **BREAKS}, 360_000)])
def test_the_rest_is_forfeited_when_the_fifth_break_ends(
    values: dict[str, Any], amount: int, years: int
) -> None:
    # Gone in 2025: breaks in 2026 to 2030. A stayer loses the 60 %; of what a payout left, all is lost.
    _, state = the_year(census_of(ACCOUNT), [vested("E1", 4_000), GONE], values)
    first, _ = the_year(census_of(ACCOUNT), [], values)
    state = _years_later(evolve(state, payout.decide(first, state), 2025), years)
    context, _ = the_year(census_of(ACCOUNT), [], values, year=2025 + years)
    found = forfeiture.decide(context, state)["forfeiture"]
    assert found["amount_cents"].to_list() == ([amount] if years == 5 else [])
    assert set(found["reason"]) <= {"break_in_service"}


def test_a_batch_of_seeds_forfeits_as_each_seed_alone() -> None:
    assert equal_one_by_one(forfeiture.decide, census_of(UNVESTED, ACCOUNT), [GONE], CASH)
