from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from simulation.census import generate_census
from tests.populations import QUIET, census_of, events_of, metric, run_all, scenario_of

ALL_MOVE: dict[str, Any] = {
    **QUIET,
    "workforce.promotion.by_level": {1: 1, 2: 1, 3: 1, 4: 1, 5: 0},
    "workforce.promotion.age_multiplier": [{"from_age": 0, "multiplier": 1}],
    "workforce.promotion.tenure_multiplier": [{"from_years": 0, "multiplier": 1}],
    "workforce.promotion.raise_mean": "9%",
    "workforce.promotion.raise_spread": "3%",
    "compensation.bands.allow_exceed": True,
}


def test_everybody_below_the_top_moves_up_one_level_when_it_is_certain() -> None:
    records = run_all(scenario_of(ALL_MOVE), census_of({"job_level": 1}, {"job_level": 4}, {"job_level": 5}))
    moved = events_of(records, "promotion").sort("employee_id")
    assert moved.select("employee_id", "from_level", "to_level").rows() == [("E1", 1, 2), ("E2", 4, 5)]


def test_a_promotion_raise_lies_within_the_drawn_range() -> None:
    raised = events_of(run_all(scenario_of(ALL_MOVE), census_of(*[{}] * 300)), "raise")
    assert set(raised["kind"]) == {"promotion"}
    assert raised["rate_bp"].min() >= 600  # type: ignore[operator]
    assert raised["rate_bp"].max() <= 1200  # type: ignore[operator]
    assert abs(raised["rate_bp"].mean() - 900) < 40  # type: ignore[operator]


def test_a_promotion_pays_at_least_the_new_bands_minimum() -> None:
    bands = {
        level: {"minimum": 50_000 + 20_000 * (level > 2), "midpoint": 80_000, "maximum": 90_000}
        for level in range(1, 6)
    }
    values = {
        **ALL_MOVE,
        "compensation.bands.allow_exceed": False,
        "compensation.bands.source": "table",
        "compensation.bands.table": bands,
    }
    raised = events_of(run_all(scenario_of(values), census_of({})), "raise")
    assert raised["new_compensation_cents"].to_list() == [7_000_000]


def test_service_shorter_than_asked_keeps_somebody_where_they_are() -> None:
    values = {**ALL_MOVE, "workforce.promotion.minimum_service_years": 2}
    new, old = {"hire_date": date(2023, 1, 2)}, {"hire_date": date(2023, 1, 1)}
    moved = events_of(run_all(scenario_of(values), census_of(new, old)), "promotion")
    assert moved["employee_id"].to_list() == ["E2"]


def test_the_asked_promotion_rate_is_met_over_seeds() -> None:
    records = run_all(
        scenario_of({"workforce.promotion.rate": "8%"}), generate_census(1_000), seeds=range(60)
    )
    rates = [float(value) for value in metric(records, "promotion_rate")]
    assert abs(sum(rates) / len(rates) - 0.08) < 0.004


def test_nobody_who_leaves_in_the_year_is_promoted() -> None:
    records = run_all(scenario_of(years=(2025, 2026)), generate_census(1_000))
    for year in (2025, 2026):
        left = set(events_of(records, "termination", year=year)["employee_id"])
        assert not left & set(events_of(records, "promotion", year=year)["employee_id"])


def test_unpaid_leave_prorates_pay_and_hours() -> None:
    values: dict[str, Any] = {**QUIET, "workforce.hours.leave_rate": 1}
    values |= {"workforce.hours.leave_min_days": 73, "workforce.hours.leave_max_days": 73}
    records = run_all(scenario_of(values), census_of({}))
    assert events_of(records, "leave")["days"].to_list() == [73]
    assert [str(value) for value in metric(records, "total_compensation")] == ["48000.00000000"]
    assert events_of(records, "hours").select("hours", "year_of_service").rows() == [(1664, True)]


@pytest.mark.parametrize(
    ("scheduled", "last_day", "hours", "credited"),
    [
        (2080, "2025-06-24", 997, False),
        (2080, "2025-06-25", 1003, True),
        (1000, None, 1000, True),
        (999, None, 999, False),
    ],
)
def test_a_thousand_hours_make_a_year_of_service(
    scheduled: int, last_day: str | None, hours: int, credited: bool
) -> None:
    values: dict[str, Any] = dict(QUIET)
    if last_day:
        values["workforce.reduction_in_force"] = [{"date": last_day, "count": 1}]
    person = {"scheduled_hours": scheduled, "compensation_cents": 3_000_000}
    records = run_all(scenario_of(values), census_of(person))
    assert events_of(records, "hours").select("hours", "year_of_service").rows() == [(hours, credited)]
    # The six years before the census count if the hours of the job make years of service.
    before = 6 if scheduled >= 1000 else 0
    assert records[-1].state.people["years_of_service"].to_list() == [before + credited]
