from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.balance_snapshot import NO_BALANCES, balance_snapshots
from simulation.evolve import evolve, open_year
from simulation.genesis import genesis
from simulation.rules.snapshot_dates import SNAPSHOTS
from simulation.standing import AccountYear
from simulation.year import YearRecord
from tests.accounts import ACCOUNT, forfeited, left, lent, paid_in, vested
from tests.plan_years import Stated, enrolled, frames, hired
from tests.populations import census_of, run_all, scenario_of
from tests.stores import EVENTFUL, small_census

MONTHS = [date(2025, month, day) for month, day in ((1, 31), (2, 28), (3, 31))]


def year_of(people: Sequence[Mapping[str, Any]], events: Sequence[Stated]) -> AccountYear:
    """Return a year in which stated events happen to people of a census."""
    census = census_of(*people)
    start = genesis(census.frame, census.as_of, 2024, [42])
    opened = open_year(start.state, 2025)
    made = frames(opened, events)
    return AccountYear(2025, opened, evolve(opened, made, 2025), made)


def shown(accounts: AccountYear, column: str, every: str = "month_end") -> dict[date, Any]:
    """Return a column of the first person's rows by date."""
    rows = balance_snapshots(accounts, every).filter(pl.col("person") == 0)
    return dict(rows.select("snapshot_date", column).iter_rows())


def test_money_is_there_from_the_end_of_its_day() -> None:
    accounts = year_of([{}], [paid_in("E1", day, 1_000) for day in (date(2025, 2, 28), date(2025, 3, 1))])
    total = shown(accounts, "total_balance_cents")
    assert [total.get(day) for day in MONTHS] == [None, 1_000, 2_000]
    counted = shown(accounts, "event_count_since_last_snapshot")
    assert [counted.get(day) for day in MONTHS] == [None, 1, 1]
    assert counted[date(2025, 12, 31)] == 0
    assert shown(accounts, "event_count_since_last_snapshot", "year_end") == {date(2025, 12, 31): 2}


def test_a_loan_leaves_the_account_and_comes_back_as_it_is_repaid() -> None:
    paid = {f"{source}_cents": 0 for source in ("roth", "match", "nonelective", "profit_sharing")}
    repayment = {"loan_number": 1, "principal_cents": 900, "interest_cents": 100, "pre_tax_cents": 1_000}
    accounts = year_of(
        [ACCOUNT],
        [
            lent("E1", date(2025, 1, 10), {"pre_tax": 50_000}, (850, 60, 1_000)),
            ("loan_repayment", "E1", date(2025, 3, 31), {"amount_cents": 1_000, **paid, **repayment}),
        ],
    )
    owed, total = shown(accounts, "loan_balance_cents"), shown(accounts, "balance_pre_tax_cents")
    assert [owed[day] for day in MONTHS] == [50_000, 50_000, 49_100]
    assert [total[day] for day in MONTHS] == [1_750_000, 1_750_000, 1_751_000]


def test_what_is_vested_changes_on_the_day_of_the_event() -> None:
    events = [left("E1", date(2025, 2, 10)), vested("E1", 6_000, date(2025, 2, 10))]
    own = shown(year_of([ACCOUNT], events), "vested_balance_cents")
    # Nothing was told before; then 18,000 of deferrals and 60 % of 6,000 of match.
    assert [own[day] for day in MONTHS] == [None, 2_160_000, 2_160_000]
    assert shown(year_of([ACCOUNT], events), "vested_bp")[MONTHS[1]] == 9_000


def test_what_an_earlier_year_told_holds_until_the_next_event() -> None:
    accounts = year_of([ACCOUNT, ACCOUNT], [vested("E1", 10_000, date(2025, 12, 31))])
    before = accounts.opened.people.with_columns(
        vested_match_bp=pl.lit(4_000, dtype=pl.Int32), vesting_told=pl.lit(value=True)
    )
    told = replace(accounts, opened=replace(accounts.opened, people=before))
    own = shown(told, "vested_balance_cents")
    assert {own[day] for day in MONTHS} == {2_040_000}
    assert own[date(2025, 12, 31)] == 2_400_000


def test_an_election_is_shown_from_its_day_and_until_it_is_nought() -> None:
    stop = {"reason": "stop", "previous_rate_bp": 600, "pre_tax_rate_bp": 0, "roth_rate_bp": 0}
    events = [
        enrolled("E1", date(2025, 2, 1), 600),
        ("deferral_change", "E1", date(2025, 2, 1), {**stop, "pre_tax_rate_bp": 300}),
        ("deferral_change", "E1", date(2025, 3, 15), stop),
    ]
    accounts = year_of([{}, {"deferral_bp": 500}], events)
    assert [*shown(accounts, "total_balance_cents")] == [MONTHS[1]]
    other = balance_snapshots(accounts, "month_end").filter(pl.col("person") == 1)
    assert other.height == 12


