from __future__ import annotations

from datetime import date
from typing import Any, Final

import pytest

from simulation.compliance import Outcome, PlanYear
from simulation.compliance.key_employees import accounts
from simulation.compliance.top_heavy import top_heavy
from tests.tested_years import column_of, figure_of, verdict_of, year_of

OWNER: Final = {"owned_bp": 501, "lookback_pay_cents": 50_000_00, "pre_tax_cents": 3_000_00}
SAFE: Final = {"plan.match.safe_harbor": "basic", "plan.vesting.match": "immediate"}


def held(cents: int, **facts: Any) -> dict[str, Any]:
    """Return somebody with an account at the beginning of the year and at its end."""
    return {"opening_balance_cents": cents, "closing_balance_cents": cents, **facts}


def heavy(*others: dict[str, Any], **values: Any) -> PlanYear:
    """Return a top-heavy year: an owner with 61 of 100, and who is paid 60,000 each."""
    return year_of(held(61_00, **OWNER), held(39_00), *others, values=values)


@pytest.mark.parametrize(("theirs", "reason"), [(60_00, "at most 60 %"), (60_01, "top-heavy;")])
def test_sixty_percent_is_not_top_heavy(theirs: int, reason: str) -> None:
    year = year_of(held(theirs, **OWNER), held(100_00 - theirs, match_cents=1_800_00))
    found = verdict_of(top_heavy, year)
    assert found.outcome is Outcome.PASS
    assert reason in found.reason


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"owned_bp": 501}, True),
        ({"owned_bp": 500}, False),
        ({"owned_bp": 101, "lookback_pay_cents": 150_000_01}, True),
        ({"owned_bp": 101, "lookback_pay_cents": 150_000_00}, False),
        ({"owned_bp": 100, "lookback_pay_cents": 150_000_01}, False),
        ({"is_officer": True, "lookback_pay_cents": 220_000_01}, True),
        ({"is_officer": True, "lookback_pay_cents": 220_000_00}, False),
        ({"lookback_pay_cents": 900_000_00}, False),
    ],
)
def test_who_is_key_by_the_census_in_the_first_year(facts: dict[str, Any], *, key: bool) -> None:
    assert accounts(year_of({**facts})).key.tolist() == [key]


def test_of_few_employees_three_officers_are_key_the_highest_paid() -> None:
    pays = (300_000_00, 400_000_00, 250_000_00, 260_000_00)
    year = year_of(*({"is_officer": True, "lookback_pay_cents": pay} for pay in pays))
    assert accounts(year).key.tolist() == [True, True, False, True]


def test_who_came_in_the_first_year_had_no_account_before_it() -> None:
    year = year_of(held(61_00, **OWNER), held(39_00), {**OWNER, "hire_date": date(2025, 1, 1)})
    assert accounts(year).rows()["employee_id"].to_list() == ["E1", "E2"]


def test_the_minimum_is_three_percent_of_the_whole_years_pay() -> None:
    # The owner deferred 5 %. 1,800 are due to each: to E2 all of it, to E3 the rest, to E4 nothing more.
    found = verdict_of(
        top_heavy,
        heavy({"match_cents": 1_000_00, "pre_tax_cents": 9_000_00}, {"nonelective_cents": 1_800_00}),
    )
    assert found.outcome is Outcome.FAIL
    assert column_of(found, "due_cents") == [0, 1_800_00, 800_00, 0]
    assert found.cost_cents == 2_600_00


def test_the_minimum_is_no_more_than_the_highest_key_rate() -> None:
    # 600 of 60,000 are 1 %.
    owner = {**OWNER, "pre_tax_cents": 400_00, "reallocated_cents": 200_00}
    found = verdict_of(top_heavy, year_of(held(61_00, **owner), held(39_00)))
    assert column_of(found, "due_cents") == [0, 600_00]


def test_where_no_key_employee_gets_anything_nothing_is_due() -> None:
    found = verdict_of(top_heavy, year_of(held(61_00, owned_bp=501), held(39_00)))
    assert (found.outcome, found.cost_cents) == (Outcome.PASS, 0)


def test_pay_counts_to_the_cap() -> None:
    found = verdict_of(top_heavy, heavy({"pay_cents": 400_000_00}))
    assert column_of(found, "due_cents") == [0, 1_800_00, 10_500_00]


@pytest.mark.parametrize(
    "facts",
    [
        {"employed_at_end": False, "termination_date": date(2025, 12, 30)},
        {"entry_date": None},
        {"entry_date": date(2026, 1, 1)},
    ],
    ids=["left", "never entered", "enters next year"],
)
def test_only_participants_of_the_last_day_are_entitled(facts: dict[str, Any]) -> None:
    assert column_of(verdict_of(top_heavy, heavy({**facts})), "due_cents") == [0, 1_800_00, 0]


def test_few_hours_do_not_matter() -> None:
    assert column_of(verdict_of(top_heavy, heavy({"hours": 1})), "due_cents") == [0, 1_800_00, 1_800_00]


