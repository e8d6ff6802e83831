from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pytest

from simulation.engines import contribution
from simulation.engines.limit_watch import ADDITIONS, DEFERRALS, LimitWatch
from simulation.rules.exact import column
from tests.plan_years import enrolled, in_plan, the_year
from tests.populations import census_of

PEOPLE = pl.DataFrame({"seed": [42], "person": [0], "employee_id": ["E1"]}).cast(
    {"seed": pl.UInt64, "person": pl.Int32}
)
ON = date(2025, 6, 30)


def seen(*amounts: int, limit: int = 100_00, approach_bp: int = 9_000) -> list[tuple[str, int]]:
    """Return what is told of an amount that grows step by step."""
    watch = LimitWatch(PEOPLE, approach_bp)
    for before, now in pairwise(amounts):
        watch.look(ON, DEFERRALS, column(before), column(now), limit)
    told = watch.told()
    if not told:
        return []
    return told["compliance"].select("compliance_type", "current_amount_cents").rows()


NEAR, REACHED = "402g_limit_approach", "402g_limit_reached"


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ((0, 89_99), []),
        ((0, 90_00), [(NEAR, 90_00)]),
        ((0, 90_00, 95_00, 99_99), [(NEAR, 90_00)]),
        ((0, 90_00, 100_00), [(NEAR, 90_00), (REACHED, 100_00)]),
        ((0, 100_00), [(REACHED, 100_00)]),
        ((0, 100_00, 100_00), [(REACHED, 100_00)]),
        ((0, 120_00, 130_00), [(REACHED, 120_00)]),
        ((95_00, 95_00), []),
    ],
    ids=["below", "near", "near once", "both", "both at once", "stays", "above", "no move"],
)
def test_each_mark_is_told_once_on_the_day_it_is_passed(amounts: tuple[int, ...], told: list[object]) -> None:
    assert seen(*amounts) == told


def test_a_mark_of_part_of_a_cent_is_passed_by_the_whole_one() -> None:
    # 90 % of 1.01 are 90.9 cents.
    assert seen(0, 90, limit=1_01) == []
    assert seen(0, 91, limit=1_01) == [(NEAR, 91)]


def test_a_watch_for_the_limit_alone_tells_only_that() -> None:
    assert seen(0, 99_99, 100_00, approach_bp=10_000) == [(REACHED, 100_00)]


def test_both_limits_are_told_with_their_amounts() -> None:
    watch = LimitWatch(PEOPLE, 9_000)
    watch.look(ON, DEFERRALS, column(0), column(95), 100)
    watch.look(ON, ADDITIONS, column(0), column(200), 200)
    told = watch.told()["compliance"]
    assert told.select("limit_type", "applicable_limit_cents", "monitoring_date").rows() == [
        ("elective_deferral", 100, ON),
        ("annual_additions", 200, ON),
    ]


def test_a_run_tells_the_pay_date_on_which_the_deferral_limit_is_passed() -> None:
    # 20,000 a month, 15 %: 3,000 a month. 90 % of 23,500 are 21,150: July has 21,000, August 23,500.
    people = census_of({"compensation_cents": 240_000_00})
    stated = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 1_500)]
    values = {"payroll.frequency": "monthly", "plan.match.tiers": []}
    told = contribution.decide(*the_year(people, stated, values))["compliance"]
    assert told.select("effective_date", "compliance_type").rows() == [(date(2025, 8, 31), REACHED)]


def test_catch_up_reaches_no_limit_a_second_time() -> None:
    people = census_of({"compensation_cents": 240_000_00, "birth_date": date(1970, 1, 1)})
    stated = [in_plan("E1"), enrolled("E1", date(2025, 1, 1), 1_200)]
    values = {"payroll.frequency": "monthly", "plan.match.tiers": []}
    told = contribution.decide(*the_year(people, stated, values))["compliance"]
    # 2,400 a month: September has 21,600; October would have 24,000.
    assert told.select("effective_date", "compliance_type").rows() == [
        (date(2025, 9, 30), NEAR),
        (date(2025, 10, 31), REACHED),
    ]
