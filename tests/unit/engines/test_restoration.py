from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from simulation.context import YearContext
from simulation.engines import restoration
from simulation.evolve import evolve, open_year
from simulation.state import State
from tests.accounts import forfeited, left
from tests.plan_years import frames, the_year
from tests.populations import census_of

HIRED = date(2018, 3, 1)
ACCOUNT = {"hire_date": HIRED, "balance_match_cents": 360_000}


def back_on(day: date, values: dict[str, Any] | None = None) -> tuple[YearContext, State]:
    """Return the year of E1's rehire, who left on 31 May 2025 and lost 3,600.00 of match that year."""
    gone = date(2025, 5, 31)
    _, state = the_year(census_of(ACCOUNT), [left("E1", gone), forfeited("E1", 360_000, date(2025, 12, 31))])
    for year in range(2026, day.year + 1):
        state = open_year(state, year)
    context, _ = the_year(census_of(ACCOUNT), [], values, year=day.year)
    service = HIRED + (day - gone) - timedelta(days=1)
    terms = {"annual_compensation_cents": 6_000_000, "service_date": service}
    return context, evolve(state, frames(state, [("rehire", "E1", day, terms)]), day.year)


def test_the_worked_example_of_the_method_note() -> None:
    context, state = back_on(date(2027, 7, 1))
    found = restoration.decide(context, state)
    assert found["restoration"].select("effective_date", "amount_cents", "restored_to_source").rows() == [
        (date(2027, 7, 1), 360_000, "employer_match")
    ]
    people = evolve(state, found, 2027).people
    assert people.select(
        "balance_match_cents", "forfeited_match_cents", "forfeiture_account_cents"
    ).rows() == [(360_000, 0, 0)]
    # 1 July to 31 December is 184 days.
    assert people["cent_days_match"].to_list() == [360_000 * 184]


@pytest.mark.parametrize(("day", "count"), [(date(2030, 12, 31), 1), (date(2031, 1, 1), 0)])
def test_five_breaks_end_the_claim(day: date, count: int) -> None:
    # Breaks 2026 to 2029 are four; with 2030 they are five.
    assert restoration.decide(*back_on(day))["restoration"].height == count


def test_the_plan_may_restore_nothing() -> None:
    assert (
        restoration.decide(*back_on(date(2026, 2, 28), {"plan.forfeitures.restore_on_rehire": False})) == {}
    )


def test_nobody_else_gets_anything() -> None:
    context, state = the_year(census_of(ACCOUNT, {}))
    assert restoration.decide(context, state)["restoration"].is_empty()