def test_deferrals_and_safe_harbour_money_alone_owe_nothing() -> None:
    found = verdict_of(top_heavy, heavy(**SAFE))
    assert (found.outcome, found.cost_cents) == (Outcome.PASS, 0)
    assert "416(g)(4)(H)" in found.reason
    sharing = {**SAFE, "plan.profit_sharing.formula": "pro_rata"}
    assert verdict_of(top_heavy, heavy(**sharing)).outcome is Outcome.FAIL
    sharing = {**SAFE, "plan.forfeitures.use": "reallocate"}
    assert verdict_of(top_heavy, heavy(**sharing)).outcome is Outcome.FAIL


ENHANCED: Final = {"plan.match.safe_harbor": "enhanced", "plan.vesting.match": "immediate"}
NONELECTIVE: Final = {
    "plan.nonelective.rate": 0.03,
    "plan.nonelective.safe_harbor": True,
    "plan.vesting.nonelective": "immediate",
}


def tiers(up_to: str) -> dict[str, Any]:
    """Return a match of all deferrals up to a share of pay."""
    return {"plan.match.tiers": [{"up_to": up_to, "rate": "100%"}]}


@pytest.mark.parametrize(
    ("values", "owes"),
    [
        ({**ENHANCED, **tiers("6%")}, False),
        ({**ENHANCED, **tiers("7%")}, True),
        ({**NONELECTIVE, **tiers("6%")}, False),
        ({**NONELECTIVE, **tiers("7%")}, True),
        ({**NONELECTIVE, **tiers("6%"), "plan.match.last_day": True}, True),
        (tiers("6%"), True),
    ],
    ids=["6 %", "above 6 %", "beside 3 %", "above 6 % beside 3 %", "last-day rule", "no safe harbour"],
)
def test_a_match_outside_of_the_acp_safe_harbour_loses_the_exemption(
    values: dict[str, Any], *, owes: bool
) -> None:
    assert verdict_of(top_heavy, heavy(**values)).outcome is (Outcome.FAIL if owes else Outcome.PASS)


def after(*before: dict[str, Any], previous: PlanYear | None = None, year: int = 2026) -> PlanYear:
    """Return a year of which only the one before it matters."""
    return year_of({}, year=year, previous=year_of(*before, year=year - 1, previous=previous))


def test_in_later_years_accounts_are_those_of_the_end_of_the_year_before_with_loans() -> None:
    year = after(held(40_00, **OWNER, closing_loans_cents=21_00), held(39_00))
    found = verdict_of(top_heavy, year)
    assert column_of(found, "balance_cents") == [61_00, 39_00]
    assert "top-heavy" in found.reason


def test_what_was_paid_out_in_the_year_before_is_added_back() -> None:
    year = after(held(0, **OWNER, distributed_cents=61_00), held(39_00, withdrawn_cents=0))
    assert figure_of(verdict_of(top_heavy, year), "Balances of key employees") == 61_00


def test_payments_in_service_are_added_back_for_five_years_and_others_for_one() -> None:
    year = year_of(held(1_00, **OWNER, withdrawn_cents=10_00, distributed_cents=1_000_00), year=2020)
    for number in range(2021, 2026):
        year = year_of(held(1_00, **OWNER, withdrawn_cents=1_00), year=number, previous=year)
    sixth = year_of({}, year=2026, previous=year)
    # 2021 to 2025; in 2025 that of 2020 still counted, but no longer the distribution.
    assert column_of(verdict_of(top_heavy, year), "paid_out_cents") == [14_00]
    assert column_of(verdict_of(top_heavy, sixth), "paid_out_cents") == [5_00]


def test_a_former_key_employee_is_on_neither_side_for_good() -> None:
    officer = {"is_officer": True, "pay_cents": 900_000_00, "lookback_pay_cents": 900_000_00}
    year = year_of(held(50_00, **officer), held(10_00), year=2024)
    demoted = held(50_00, is_officer=True)
    for number in (2025, 2026, 2027):
        year = year_of(demoted, held(10_00), year=number, previous=year)
    found = verdict_of(top_heavy, year_of({}, {}, year=2028, previous=year))
    assert column_of(found, "former_key") == [True, False]
    assert figure_of(found, "All balances") == 10_00


def test_who_did_not_work_in_the_year_before_is_on_neither_side() -> None:
    found = verdict_of(top_heavy, after(held(61_00, **OWNER, worked=False), held(39_00)))
    assert figure_of(found, "All balances") == 39_00
    assert figure_of(found, "Key employees") == 0


def test_nobody_and_empty_accounts_are_not_top_heavy() -> None:
    years = (year_of(), year_of(OWNER), after())
    assert [verdict_of(top_heavy, year).outcome for year in years] == [Outcome.PASS] * 3


def test_a_plan_of_the_owner_alone_owes_nobody() -> None:
    found = verdict_of(top_heavy, year_of(held(61_00, **OWNER)))
    assert (found.outcome, found.cost_cents) == (Outcome.PASS, 0)
