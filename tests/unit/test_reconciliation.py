from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from simulation import reconciliation
from simulation.books import Books
from simulation.evolve import evolve
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


def moved() -> Books:
    """Return a year of two people and two seeds."""
    _, opened = the_year(census_of(ACCOUNT, ACCOUNT), [vested("E1", 10_000)], seeds=[1, 2])
    events = frames(opened, MOVES)
    return Books(2025, opened, evolve(opened, events, 2025), events)


def with_people(books: Books, **columns: pl.Expr) -> Books:
    people = books.closed.people.with_columns(**columns)
    return replace(books, closed=replace(books.closed, people=people))


CHECKS = (
    reconciliation.accounts,
    reconciliation.loan_ledger,
    reconciliation.forfeiture_account,
    reconciliation.amounts,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_what_evolve_does_reconciles(check: Callable[[Books], pl.DataFrame]) -> None:
    assert check(moved()).is_empty()


@pytest.mark.parametrize("source", ["pre_tax", "match", "profit_sharing"])
def test_a_cent_too_much_in_one_account_of_one_seed_is_found(source: str) -> None:
    one = (pl.col("seed") == 2) & (pl.col("employee_id") == "E2")
    name = f"balance_{source}_cents"
    found = reconciliation.accounts(with_people(moved(), **{name: pl.col(name) + one.cast(pl.Int64)}))
    assert found.select("seed", "employee_id").rows() == [(2, "E2")]


def test_an_event_that_nobody_applied_is_found() -> None:
    books = moved()
    paid = books.events["contribution"]
    more = {**books.events, "contribution": pl.concat([paid, paid.head(1)])}
    assert reconciliation.accounts(replace(books, events=more))["employee_id"].to_list() == ["E1"]


def test_a_cent_of_a_loan_and_of_the_forfeiture_account_is_missed() -> None:
    books = moved()
    loans = books.closed.loans.with_columns(pl.col("balance_cents") - 1)
    owed = replace(books, closed=replace(books.closed, loans=loans))
    assert reconciliation.loan_ledger(owed).height == 2
    kept = with_people(books, forfeiture_account_cents=pl.col("forfeiture_account_cents") + 1)
    assert reconciliation.forfeiture_account(kept).height == 4


def test_amounts_by_source_that_do_not_add_up_are_found() -> None:
    books = moved()
    uneven = {**books.events, "loan": books.events["loan"].with_columns(pl.col("roth_cents") + 1)}
    assert reconciliation.amounts(replace(books, events=uneven))["employee_id"].to_list() == ["E1", "E1"]
