from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from simulation import reconciliation
from simulation.evolve import evolve
from simulation.state import State
from tests.accounts import ACCOUNT, forfeited, lent, paid_in, vested
from tests.plan_years import Stated, frames, the_year
from tests.populations import census_of

MOVES: list[Stated] = [
    paid_in("E1", date(2025, 1, 31), 50_000),
    paid_in("E2", date(2025, 1, 31), 20_000, "employer_match"),
    lent("E1", date(2025, 1, 31), {"pre_tax": 500_000}, (850, 60, 10_258)),
    forfeited("E2", 600_000),
    ("forfeiture_use", "E1", date(2025, 12, 31), {"use": "reallocate", "amount_cents": 70_000}),
]


def moved() -> tuple[State, State, dict[str, pl.DataFrame]]:
    """Return a year's opening and closing state of two people and two seeds, and what happened."""
    _, opened = the_year(census_of(ACCOUNT, ACCOUNT), [vested("E1", 10_000)], seeds=[1, 2])
    events = frames(opened, MOVES)
    return opened, evolve(opened, events, 2025), events


CHECKS = (
    reconciliation.accounts,
    reconciliation.loan_ledger,
    reconciliation.forfeiture_account,
    reconciliation.amounts,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_what_evolve_does_reconciles(check: reconciliation.Check) -> None:
    assert check(*moved(), 2025).is_empty()


@pytest.mark.parametrize("source", ["pre_tax", "match", "profit_sharing"])
def test_a_cent_too_much_in_one_account_of_one_seed_is_found(source: str) -> None:
    opened, closed, events = moved()
    one = (pl.col("seed") == 2) & (pl.col("employee_id") == "E2")
    cents = pl.col(f"balance_{source}_cents")
    wrong = replace(closed, people=closed.people.with_columns(cents + one.cast(pl.Int64)))
    found = reconciliation.accounts(opened, wrong, events, 2025)
    assert found.select("seed", "employee_id").rows() == [(2, "E2")]


def test_an_event_that_nobody_applied_is_found() -> None:
    opened, closed, events = moved()
    more = events | {"contribution": pl.concat([events["contribution"], events["contribution"].head(1)])}
    assert reconciliation.accounts(opened, closed, more, 2025)["employee_id"].to_list() == ["E1"]


def test_a_cent_of_a_loan_and_of_the_forfeiture_account_is_missed() -> None:
    opened, closed, events = moved()
    loans = closed.loans.with_columns(pl.col("balance_cents") - 1)
    assert reconciliation.loan_ledger(opened, replace(closed, loans=loans), events, 2025).height == 2
    people = closed.people.with_columns(pl.col("forfeiture_account_cents") + 1)
    wrong = replace(closed, people=people)
    assert reconciliation.forfeiture_account(opened, wrong, events, 2025).height == 4


def test_amounts_by_source_that_do_not_add_up_are_found() -> None:
    opened, closed, events = moved()
    uneven = events | {"loan": events["loan"].with_columns(pl.col("roth_cents") + 1)}
    assert reconciliation.amounts(opened, closed, uneven, 2025)["employee_id"].to_list() == ["E1", "E1"]
