from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.census import generate_census
from tests.populations import QUIET, STANDS, census_of, events_of, metric, run_all, scenario_of

TERMINATION = "workforce.termination."
RIF = "workforce.reduction_in_force"


def _of(values: dict[str, Any], *people: dict[str, Any], years: tuple[int, int] = (2025, 2025)) -> Any:
    return run_all(scenario_of({**QUIET, **values}, years=years), census_of(*people))


def test_nobody_leaves_when_no_hazard_is_set() -> None:
    assert events_of(_of({}, *[{}] * 100), "termination").is_empty()


def test_everybody_leaves_when_the_hazard_is_one_and_the_office_is_refilled() -> None:
    certain = {"workforce.termination.retirement_by_age": [{"from_age": 30, "rate": 1}]}
    records = _of(certain, *[{}] * 30)
    assert metric(records, "terminations") == [30]
    assert metric(records, "hires") == [30]
    assert metric(records, "headcount_end") == [30]


def test_reasons_come_from_their_own_hazards() -> None:
    hazards = {
        "workforce.termination.retirement_by_age": [{"from_age": 60, "rate": 1}],
        "workforce.termination.disability_by_age": [{"from_age": 20, "rate": 0}],
    }
    old, young = {"birth_date": date(1960, 1, 1)}, {"birth_date": date(1990, 1, 1)}
    left = events_of(_of(hazards, *[old] * 20, *[young] * 20), "termination")
    assert left["reason"].to_list() == ["retirement"] * 20
    assert left["cause_rule"].unique().to_list() == ["workforce.termination.retirement"]


def test_the_involuntary_share_of_turnover_is_met() -> None:
    values = {TERMINATION + "table_multiplier": "4", TERMINATION + "involuntary_share": "30%"}
    left = events_of(_of(values, *[{"hire_date": date(2024, 6, 1)}] * 2000), "termination")
    share = Counter(left["reason"])["involuntary"] / left.height
    assert abs(share - 0.30) < 0.04


def test_a_termination_tells_its_probability_and_its_draw() -> None:
    left = events_of(run_all(scenario_of(STANDS), census_of(*[{}] * 500)), "termination")
    assert left.height
    assert (left["cause_draw"] < left["cause_probability"]).all()


@pytest.mark.parametrize(
    ("order", "expected"), [({"share": "20%"}, 12), ({"count": 7}, 7), ({"count": 99}, 60)]
)
def test_an_order_lays_off_its_share_or_number_of_the_people_it_names(
    order: dict[str, Any], expected: int
) -> None:
    here, there = {"department": "Plant"}, {"department": "Office"}
    records = _of(
        {RIF: [{"date": "2025-06-30", "department": "Plant", **order}]}, *[here] * 60, *[there] * 40
    )
    left = events_of(records, "termination")
    assert left.height == expected
    assert set(left["effective_date"]) == {date(2025, 6, 30)}
    assert set(left["employee_id"]) <= {f"E{n}" for n in range(1, 61)}
    assert metric(records, "layoffs") == [expected]


def test_positions_that_are_laid_off_are_not_refilled() -> None:
    records = _of({RIF: [{"date": "2025-06-30", "count": 10}]}, *[{}] * 50)
    assert (metric(records, "hires"), metric(records, "headcount_end")) == ([0], [40])


def test_two_orders_take_nobody_twice() -> None:
    orders = [{"date": "2025-03-31", "count": 6}, {"date": "2025-09-30", "count": 6}]
    left = events_of(_of({RIF: orders}, *[{}] * 10), "termination")
    assert (left.height, left["employee_id"].n_unique()) == (10, 10)


@pytest.mark.parametrize("rate", ["-20%", "-3%", "0%", "3%", "40%"])
def test_exact_growth_ends_every_year_on_target_in_every_seed(rate: str) -> None:
    scenario = scenario_of(
        {"workforce.growth.rate": rate, TERMINATION + "total_rate": "30%"}, years=(2025, 2027)
    )
    records = run_all(scenario, generate_census(211), seeds=[1, 2, 3, 4])
    growth = 1 + float(rate.strip("%")) / 100
    on_target = [int(211 * growth**years + 0.5) for years in (1, 2, 3)]
    assert metric(records, "headcount_end") == on_target * 4


