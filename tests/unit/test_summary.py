"""Metrics against plain arithmetic over the people, done here without the engine's expressions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from simulation.census import generate_census
from simulation.metrics import BY_NAME, METRICS
from tests.populations import events_of, metric, run_all, scenario_of

YEARS = (2025, 2027)


@pytest.fixture(scope="module")
def records() -> list[Any]:
    return run_all(scenario_of({"workforce.rehire.rate": "50%"}, years=YEARS), generate_census(400))


def _people(records: list[Any], year: int) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = records[year - YEARS[0] + 1].state.people.rows(named=True)
    return people


def test_counts_are_counts_of_events(records: list[Any]) -> None:
    for year in range(YEARS[0], YEARS[1] + 1):
        values = {name: metric(records, name)[year - YEARS[0]] for name in BY_NAME}
        hires, back = (events_of(records, kind, year=year).height for kind in ("hire", "rehire"))
        assert values["hires"] == hires + back
        assert values["rehires"] == back
        assert values["terminations"] == events_of(records, "termination", year=year).height
        assert values["promotions"] == events_of(records, "promotion", year=year).height
        assert values["headcount_end"] == (
            values["headcount_start"] + values["hires"] - values["terminations"]
        )


def test_total_compensation_is_the_sum_of_days_paid(records: list[Any]) -> None:
    raises = events_of(records, "raise", year=2026)
    by_person = raises.partition_by("employee_id", as_dict=True)
    total = Decimal(0)
    for person in _people(records, 2026):
        if person["start_date"] is None:
            continue
        last = person["termination_date"] or person["start_date"].replace(month=12, day=31)
        steps = (
            by_person.get((person["employee_id"],), raises.clear()).sort("event_sequence").rows(named=True)
        )
        pay = steps[0]["previous_compensation_cents"] if steps else person["compensation_cents"]
        day_cents = pay * ((last - person["start_date"]).days + 1)
        for step in steps:
            rise = step["new_compensation_cents"] - step["previous_compensation_cents"]
            day_cents += rise * ((last - step["effective_date"]).days + 1)
        days = (last - person["start_date"]).days + 1
        worked = Decimal(day_cents) * (days - person["leave_days"]) / (days * 365)
        total += worked.quantize(Decimal(1), "ROUND_HALF_UP")
    assert metric(records, "total_compensation")[1] == total / 100


def test_turnover_is_over_the_mean_of_opening_and_closing_headcount(records: list[Any]) -> None:
    start, end = metric(records, "headcount_start")[0], metric(records, "headcount_end")[0]
    expected = metric(records, "terminations")[0] / ((start + end) / 2)
    assert abs(metric(records, "termination_rate")[0] - expected) < Decimal("1e-8")


def test_incumbent_growth_compares_the_same_people_at_both_ends(records: list[Any]) -> None:
    stayed = [p for p in _people(records, 2027) if p["opened_year"] and p["termination_date"] is None]
    growth = Decimal(sum(p["compensation_cents"] for p in stayed)) / sum(
        p["opening_compensation_cents"] for p in stayed
    )
    assert abs(metric(records, "compensation_growth_incumbent")[2] - (growth - 1)) < Decimal("1e-8")


def test_growth_of_all_compares_mean_pay_of_everybody_paid(records: list[Any]) -> None:
    paid = {
        year: metric(records, "total_compensation")[year - YEARS[0]]
        / sum(person["start_date"] is not None for person in _people(records, year))
        for year in (2026, 2027)
    }
    assert abs(metric(records, "compensation_growth_all")[2] - (paid[2027] / paid[2026] - 1)) < Decimal(
        "1e-7"
    )


def test_a_ratio_with_nothing_to_divide_by_is_null() -> None:
    values = {"workforce.hiring.limit": 0}
    assert metric(run_all(scenario_of(values), generate_census(50)), "new_hire_termination_rate") == [None]


def test_every_metric_has_a_title_and_a_definition() -> None:
    assert all(metric.title and metric.definition.endswith(".") for metric in METRICS)
    assert len(BY_NAME) == len(METRICS)


def test_the_summary_holds_every_metric_of_every_year_once(records: list[Any]) -> None:
    rows = pl.concat([record.summary for record in records])
    assert rows.height == len(METRICS) * 3
    assert rows.select("simulation_year", "metric").is_unique().all()
