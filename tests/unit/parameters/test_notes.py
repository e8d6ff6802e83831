"""What is allowed but will surprise."""

from __future__ import annotations

import pytest

from simulation.parameters import Levers, Scenario, load_scenario, shipped, validate_files

NOTES = [
    (
        ["output.keep=summary", "output.balance_snapshots=weekly"],
        "output.balance_snapshots: weekly has no effect with keep: summary",
    ),
    (["workforce.hiring.limit=5"], "workforce.hiring.limit: at most 5 people hired a year"),
    (
        ["workforce.growth.rate=-20%", "workforce.termination.total_rate=10%"],
        "workforce.growth.rate: -0.2 with exits of 0.1: headcount cannot fall so fast",
    ),
    (["workforce.growth.headcount_path={2025: 9, 2027: 9, 2028: 9}"], "no headcount for 2026, 2029"),
    (
        ["workforce.growth.headcount_path={2025: 9, 2026: 9, 2027: 9, 2028: 9, 2029: 9, 2030: 9}"],
        "2030 is outside the horizon",
    ),
    (
        ["workforce.reduction_in_force=[{date: 2031-01-01, count: 5}]"],
        "workforce.reduction_in_force[0].date: 2031-01-01 is outside the horizon",
    ),
    (
        [
            "compensation.bands.table={"
            + ", ".join(f"{n}: {{minimum: 1, midpoint: 2, maximum: 3}}" for n in range(1, 6))
            + "}"
        ],
        "compensation.bands.table: no effect with source: census",
    ),
]


@pytest.mark.parametrize(
    ("settings", "note"), NOTES, ids=[settings[0].partition("=")[0] for settings, _ in NOTES]
)
def test_a_surprise_is_noted(settings: list[str], note: str) -> None:
    (found,) = load_scenario("baseline", set=settings).notes()
    assert note in str(found)


def test_the_baseline_surprises_nobody() -> None:
    assert load_scenario("baseline").notes() == []


@pytest.mark.parametrize("name", shipped())
def test_no_shipped_scenario_surprises(name: str) -> None:
    (report,) = validate_files([name])
    assert report.ok
    assert not report.notes


def test_levers_above_a_stated_value_and_outside_the_horizon_are_noted() -> None:
    rows = (
        Levers()
        .with_value("cola_rate", "3%", [2026, 2027, 2040], [1, 2])
        .with_value("merit_base", "3%", [2026])
    )
    notes = [str(note) for note in Scenario().changed({"compensation.cola.rate": "2%"}, rows).notes()]
    assert len(notes) == 3
    assert "overrides it in 2026–2027 for levels 1–2" in notes[0]
    assert notes[1].startswith("compensation.merit.budget: 0.032 is not met in 2026")
    assert "the rows for 2040 are outside the horizon" in notes[2]


def test_validate_reports_on_every_file() -> None:
    reports = validate_files(["baseline", "nothing", "high_growth"], set=["workforce.growth.rate=9"])
    assert [report.ok for report in reports] == [False, False, False]
    assert [len(report.problems) for report in reports] == [1, 1, 1]
    assert reports[1].digest is None
    assert validate_files(["high_growth"])[0].name == "high_growth"
