from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from simulation.engines import key_employee, top_heavy
from tests.accounts import after, equal_one_by_one, left, paid_in
from tests.plan_years import Stated, in_plan, the_year
from tests.populations import census_of

OWNER: Final = {"ownership_bp": 600, "balance_pre_tax_cents": 61_00}
CLERK: Final = {"balance_pre_tax_cents": 39_00}
SAFE: Final[dict[str, Any]] = {"plan.match.safe_harbor": "basic", "plan.vesting.match": "immediate"}
DEFERRED: Final = paid_in("E1", date(2025, 6, 30), 3_000_00)
"""5 % of the owner's 60,000."""


def due(
    *people: dict[str, Any],
    stated: tuple[Stated, ...] = (DEFERRED,),
    outside: str = "",
    values: dict[str, Any] | None = None,
) -> dict[str, int]:
    """Return what is still due to whom; all but ``outside`` take part."""
    ids = [f"E{n}" for n in range(1, len(people) + 1)]
    entries = [in_plan(one) for one in ids if one != outside]
    context, state = the_year(census_of(*people), [*entries, *stated], values)
    state = after(state, key_employee.decide(context, state))
    made = top_heavy.decide(context, state)
    paid = made["contribution"].select("employee_id", "amount_cents").rows() if made else []
    return dict(paid)


def test_the_minimum_is_paid_in_a_plan_that_is_top_heavy() -> None:
    # 3 % of 60,000.
    assert due(OWNER, CLERK) == {"E2": 1_800_00}


@pytest.mark.parametrize(("theirs", "paid"), [(60_00, {}), (60_01, {"E2": 1_800_00})])
def test_sixty_percent_is_not_top_heavy(theirs: int, paid: dict[str, int]) -> None:
    owner = {**OWNER, "balance_pre_tax_cents": theirs}
    assert due(owner, {"balance_pre_tax_cents": 100_00 - theirs}) == paid


def test_it_is_no_more_than_the_highest_key_rate() -> None:
    # 300 of 60,000 are 0.5 %; with nothing for the owner there is nothing for anybody.
    assert due(OWNER, CLERK, stated=(paid_in("E1", date(2025, 6, 30), 300_00),)) == {"E2": 300_00}
    assert due(OWNER, CLERK, stated=()) == {}


def test_what_the_employer_gave_counts_and_own_deferrals_do_not() -> None:
    stated = (
        DEFERRED,
        paid_in("E2", date(2025, 6, 30), 1_000_00, "employer_match"),
        paid_in("E2", date(2025, 6, 30), 500_00, "employer_nonelective"),
        paid_in("E2", date(2025, 6, 30), 9_000_00),
    )
    assert due(OWNER, CLERK, stated=stated) == {"E2": 300_00}


def test_pay_counts_to_the_cap() -> None:
    # 3 % of 350,000.
    assert due(OWNER, {**CLERK, "compensation_cents": 900_000_00}) == {"E2": 10_500_00}


def test_only_participants_of_the_last_day_get_it() -> None:
    assert due(OWNER, CLERK, {}, outside="E3") == {"E2": 1_800_00}
    # E2 has half a year's pay and left; E3 leaves on the last day and has worked to it.
    stated = (DEFERRED, left("E2", date(2025, 6, 30)), left("E3", date(2025, 12, 31)))
    assert due(OWNER, CLERK, {}, stated=stated) == {"E3": 1_800_00}


def test_a_plan_of_safe_harbour_money_alone_owes_none() -> None:
    assert due(OWNER, CLERK, values=SAFE) == {}
    reallocated = {**SAFE, "plan.forfeitures.use": "reallocate"}
    assert due(OWNER, CLERK, values=reallocated) == {"E2": 1_800_00}


def test_the_money_and_the_finding_are_of_the_last_day() -> None:
    context, state = the_year(census_of(OWNER, CLERK), [in_plan("E1"), in_plan("E2"), DEFERRED])
    made = top_heavy.decide(context, after(state, key_employee.decide(context, state)))
    paid, found = made["contribution"], made["compliance"]
    assert paid.select("effective_date", "source", "kind", "compensation_cents").rows() == [
        (date(2025, 12, 31), "employer_nonelective", "top_heavy", 60_000_00)
    ]
    assert found.select("compliance_type", "applicable_limit_cents", "current_amount_cents").rows() == [
        ("top_heavy_minimum", 1_800_00, 0)
    ]


def test_a_batch_of_seeds_is_paid_as_each_alone() -> None:
    stated = [in_plan("E1"), in_plan("E2"), DEFERRED]

    def decide(context: Any, state: Any) -> Any:
        return top_heavy.decide(context, after(state, key_employee.decide(context, state)))

    assert equal_one_by_one(decide, census_of(OWNER, CLERK), stated, {})


def test_without_a_plan_there_is_none() -> None:
    assert top_heavy.decide(*the_year(census_of(OWNER, CLERK), (), {"plan.enabled": False})) == {}
