from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.compliance import Outcome
from simulation.compliance.deferral_limit import deferral_limit
from tests.tested_years import column_of, figure_of, verdict_of, year_of

NO_CATCH_UP = {"plan.deferral.catch_up": False}
NO_ROTH = {"plan.deferral.roth_feature": False}


@pytest.mark.parametrize(
    ("born", "most"),
    [(1976, 23_500_00), (1975, 31_000_00), (1965, 34_750_00), (1962, 34_750_00), (1961, 31_000_00)],
    ids=["49", "50", "60", "63", "64"],
)
def test_the_limit_goes_by_the_age_reached_in_the_year(born: int, most: int) -> None:
    on, over = (
        verdict_of(deferral_limit, year_of({"birth_date": date(born, 12, 31), "pre_tax_cents": cents}))
        for cents in (most, most + 1)
    )
    assert (on.outcome, figure_of(on, "At their limit")) == (Outcome.PASS, 1)
    assert (over.outcome, over.refunds_cents) == (Outcome.FAIL, 1)


@pytest.mark.parametrize(
    ("values", "year", "excess"),
    [
        ({}, 2026, 0),
        (NO_CATCH_UP, 2026, 8_000_00),
        (NO_ROTH, 2025, 1_500_00),
        (NO_ROTH, 2026, 8_000_00),
    ],
    ids=["allowed", "no catch-up", "less allowed the year before", "has to be Roth, and there is no Roth"],
)
def test_a_plan_that_offers_no_catch_up_allows_none(values: dict[str, Any], year: int, excess: int) -> None:
    # 24,500 and 8,000 in 2026; 23,500 and 7,500 in 2025.
    saver = {"birth_date": date(1970, 1, 1), "roth_cents": 32_500_00, "lookback_pay_cents": 150_000_01}
    found = verdict_of(deferral_limit, year_of(saver, values=values, year=year))
    assert column_of(found, "excess_cents") == [excess]


def test_pre_tax_and_roth_share_one_limit() -> None:
    found = verdict_of(deferral_limit, year_of({"pre_tax_cents": 20_000_00, "roth_cents": 5_000_00}))
    assert column_of(found, "excess_cents") == [1_500_00]


@pytest.mark.parametrize(("earned", "back"), [(2_500_00, 1_100_00), (-2_500_00, 900_00)])
def test_an_excess_goes_back_with_what_it_earned_or_lost(earned: int, back: int) -> None:
    # 1,000 of 500 + 24,500.
    account = {"opening_balance_cents": 500_00, "returns_cents": earned}
    found = verdict_of(deferral_limit, year_of({"pre_tax_cents": 24_500_00, **account}))
    assert found.refunds_cents == back


def test_what_was_taken_back_within_the_window_does_not_count() -> None:
    some = {"pre_tax_cents": 24_000_00, "taken_back_cents": 500_00}
    whole = {"pre_tax_cents": 300_00, "taken_back_cents": 300_00}
    found = verdict_of(deferral_limit, year_of(some, whole))
    assert (found.outcome, column_of(found, "deferred_cents")) == (Outcome.PASS, [23_500_00])


@pytest.mark.parametrize("people", [(), ({},)], ids=["nobody", "nobody defers"])
def test_where_nobody_defers_nobody_defers_too_much(people: tuple[dict[str, Any], ...]) -> None:
    assert verdict_of(deferral_limit, year_of(*people)).outcome is Outcome.PASS
