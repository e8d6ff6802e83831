"""Contributions to the cent: each day's pay at its own rate, each limit at the period where it binds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.engines import contribution, profit_sharing
from simulation.evolve import evolve
from simulation.state import paid_cents
from tests.plan_years import Stated, enrolled, frames, hired, in_plan, raised, the_year
from tests.populations import census_of

NO_MATCH: Mapping[str, Any] = {"plan.match.tiers": []}
SIX: Mapping[str, Any] = {"plan.match.tiers": [{"up_to": "6%", "rate": "50%"}]}
"""50 % of the first 6 % of pay."""


def paid(
    events: Sequence[Stated], values: Mapping[str, Any], *, year: int = 2025, **person: Any
) -> dict[tuple[str, str], list[str]]:
    """Return dollars by source and kind in the order of pay dates, of one person with stated events."""
    context, state = the_year(census_of(person), events, values, year=year)
    frame = contribution.decide(context, state).get("contribution", pl.DataFrame())
    if frame.is_empty():
        return {}
    rows = frame.sort("effective_date", "kind").with_columns(pl.col("source", "kind").cast(pl.String))
    found: dict[tuple[str, str], list[str]] = {}
    for source, kind, amount in rows.select("source", "kind", "amount_cents").iter_rows():
        found.setdefault((source, kind), []).append(f"{amount // 100}.{amount % 100:02}")
    return found


def total(amounts: list[str]) -> int:
    """Return the sum in cents."""
    return sum(int(amount.replace(".", "")) for amount in amounts)


PRE_TAX, ROTH = ("employee_pre_tax", "regular"), ("employee_roth", "regular")
MATCH, TRUE_UP = ("employer_match", "regular"), ("employer_match", "true_up")


def test_a_raise_on_1_july_counts_from_its_day() -> None:
    # 60,000 a year for 181 days, 73,000 for 184: quarters of 90, 91, 92 and 92 days.
    # 60,000/365 x 90 = 14,794.52; x 181 = 29,753.42; then 200 a day: 48,153.42 and 66,553.42.
    raise_ = raised("E1", date(2025, 7, 1), 6_000_000, 7_300_000)
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 1_000), raise_]
    amounts = paid(events, {**NO_MATCH, "payroll.frequency": "quarterly"})
    assert amounts[PRE_TAX] == ["1479.45", "1495.89", "1840.00", "1840.00"]


def test_a_hire_on_15_october_pays_in_for_78_days() -> None:
    # 15 October to 31 December: 17 + 30 + 31 days of 60,000/365: 2,794.52, 4,931.51, 5,095.89.
    values = {**NO_MATCH, "payroll.frequency": "monthly"}
    hire = date(2025, 10, 15)
    terms = {
        "birth_date": date(1990, 1, 1), "hire_date": hire, "department": "Operations", "job_level": 2,
        "annual_compensation_cents": 6_000_000, "scheduled_hours": 2080, "employee_class": "regular",
        "slot": 1,
    }  # fmt: skip
    context, state = the_year(census_of({}), (), values)
    state = evolve(state, hired(state, "H2025-L2-00001", hire, terms), 2025)
    for stated in (in_plan("H2025-L2-00001", hire), enrolled("H2025-L2-00001", hire, 1_000)):
        state = evolve(state, frames(state, [stated]), 2025)
    frame = contribution.decide(context, state)["contribution"].sort("effective_date")
    assert frame["amount_cents"].to_list() == [27_945, 49_315, 50_959]
    assert frame["compensation_cents"].to_list() == [279_452, 493_151, 509_589]
    assert frame["pay_period"].to_list() == [10, 11, 12]


def test_an_exit_on_3_march_pays_in_to_its_day() -> None:
    # 60,000/365: January 5,095.89, February 4,602.74, three days of March 493.15.
    left = ("termination", "E1", date(2025, 3, 3), {"reason": "voluntary"})
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 600), left]
    amounts = paid(events, {**SIX, "plan.match.true_up": False, "payroll.frequency": "monthly"})
    assert amounts[PRE_TAX] == ["305.75", "276.16", "29.59"]
    assert amounts[MATCH] == ["152.88", "138.08", "14.79"]
    # Half of 305.75 and 276.16; in March of 6 % of 493.15 = 29.589, for the tier ends there.


@pytest.mark.parametrize(
    ("frequency", "amounts"), [("monthly", ["147.95", "305.75"]), ("annual", ["453.70"])]
)
def test_an_enrolment_in_november_defers_only_what_is_earned_from_then(
    frequency: str, amounts: list[str]
) -> None:
    # From 16 November: 15 days 2,465.75 and 31 days 5,095.89 of pay, together 7,561.64, at 6 %.
    events = [in_plan("E1"), enrolled("E1", date(2025, 11, 16), 600)]
    assert paid(events, {**NO_MATCH, "payroll.frequency": frequency})[PRE_TAX] == amounts


def test_deferrals_stop_in_the_period_in_which_402g_is_reached() -> None:
    # 2025: 23,500. 480,000 a year, 40,767.12 in January at 25 % = 10,191.78, then 9,205.48, then the rest.
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 2_500)]
    amounts = paid(events, {**NO_MATCH, "payroll.frequency": "monthly"}, compensation_cents=48_000_000)
    assert amounts[PRE_TAX] == ["10191.78", "9205.48", "4102.74"]
    assert total(amounts[PRE_TAX]) == 2_350_000


@pytest.mark.parametrize(
    ("birth", "limit"), [(1976, 0), (1975, 7_500), (1965, 11_250), (1962, 11_250), (1961, 7_500)]
)
def test_catch_up_follows_the_age_of_31_december(birth: int, limit: int) -> None:
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 5_000)]
    person: dict[str, Any] = {
        "birth_date": date(birth, 12, 31),
        "compensation_cents": 12_000_000,
        "hire_date": date(2010, 1, 1),
    }
    amounts = paid(events, {**NO_MATCH, "payroll.frequency": "monthly"}, **person)
    assert total(amounts[PRE_TAX]) == 2_350_000
    assert total(amounts.get(("employee_pre_tax", "catch_up"), [])) == limit * 100


@pytest.mark.parametrize(
    ("wages", "source"), [(15_000_000, "employee_pre_tax"), (15_000_001, "employee_roth")]
)
def test_catch_up_of_high_wages_is_roth_from_2026(wages: int, source: str) -> None:
    events = [in_plan("E1", date(2026, 1, 1)), enrolled("E1", date(2026, 1, 1), 2_500)]
    person: dict[str, Any] = {
        "birth_date": date(1970, 5, 5),
        "compensation_cents": 20_000_000,
        "prior_year_compensation_cents": wages,
    }
    amounts = paid(
        events, {**NO_MATCH, "payroll.frequency": "monthly"}, year=2026, hire_date=date(2015, 1, 1), **person
    )
    assert total(amounts[source, "catch_up"]) == 800_000
    assert total(amounts[PRE_TAX]) == 2_450_000


def test_without_a_roth_feature_high_earners_have_no_catch_up_in_2026() -> None:
    events = [in_plan("E1", date(2026, 1, 1)), enrolled("E1", date(2026, 1, 1), 2_500)]
    person: dict[str, Any] = {
        "birth_date": date(1970, 5, 5),
        "compensation_cents": 20_000_000,
        "prior_year_compensation_cents": 15_000_001,
    }
    values = {**NO_MATCH, "plan.deferral.roth_feature": False}
    amounts = paid(events, values, year=2026, hire_date=date(2015, 1, 1), **person)
    assert set(amounts) == {PRE_TAX}
    assert total(amounts[PRE_TAX]) == 2_450_000


def test_a_front_loaded_year_is_trued_up_to_the_annual_match() -> None:
    # 240,000 at 25 %: 402(g) is reached in May and the match stops; the year's is 50 % of 6 %: 7,200.
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 2_500)]
    amounts = paid(events, {**SIX, "payroll.frequency": "monthly"}, compensation_cents=24_000_000)
    by_period = total(amounts[MATCH])
    assert by_period + total(amounts[TRUE_UP]) == 720_000
    assert 0 < by_period < 720_000
    without = paid(
        events,
        {**SIX, "plan.match.true_up": False, "payroll.frequency": "monthly"},
        compensation_cents=24_000_000,
    )
    assert TRUE_UP not in without
    assert total(without[MATCH]) == by_period


def test_the_match_looks_at_pay_up_to_401a17() -> None:
    # 2025: 350,000. 6 % of 500,000 is above 402(g): 50 % of min(23,500, 6 % of 350,000) = 10,500.
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 600)]
    amounts = paid(events, {**SIX, "payroll.frequency": "annual"}, compensation_cents=50_000_000)
    assert amounts[MATCH] == ["10500.00"]
    assert amounts[PRE_TAX] == ["23500.00"]


def test_additions_stop_at_415c_in_the_period_in_which_it_binds() -> None:
    # 70,000 in 2025: 23,500 deferred, 20 % nonelective of pay up to 350,000 would be 70,000: 46,500 is left.
    values = {**NO_MATCH, "plan.nonelective.rate": "20%", "payroll.frequency": "quarterly"}
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 1_000)]
    amounts = paid(events, values, compensation_cents=40_000_000)
    given = amounts["employer_nonelective", "regular"]
    assert total(amounts[PRE_TAX]) + total(given) == 7_000_000
    assert len(given) == 3


def test_a_wait_for_employer_money_leaves_earlier_deferrals_unmatched() -> None:
    # Match from 1 July: 184 days of 60,000/365 = 30,246.58 at 6 % = 1,814.79, halved.
    events = [in_plan("E1", employer=date(2025, 7, 1)), enrolled("E1", date(2025, 1, 1), 600)]
    amounts = paid(events, {**SIX, "payroll.frequency": "annual"})
    assert amounts[PRE_TAX] == ["3600.00"]
    assert amounts[MATCH] == ["907.40"]


def test_pre_tax_and_roth_elections_are_deferred_side_by_side() -> None:
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 333, 667)]
    amounts = paid(events, {**NO_MATCH, "payroll.frequency": "annual"})
    assert (amounts[PRE_TAX], amounts[ROTH]) == (["1998.00"], ["4002.00"])


def test_a_last_day_rule_leaves_leavers_without_the_annual_match() -> None:
    values = {**SIX, "plan.match.period": "annual", "plan.match.last_day": True}
    events = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 600)]
    left = ("termination", "E1", date(2025, 12, 30), {"reason": "voluntary"})
    # Twelve deferrals of 6 %, each rounded, are 3,599.98.
    assert paid(events, values)[MATCH] == ["1799.99"]
    assert MATCH not in paid([*events, left], values)


@pytest.mark.parametrize(
    "frequency", ["annual", "quarterly", "monthly", "semi_monthly", "biweekly", "weekly"]
)
def test_the_pay_of_the_periods_is_that_of_the_year(frequency: str) -> None:
    values = {**NO_MATCH, "payroll.frequency": frequency}
    events = [
        in_plan("E1"),
        enrolled("E1", date(2024, 1, 1), 1_000),
        raised("E1", date(2024, 2, 29), 6_000_001, 6_543_217),
    ]
    events[0] = in_plan("E1", date(2024, 1, 1))
    census = census_of({"compensation_cents": 6_000_001}, as_of=date(2023, 12, 31))
    context, state = the_year(census, events, values, year=2024)
    frame = contribution.decide(context, state)["contribution"]
    assert frame["compensation_cents"].sum() == state.people.select(paid_cents(2024)).item()


def test_seeds_of_a_batch_pay_in_like_each_alone() -> None:
    people = [{"compensation_cents": 4_000_000 + 1_234_567 * n} for n in range(7)]
    events = [
        event
        for n in range(1, 8)
        for event in (in_plan(f"E{n}"), enrolled(f"E{n}", date(2025, n, 3), 100 * n, 50))
    ]
    values = {"plan.profit_sharing.formula": "integrated", "payroll.frequency": "biweekly"}
    context, state = the_year(census_of(*people), events, values, seeds=(1, 2))
    both = contribution.decide(context, state)["contribution"]
    for seed in (1, 2):
        alone = the_year(census_of(*people), events, values, seeds=(seed,))
        assert contribution.decide(*alone)["contribution"].equals(both.filter(pl.col("seed") == seed).clone())


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        # 3 % of 60,000 + 240,000 = 9,000, by pay.
        ("pro_rata", ["1800.00", "7200.00"]),
        # Wage base 176,100: excess 63,900; 9,000 / 363,900 = 2.4732 % on pay and excess, below 5.7 %.
        ("integrated", ["1483.92", "7516.08"]),
        ("new_comparability", ["3000.00", "36000.00"]),
    ],
)
def test_a_pool_is_shared_out_after_the_year(formula: str, expected: list[str]) -> None:
    census = census_of({}, {"compensation_cents": 24_000_000, "job_level": 5})
    values = {"plan.profit_sharing.formula": formula, "plan.profit_sharing.minimum_hours": 0}
    context, state = the_year(census, [in_plan("E1"), in_plan("E2")], values)
    shares = profit_sharing.decide(context, state)["contribution"].sort("person")
    assert [f"{cents // 100}.{cents % 100:02}" for cents in shares["amount_cents"]] == expected


def test_the_worked_example_of_the_method_note() -> None:
    # docs/method/contribution.md states every step.
    values = {"plan.match.tiers": [{"up_to": "3%", "rate": "100%"}, {"up_to": "5%", "rate": "50%"}]}
    raise_ = raised("E1", date(2025, 7, 1), 6_000_000, 7_300_000)
    events = [in_plan("E1"), enrolled("E1", date(2025, 4, 1), 800), raise_]
    amounts = paid(events, {**values, "payroll.frequency": "quarterly"})
    assert amounts == {
        PRE_TAX: ["1196.71", "1472.00", "1472.00"],
        MATCH: ["598.36", "736.00", "736.00"],
        TRUE_UP: ["591.78"],
    }
