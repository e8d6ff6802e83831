from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from simulation.engines import loan_default, loan_repayment
from simulation.evolve import evolve, open_year
from simulation.loan_ledger import Calendar, Loans
from tests.accounts import ACCOUNT, after, by_source, equal_one_by_one, left, lent, vested
from tests.plan_years import the_year
from tests.populations import census_of

NO_DEFAULT: dict[str, Any] = {"plan.loans.default_rate": 0}
SOURCES = {"pre_tax": 900_000, "match": 300_000}
BORROWED = lent("E1", date(2025, 3, 31), SOURCES, (850, 60, 24_620))
"""The loan of the method note: 12,000.00 for five years, 246.20 a month."""


def test_the_worked_example_of_the_method_note() -> None:
    # 30 April: 12,000.00 x 8.5 % / 12 = 85.00 interest, 161.20 principal: 11,838.80 are left.
    # 31 May: 11,838.80 x 8.5 % / 12 = 83.86 (83.8582), 162.34 principal.
    # Three quarters of 246.20 are 184.65, one quarter 61.55.
    context, state = the_year(census_of(ACCOUNT), [vested("E1", 10_000), BORROWED], NO_DEFAULT)
    paid = loan_repayment.decide(context, state)["loan_repayment"].sort("effective_date")
    assert paid.height == 9
    assert paid.select("effective_date", "interest_cents", "principal_cents").rows()[:2] == [
        (date(2025, 4, 30), 8_500, 16_120),
        (date(2025, 5, 31), 8_386, 16_234),
    ]
    assert by_source(paid) == [{"pre_tax": 18_465, "match": 6_155}] * 9
    assert after(state, {"loan_repayment": paid}).loans["payments_made"].to_list() == [9]


def test_the_last_payment_settles_to_the_cent() -> None:
    # 1,000.00 at 2.125 % a quarter, 263.40 each: 1,021.25 - 263.40 = 757.85; with 16.10 interest 773.95,
    # - 263.40 = 510.55; with 10.85 521.40, - 263.40 = 258.00; with 5.48 the last is 263.48.
    quarterly = {**NO_DEFAULT, "payroll.frequency": "quarterly"}
    borrowed = lent("E1", date(2025, 3, 31), {"roth": 100_000}, (850, 4, 26_340))
    census = census_of({"balance_roth_cents": 500_000})
    context, state = the_year(census, [borrowed], quarterly)
    state = evolve(state, loan_repayment.decide(context, state), 2025)
    assert state.loans.select("payments_made", "balance_cents").rows() == [(3, 25_800)]
    later, _ = the_year(census, [], quarterly, year=2026)
    state = open_year(state, 2026)
    last = loan_repayment.decide(later, state)
    assert last["loan_repayment"].select("effective_date", "amount_cents").rows() == [
        (date(2026, 3, 31), 26_348)
    ]
    closed = evolve(state, last, 2026)
    assert closed.loans.select("balance_cents", "end_date").rows() == [(0, date(2026, 3, 31))]
    assert loan_repayment.decide(later, closed) == {}


@pytest.mark.parametrize(("on_exit", "payments"), [("offset", 4), ("repay", 9)])
def test_a_leaver_pays_to_the_last_day_or_goes_on(on_exit: str, payments: int) -> None:
    events = [vested("E1", 10_000), BORROWED, left("E1", date(2025, 8, 15))]
    values = {**NO_DEFAULT, "plan.loans.on_exit": on_exit}
    context, state = the_year(census_of(ACCOUNT), events, values)
    assert loan_repayment.decide(context, state)["loan_repayment"].height == payments


def test_a_payment_due_on_the_last_day_is_made() -> None:
    events = [vested("E1", 10_000), BORROWED, left("E1", date(2025, 8, 31))]
    context, state = the_year(census_of(ACCOUNT), events, NO_DEFAULT)
    paid = loan_repayment.decide(context, state)["loan_repayment"]
    assert paid["effective_date"].max() == date(2025, 8, 31)


def test_a_borrower_who_stops_pays_nothing_from_the_missed_payment_on() -> None:
    census = census_of(*[ACCOUNT] * 20)
    loans = [lent(f"E{n}", date(2025, 3, 31), {"pre_tax": 600_000}, (850, 60, 12_310)) for n in range(1, 21)]
    values = {"plan.loans.default_rate": 1}
    _, state = the_year(census, loans, values)
    context, _ = the_year(census, [], values, year=2026)
    state = open_year(evolve(state, {}, 2025), 2026)
    paid = loan_repayment.decide(context, state)["loan_repayment"]
    ends = loan_default.decide(context, after(state, {"loan_repayment": paid}, 2026))["loan_default"]
    assert ends.height == 20
    assert paid.filter(paid["effective_date"] >= date(2026, 9, 30)).is_empty()


def test_no_loans_are_no_payments_and_seeds_do_not_meet() -> None:
    context, state = the_year(census_of(ACCOUNT), [], NO_DEFAULT)
    assert loan_repayment.decide(context, state) == {}
    events = [vested("E1", 10_000), BORROWED]
    assert equal_one_by_one(loan_repayment.decide, census_of(ACCOUNT), events, NO_DEFAULT)


def test_fortnights_cross_a_leap_day() -> None:
    calendar = Calendar.of("biweekly", 2024, 2025)
    start, end = np.array(["2024-02-24"], "datetime64[D]"), np.array(["2024-12-31"], "datetime64[D]")
    assert str(calendar.due_on(start, 1)[0]) == "2024-03-10"
    assert calendar.due(start, end).tolist() == [22]


def test_a_ledger_of_many_weeks_ends_at_nought() -> None:
    _, state = the_year(
        census_of(ACCOUNT), [lent("E1", date(2025, 3, 31), {"pre_tax": 123_457}, (850, 260, 584))]
    )
    loans = Loans.as_lent(state.loans, 52)
    assert loans.balance_after(np.array([260])).tolist() == [0]
    assert loans.balance_after(np.array([259]))[0] > 0
