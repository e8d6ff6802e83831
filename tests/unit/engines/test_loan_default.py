from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.engines import loan_default, loan_repayment
from simulation.evolve import evolve, open_year
from simulation.rules.loan import cure_deadline
from tests.accounts import ACCOUNT, equal_one_by_one, left, lent, vested
from tests.plan_years import the_year
from tests.populations import census_of

BORROWED = lent("E1", date(2025, 3, 31), {"pre_tax": 900_000, "match": 300_000}, (850, 60, 24_620))
DEFAULT: dict[str, Any] = {"plan.loans.default_rate": 1}


def test_the_worked_example_of_the_method_note() -> None:
    # Gone on 15 August after four payments: 12,000.00, 11,838.80, 11,676.46, 11,512.97, 11,348.32.
    events = [vested("E1", 10_000), BORROWED, left("E1", date(2025, 8, 15))]
    context, state = the_year(census_of(ACCOUNT), events)
    state = evolve(state, loan_repayment.decide(context, state), 2025)
    ended = loan_default.decide(context, state)["loan_default"]
    assert ended.select("effective_date", "amount_cents", "accrued_interest_cents", "reason").rows() == [
        (date(2025, 8, 15), 1_134_832, 0, "offset")
    ]
    assert evolve(state, {"loan_default": ended}, 2025).loans["end_date"].to_list() == [date(2025, 8, 15)]


@pytest.mark.parametrize(("reason", "ends"), [("voluntary", 0), ("death", 1)])
def test_death_ends_a_loan_that_others_go_on_repaying(reason: str, ends: int) -> None:
    events = [vested("E1", 10_000), BORROWED, left("E1", date(2025, 8, 15), reason)]
    context, state = the_year(census_of(ACCOUNT), events, {"plan.loans.on_exit": "repay"})
    found = loan_default.decide(context, state)
    assert found.get("loan_default", pl.DataFrame()).height == ends


def test_a_default_is_deemed_distributed_with_interest_to_the_end_of_the_cure_period() -> None:
    people = [ACCOUNT] * 12
    loans = [
        lent(f"E{n}", date(2025, 12, 31), {"pre_tax": 1_200_000}, (850, 60, 24_620)) for n in range(1, 13)
    ]
    _, state = the_year(census_of(*people), loans, DEFAULT)
    context, _ = the_year(census_of(*people), [], DEFAULT, year=2026)
    state = open_year(state, 2026)
    state = evolve(state, loan_repayment.decide(context, state), 2026)
    ended = loan_default.decide(context, state)["loan_default"]
    assert ended["reason"].cast(pl.String).unique().to_list() == ["default"]
    joined = ended.join(state.loans.select("person", "payments_made", "balance_cents"), on="person")
    for on, amount, made, owed in joined.select(
        "effective_date", "amount_cents", "payments_made", "balance_cents"
    ).iter_rows():
        # Missed in month made + 1; cured by the end of the next quarter; interest of the months between.
        last = ((made // 3) + 2) * 3
        assert on == date(2026, last, 30 if last in {6, 9} else 31)
        grown = owed * (1 + 0.085 / 12) ** (last - made)
        assert abs(amount - grown) <= 1


def test_a_missed_payment_may_be_cured_until_the_end_of_the_next_quarter() -> None:
    day = pl.select(cure_deadline(pl.lit(date(2026, 3, 31)))).item()
    assert day == date(2026, 6, 30)


def test_nobody_defaults_in_the_year_of_the_loan_or_without_one() -> None:
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 10_000), BORROWED], DEFAULT)
    assert loan_default.decide(context, state) == {}


def test_a_batch_of_seeds_ends_loans_as_each_seed_alone() -> None:
    events = [vested("E1", 10_000), BORROWED, left("E1", date(2025, 8, 15))]
    assert equal_one_by_one(loan_default.decide, census_of(ACCOUNT), events, {})
