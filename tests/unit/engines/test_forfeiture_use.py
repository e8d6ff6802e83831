from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from simulation.engines import forfeiture_use
from simulation.evolve import evolve
from tests.accounts import equal_one_by_one, forfeited, left, paid_in
from tests.plan_years import in_plan, the_year
from tests.populations import census_of

REDUCE: dict[str, Any] = {"plan.forfeitures.use": "reduce_contributions"}
REALLOCATE = {"plan.forfeitures.use": "reallocate"}
FUND = {"balance_match_cents": 100_000}
"""E1, whose 1,000.00 of match are forfeited."""


def used(events: list[Any], values: dict[str, Any], *people: dict[str, Any]) -> list[tuple[str, int]]:
    context, state = the_year(census_of(FUND, *people), events, values)
    found = forfeiture_use.decide(context, state).get("forfeiture_use", pl.DataFrame())
    return found.select("employee_id", "amount_cents").rows() if found.height else []


def test_the_worked_example_of_the_method_note() -> None:
    # 1,000.00: all of E2's match, 700.00, and 300.00 of E3's 800.00.
    match = [
        paid_in(f"E{n}", date(2025, 6, 30), cents, "employer_match")
        for n, cents in ((2, 70_000), (3, 80_000))
    ]
    context, state = the_year(census_of(FUND, {}, {}), [forfeited("E1", 100_000), *match], REDUCE)
    found = forfeiture_use.decide(context, state)
    assert found["forfeiture_use"].select("employee_id", "amount_cents", "effective_date").rows() == [
        ("E2", 70_000, date(2025, 12, 31)),
        ("E3", 30_000, date(2025, 12, 31)),
    ]
    after = evolve(state, found, 2025).people
    assert after["forfeiture_account_cents"].sum() == 0
    assert after["balance_match_cents"].to_list() == [0, 70_000, 80_000]


def test_what_nothing_is_due_for_stays_in_the_account() -> None:
    assert used([forfeited("E1", 100_000)], REDUCE, {}) == []
    assert used([paid_in("E2", date(2025, 6, 30), 500, "employer_match")], REDUCE, {}) == []


def test_deferrals_are_not_reduced() -> None:
    assert used([forfeited("E1", 100_000), paid_in("E2", date(2025, 6, 30), 500)], REDUCE, {}) == []


def test_fees_are_left_to_the_engine_of_fees() -> None:
    assert used([forfeited("E1", 100_000)], {"plan.forfeitures.use": "expenses"}, {}) == []


def test_all_of_it_is_shared_by_pay_among_those_who_are_in() -> None:
    # 1,000.00 by pay of 60,000 and 30,000: 666.67 and 333.33; who left or has not entered gets nothing.
    people: list[dict[str, Any]] = [{}, {"compensation_cents": 3_000_000}, {}, {}]
    events = [
        forfeited("E1", 100_000),
        *(in_plan(f"E{n}") for n in (2, 3, 4)),
        left("E4", date(2025, 12, 30)),
    ]
    assert used(events, REALLOCATE, *people) == [("E2", 66_667), ("E3", 33_333)]
    context, state = the_year(census_of(FUND, *people), events, REALLOCATE)
    after = evolve(state, forfeiture_use.decide(context, state), 2025).people
    assert after["balance_profit_sharing_cents"].to_list() == [0, 66_667, 33_333, 0, 0]


def test_a_share_is_cut_to_the_room_of_annual_additions_and_the_rest_stays() -> None:
    # 2025: 70,000.00 less 69,999.00 paid in leaves a dollar.
    events = [
        forfeited("E1", 100_000),
        in_plan("E2"),
        paid_in("E2", date(2025, 6, 30), 6_999_900, "employer_nonelective"),
    ]
    assert used(events, REALLOCATE, {"compensation_cents": 20_000_000}) == [("E2", 100)]


def test_pay_counts_up_to_the_projected_cap_of_2050() -> None:
    people = [FUND, {"compensation_cents": 900_000_000}, {"compensation_cents": 900_000_000}]
    events = [forfeited("E1", 100_000, date(2050, 1, 1)), *(in_plan(f"E{n}") for n in (2, 3))]
    context, state = the_year(census_of(*people), events, REALLOCATE, year=2050)
    found = forfeiture_use.decide(context, state)["forfeiture_use"]
    assert found["amount_cents"].to_list() == [50_000, 50_000]


def test_each_seed_uses_its_own_account() -> None:
    match = [paid_in(f"E{n}", date(2025, 6, 30), 70_000, "employer_match") for n in (2, 3)]
    events = [forfeited("E1", 100_000), in_plan("E2"), in_plan("E3"), *match]
    for values in (REDUCE, REALLOCATE):
        assert equal_one_by_one(forfeiture_use.decide, census_of(FUND, {}, {}), events, values)