def test_whose_account_was_emptied_is_shown_to_the_end_of_the_year() -> None:
    gone: dict[str, Any] = {"reason": "cash_out", "pre_tax_cents": 0, "roth_cents": 0, "match_cents": 600_000}
    gone |= {"nonelective_cents": 0, "profit_sharing_cents": 0, "amount_cents": 600_000}
    accounts = year_of([{"balance_match_cents": 600_000}], [("distribution", "E1", date(2025, 2, 3), gone)])
    total = shown(accounts, "total_balance_cents")
    assert [*total.values()] == [600_000, *[0] * 11]
    assert shown(accounts, "vested_bp")[MONTHS[1]] is None


def test_a_hire_has_an_account_from_the_first_contribution() -> None:
    census = census_of(ACCOUNT)
    start = genesis(census.frame, census.as_of, 2024, [1, 2])
    opened = open_year(start.state, 2025)
    terms: dict[str, Any] = {
        "birth_date": date(1959, 5, 5),
        "hire_date": date(2025, 2, 1),
        "department": "Sales",
    }
    terms |= {"job_level": 1, "annual_compensation_cents": 5_000_000, "scheduled_hours": 2_080}
    arrived = hired(opened, "N1", date(2025, 2, 1), {**terms, "employee_class": "regular"})
    there = evolve(opened, arrived, 2025)
    events = arrived | frames(there, [paid_in("N1", date(2025, 2, 28), 700, "employer_match")])
    accounts = AccountYear(2025, opened, evolve(opened, events, 2025), events)
    rows = balance_snapshots(accounts, "month_end").filter(pl.col("person") == 1)
    assert rows["seed"].to_list() == [1, 2] * 11
    assert set(rows["total_balance_cents"]) == {700}
    assert set(rows["vested_bp"].head(-2)) == {None}
    assert set(rows["vested_bp"].tail(2)) == {0}


def test_forfeited_money_is_gone() -> None:
    accounts = year_of([ACCOUNT], [forfeited("E1", 600_000, date(2025, 1, 31))])
    assert set(shown(accounts, "balance_match_cents").values()) == {0}


def test_nobody_has_no_rows() -> None:
    everybody = year_of([{}], [])
    nobody = AccountYear(2025, everybody.opened.for_seed(1), everybody.closed.for_seed(1), {})
    assert balance_snapshots(nobody, "weekly").equals(NO_BALANCES)


@pytest.fixture(scope="module")
def weekly() -> list[YearRecord]:
    values = {**EVENTFUL, "output.balance_snapshots": "weekly"}
    return run_all(scenario_of(values, years=(2025, 2028)), small_census(), seeds=[1, 2])


@pytest.mark.parametrize("every", SNAPSHOTS)
def test_a_date_has_the_same_rows_however_often_accounts_are_written_down(
    every: str, weekly: list[YearRecord]
) -> None:
    values = {**EVENTFUL, "output.balance_snapshots": every}
    seldom = run_all(scenario_of(values, years=(2025, 2028)), small_census(), seeds=[1, 2])
    for record, often in zip(seldom, weekly, strict=True):
        known = often.balances.filter(_on_one_of(record.balances["snapshot_date"]))
        shared = record.balances.filter(_on_one_of(known["snapshot_date"]))
        assert shared.drop(COUNT).equals(known.drop(COUNT))
        assert record.balances[COUNT].sum() == often.balances[COUNT].sum()


def _on_one_of(dates: pl.Series) -> pl.Expr:
    return pl.col("snapshot_date").is_in(dates.unique().implode())


COUNT = "event_count_since_last_snapshot"


def test_one_seed_alone_has_the_rows_that_it_has_in_a_batch(weekly: list[YearRecord]) -> None:
    values = {**EVENTFUL, "output.balance_snapshots": "weekly"}
    alone = run_all(scenario_of(values, years=(2025, 2028)), small_census(), seeds=[2])
    for record, together in zip(alone, weekly, strict=True):
        assert record.balances.equals(together.balances.filter(pl.col("seed") == 2))


def test_rows_stand_by_date_seed_and_employee(weekly: list[YearRecord]) -> None:
    for record in weekly[1:]:
        rows = record.balances
        assert rows.equals(rows.sort("snapshot_date", "seed", "person"))
        assert rows["snapshot_date"].n_unique() == 53
        assert (rows["vested_bp"].drop_nulls() <= 10_000).all()