def test_growth_compounds_unrounded_so_that_a_small_employer_grows_too() -> None:
    records = _of({"workforce.growth.rate": "3%"}, *[{}] * 10, years=(2025, 2034))
    assert metric(records, "headcount_end") == [int(10 * 1.03**years + 0.5) for years in range(1, 11)]


def test_a_headcount_path_is_followed() -> None:
    scenario = scenario_of(
        {"workforce.growth.headcount_path": {2025: 120, 2026: 118, 2027: 130}}, years=(2025, 2027)
    )
    records = run_all(scenario, census_of(*[{"hire_date": date(2024, 1, 1)}] * 100))
    assert metric(records, "headcount_end") == [120, 118, 130]


def test_a_hiring_limit_is_kept_and_nought_is_a_freeze() -> None:
    for limit in (0, 3):
        records = run_all(
            scenario_of({"workforce.hiring.limit": limit}, years=(2025, 2026)), generate_census(200)
        )
        assert metric(records, "hires") == [limit, limit]


def test_the_target_is_met_even_if_nearly_every_hire_leaves() -> None:
    values = {TERMINATION + "new_hire_rate": "95%", "workforce.growth.rate": "50%"}
    records = _of(values, *[{}] * 20)
    assert metric(records, "headcount_end") == [30]
    assert metric(records, "hires")[0] > 60


def test_hires_take_their_terms_from_the_census() -> None:
    census = generate_census(2_000)
    hires = events_of(run_all(scenario_of(), census), "hire")
    assert set(hires["department"]) <= set(census.frame["department"])
    assert hires["annual_compensation_cents"].min() > 0  # type: ignore[operator]
    assert (hires["annual_compensation_cents"] % 100 == 0).all()
    assert hires["hire_date"].dt.month().n_unique() == 12
    mix = hires["job_level"].value_counts(normalize=True).sort("job_level")["proportion"]
    assert mix[0] > mix[1] > mix[2]


def test_stated_mix_and_part_time_share_are_met() -> None:
    values = {
        "workforce.growth.rate": "100%",
        "workforce.hiring.level_mix": {1: "50%", 2: 0, 3: "50%", 4: 0, 5: 0},
        "workforce.hiring.part_time_share": "25%",
    }
    hires = events_of(_of(values, *[{}] * 1000), "hire")
    assert sorted(Counter(hires["job_level"]).items()) == [(1, 500), (3, 500)]
    assert abs((hires["scheduled_hours"] == 1040).mean() - 0.25) < 0.05  # type: ignore[operator]


def test_former_employees_come_back_once_with_their_service_restored() -> None:
    values = {
        TERMINATION + "table_multiplier": 3,
        "workforce.rehire.rate": "100%",
        "workforce.rehire.within_years": 1,
    }
    records = _of(values, *[{}] * 200, years=(2025, 2027))
    back = events_of(records, "rehire", year=2026)
    assert back.height > 50
    left = events_of(records, "termination", year=2025).select("employee_id", gone="effective_date")
    both = back.join(left, on="employee_id").filter(pl.col("employee_id").str.starts_with("E"))
    break_days = (both["effective_date"] - both["gone"]).dt.total_days() - 1
    moved = (both["service_date"] - pl.Series([date(2018, 3, 1)] * both.height)).dt.total_days()
    assert (moved == break_days).all()
    assert events_of(records, "rehire")["employee_id"].is_unique().all()


def test_who_retired_or_died_does_not_come_back() -> None:
    certain = {
        "workforce.termination.retirement_by_age": [{"from_age": 30, "rate": 1}],
        "workforce.rehire.rate": "100%",
        "workforce.rehire.within_years": 1,
    }
    assert events_of(_of(certain, *[{}] * 20, years=(2025, 2026)), "rehire").is_empty()
