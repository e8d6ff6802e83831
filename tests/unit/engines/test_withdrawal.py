from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.engines import loan_repayment, withdrawal
from simulation.evolve import evolve
from tests.accounts import ACCOUNT, by_source, equal_one_by_one, left, lent, paid_in, vested
from tests.plan_years import Stated, the_year
from tests.populations import census_of

NEVER: dict[str, Any] = {
    "plan.distributions.hardship_rate": 0,
    "plan.distributions.in_service_rate": 0,
    "plan.auto_enrollment.withdrawal_rate": 0,
    "plan.loans.default_rate": 0,
}
HARDSHIP = {**NEVER, "plan.distributions.hardship_rate": 1}
IN_SERVICE = {**NEVER, "plan.distributions.in_service_rate": 1}
OLD = {"birth_date": date(1950, 5, 1), "hire_date": date(1990, 1, 1), "balance_pre_tax_cents": 10_000_000}


def taken(
    events: list[Stated], values: dict[str, Any], person: Mapping[str, Any], kind: str = "withdrawal"
) -> pl.DataFrame:
    """Return what E1 was paid."""
    context, state = the_year(census_of(person), events, values)
    return withdrawal.decide(context, state)[kind]


def test_the_worked_example_of_the_method_note() -> None:
    # 30 % of 8,000.00 pre-tax and 2,000.00 Roth on 1 January: 3,000.00, of which four fifths are pre-tax.
    # What was paid in since, 500.00, and the match are left alone.
    person = {"balance_pre_tax_cents": 800_000, "balance_roth_cents": 200_000, "balance_match_cents": 90_000}
    paid = taken([paid_in("E1", date(2025, 1, 31), 50_000)], HARDSHIP, person)
    assert by_source(paid) == [{"pre_tax": 240_000, "roth": 60_000}]
    assert paid["reason"].cast(pl.String).to_list() == ["hardship"]


def test_a_loan_of_the_year_is_no_longer_there_and_its_payments_are_not_there_yet() -> None:
    # 18,000.00 less 9,000.00 lent: 30 % of 9,000.00, whatever of the loan was paid back since.
    borrowed = lent("E1", date(2025, 1, 31), {"pre_tax": 900_000}, (850, 12, 78_498))
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 10_000), borrowed], HARDSHIP)
    before = by_source(withdrawal.decide(context, state)["withdrawal"])
    state = evolve(state, loan_repayment.decide(context, state), 2025)
    assert by_source(withdrawal.decide(context, state)["withdrawal"]) == before == [{"pre_tax": 270_000}]


def test_leavers_and_arrivals_take_no_hardship_withdrawal() -> None:
    assert taken([left("E1", date(2025, 12, 31))], HARDSHIP, ACCOUNT).is_empty()
    assert taken([], HARDSHIP, {"balance_match_cents": 500}).is_empty()


@pytest.mark.parametrize(
    ("born", "amounts"),
    [(date(1966, 6, 30), [{"pre_tax": 1_800_000}]), (date(1966, 7, 1), [])],
)
def test_what_is_owned_in_full_can_be_taken_from_59_and_a_half(born: date, amounts: list[Any]) -> None:
    # 59½ on 30 December 2025 and on 1 January 2026; 40 % of the match is owned, and it stays.
    paid = taken([vested("E1", 4_000)], IN_SERVICE, {**ACCOUNT, "birth_date": born})
    assert by_source(paid) == amounts


def test_a_former_employee_of_75_gets_the_balance_over_the_divisor() -> None:
    # 100,000.00 / 24.6 = 4,065.04; Roth money is left alone.
    person = {**OLD, "balance_roth_cents": 5_000_000}
    paid = taken([left("E1", date(2025, 3, 1))], NEVER, person, "distribution")
    assert by_source(paid) == [{"pre_tax": 406_504}]
    assert paid["effective_date"].to_list() == [date(2025, 12, 31)]


@pytest.mark.parametrize(("owned", "count"), [(500, 0), (501, 1)])
def test_only_owners_of_more_than_five_percent_get_it_in_service(owned: int, count: int) -> None:
    paid = taken([], NEVER, {**OLD, "ownership_bp": owned})
    assert paid.height == count
    assert set(paid["reason"].cast(pl.String)) <= {"required_minimum"}


@pytest.mark.parametrize(("born", "count"), [(date(1952, 12, 31), 1), (date(1953, 1, 1), 0)])
def test_the_first_year_is_that_of_the_applicable_age(born: date, count: int) -> None:
    gone = [left("E1", date(2025, 3, 1))]
    assert taken(gone, NEVER, {**OLD, "birth_date": born}, "distribution").height == count


def test_death_and_the_switch_end_required_minimums() -> None:
    dead = [left("E1", date(2025, 3, 1), "death")]
    assert taken(dead, NEVER, OLD, "distribution").is_empty()
    off = {**NEVER, "plan.distributions.required_minimum": False}
    assert taken([left("E1", date(2025, 3, 1))], off, OLD, "distribution").is_empty()


def test_an_owner_who_takes_everything_gets_the_minimum_first() -> None:
    paid = taken([vested("E1", 10_000)], IN_SERVICE, {**OLD, "ownership_bp": 600})
    assert sorted(paid["amount_cents"].to_list()) == [406_504, 10_000_000 - 406_504]


def test_default_contributions_are_taken_back_once() -> None:
    values = {**NEVER, "plan.auto_enrollment.withdrawal_rate": 1}
    swept: Stated = (
        "enrollment",
        "E1",
        date(2025, 3, 1),
        {"method": "automatic", "pre_tax_rate_bp": 600, "roth_rate_bp": 0},
    )
    paid = taken([swept, paid_in("E1", date(2025, 3, 31), 30_000)], values, {})
    assert by_source(paid) == [{"pre_tax": 30_000}]
    assert paid["reason"].cast(pl.String).to_list() == ["permissible"]
    assert paid["effective_date"][0] > date(2025, 3, 31)


def test_a_batch_of_seeds_withdraws_as_each_seed_alone() -> None:
    people = [{**ACCOUNT, "balance_roth_cents": n * 1_000} for n in range(40)]
    values = {**NEVER, "plan.distributions.hardship_rate": "50%"}
    assert equal_one_by_one(withdrawal.decide, census_of(*people, OLD), (), values)


def test_hardship_is_as_frequent_as_asked() -> None:
    # 2.7 % of 6,000 within three standard errors of 0.21 points.
    values = {key: value for key, value in NEVER.items() if "hardship" not in key}
    context, state = the_year(census_of(*[ACCOUNT] * 6_000), (), values)
    struck = withdrawal.decide(context, state)["withdrawal"]
    assert abs(struck.height / 6_000 - 0.027) < 3 * 0.0021
