"""Designs over levers: what a sweep file may say, which points come of it, and what is wrong with others."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulation.census import Census, generate_census, write_census
from simulation.errors import SweepError
from simulation.parameters import Scenario, load_scenario
from simulation.sweep import SweepPlan, read_plan, run_sweep, sweep_status
from simulation.sweep.design import Design
from simulation.sweep.inputs import gather, sweep_name
from simulation.sweep.lever import read_levers
from simulation.sweep.serial import SerialExecutor

GROWTH = "workforce.growth.rate"
COLA = "compensation.cola.rate"


def plan_of(design: Any, **fields: Any) -> SweepPlan:
    return SweepPlan.of({"scenarios": ["baseline"], "seeds": "1", "design": design} | fields)


def refusal(design: Any, **fields: Any) -> SweepError:
    with pytest.raises(SweepError) as caught:
        plan_of(design, **fields)
    return caught.value


def points(design: Any) -> list[tuple[Any, ...]]:
    made = plan_of(design).design
    assert made is not None
    return [tuple(point.values()) for point in made.points.values()]


def test_a_grid_has_every_combination_in_the_order_of_the_levers() -> None:
    levers = {GROWTH: [0.01, "2%"], "payroll.frequency": ["monthly", "annual"]}
    low, high = Decimal("0.01"), Decimal("0.02")
    assert points({"levers": levers}) == [
        (low, "monthly"),
        (low, "annual"),
        (high, "monthly"),
        (high, "annual"),
    ]


@pytest.mark.parametrize(
    ("key", "given", "expected"),
    [
        (GROWTH, {"start": 0, "stop": "3%", "step": 0.01}, ["0", "0.01", "0.02", "0.03"]),
        (GROWTH, {"start": -0.02, "stop": 0, "step": 0.01}, ["-0.02", "-0.01", "0"]),
        ("plan.loans.mean_amount", {"start": 0.1, "stop": 0.3, "step": 0.1}, ["0.1", "0.2", "0.3"]),
        ("plan.auto_enrollment.window_days", {"start": 30, "stop": 90, "step": 30}, ["30", "60", "90"]),
        ("workforce.promotion.by_level.2", {"start": 0.1, "stop": 0.2, "step": "5%"}, ["0.1", "0.15", "0.2"]),
    ],
)
def test_a_range_is_exact_and_takes_in_both_ends(key: str, given: Any, expected: list[str]) -> None:
    assert [point[0] for point in points({"levers": {key: given}})] == [Decimal(one) for one in expected]


def test_a_list_may_hold_whole_tables() -> None:
    tiers = [[{"up_to": 0.03, "rate": 1}], [{"up_to": 0.03, "rate": 1}, {"up_to": 0.05, "rate": 0.5}]]
    plan = plan_of({"levers": {"plan.match.tiers": tiers}})
    made = gather(plan).scenarios
    assert [len(scenario.plan.match.tiers) for scenario in made.values()] == [1, 2]


def test_points_have_short_names_that_more_points_do_not_change() -> None:
    design = {"method": "sobol", "levers": {GROWTH: {"start": 0, "stop": 0.06}}}
    few, many = (gather(plan_of(design | {"points": number})).scenarios for number in (4, 8))
    assert list(few) == ["baseline-p001", "baseline-p002", "baseline-p003", "baseline-p004"]
    assert {name: one.digest for name, one in few.items()}.items() <= {
        name: one.digest for name, one in many.items()
    }.items()


def test_the_levers_are_settings_of_each_scenario_and_nothing_else_changes() -> None:
    base = load_scenario("baseline")
    (name, made), *_ = gather(plan_of({"levers": {GROWTH: [0.05]}})).scenarios.items()
    assert (name, made.title) == ("baseline-p001", "Baseline (p001)")
    assert made.origin_of(GROWTH) == "--set"
    assert made.digest == base.changed({GROWTH: "0.05"}).digest


def test_the_reference_is_the_scenario_as_it_is() -> None:
    plan = plan_of({"levers": {GROWTH: [0.05]}, "reference": True}, seeds="1-3")
    assert plan.runs == 6
    assert list(gather(plan).scenarios) == ["baseline", "baseline-p001"]


def test_every_scenario_is_run_at_every_point() -> None:
    plan = plan_of({"levers": {GROWTH: [0.01, 0.02]}}, scenarios=["baseline", "high_growth"], seeds="1-16")
    inputs = gather(plan)
    assert plan.runs == 64
    assert list(inputs.scenarios) == [
        "baseline-p001",
        "baseline-p002",
        "high_growth-p001",
        "high_growth-p002",
    ]
    assert sweep_name(plan, inputs) == "baseline_vs_high_growth"


def test_a_scenario_that_is_loaded_takes_points_too(scenario: Scenario, census: Census) -> None:
    plan = SweepPlan.of({"scenarios": [scenario], "census": census, "design": {"levers": {GROWTH: [0.05]}}})
    (made,) = gather(plan).scenarios.values()
    assert (made.workforce.growth.rate, made.horizon) == (Decimal("0.05"), scenario.horizon)


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({}, "design.levers: is missing"),
        ({"levers": {}}, "there is none"),
        ({"levers": {"workforce.growth.rat": [0.1]}}, "did you mean 'workforce.growth.rate'?"),
        ({"levers": {GROWTH: [5]}}, "for 5 % write 0.05"),
        ({"levers": {GROWTH: [0.01, 0.01234]}}, f"{GROWTH}[1]: 0.01234; allowed: a rate with at most 4"),
        ({"levers": {GROWTH: [0.01, "1%"]}}, "0.01 is given 2 times"),
        ({"levers": {GROWTH: 0.01}}, "a list of values, or start, stop and step"),
        ({"levers": {GROWTH: []}}, "no values"),
        ({"levers": {GROWTH: {"start": 0, "stop": 2, "step": 0.1}}}, f"{GROWTH}.stop: 2"),
        ({"levers": {GROWTH: {"start": 0.2, "stop": 0.1, "step": 0.1}}}, "a start below the stop"),
        ({"levers": {GROWTH: {"start": 0, "stop": 0.1, "step": 0.03}}}, "end at 0.09, not at 0.1"),
        (
            {"levers": {GROWTH: {"start": 0, "stop": 0.1, "step": 0}}},
            f"{GROWTH}.step: 0; allowed: above 0",
        ),
        ({"levers": {GROWTH: {"start": 0, "stop": 0.1, "step": "x"}}}, f"{GROWTH}.step: 'x'"),
        ({"levers": {GROWTH: {"start": 0, "stop": 0.1}}}, "the step of a grid; such as step: 0.0001"),
        ({"levers": {GROWTH: {"from": 0, "stop": 0.1, "step": 0.1}}}, f"{GROWTH}.start: is missing"),
        ({"levers": {"payroll.frequency": {"start": 1, "stop": 2, "step": 1}}}, "a list of values"),
        ({"levers": {"workforce.promotion.by_level": [0.1]}}, "such as workforce.promotion.by_level.1"),
        ({"levers": {"seed": [1, 2]}}, "the sweep's `seeds`"),
        ({"levers": {"name": ["a", "b"]}}, "list such scenarios under `scenarios`"),
        ({"levers": {"output.keep": ["full"]}}, "changes no result"),
        ({"levers": {GROWTH: [0.1]}, "metod": "grid"}, "did you mean 'method'?"),
        ({"levers": {GROWTH: [0.1]}, "method": "sobel"}, "did you mean 'sobol'?"),
        ({"levers": {GROWTH: [0.1]}, "points": 4}, "every combination of its values"),
        ({"levers": {GROWTH: [0.1]}, "seed": 4}, "every combination of its values"),
        ({"levers": {GROWTH: [0.1, 0.2]}, "method": "sobol"}, "design.points: is missing"),
        ({"levers": {GROWTH: {"start": 0, "stop": 1}}, "method": "sobol", "points": 24}, "16 or 32"),
        ({"levers": {GROWTH: [0.1, 0.2]}, "method": "latin_hypercube", "points": 3}, "2 combinations"),
        ({"levers": {GROWTH: {"start": 0, "stop": 1, "step": 0.0001}, COLA: [0.01, 0.02]}}, "10001 × 2"),
        (
            {"levers": {GROWTH: {"start": 0, "stop": 1}}, "method": "sobol", "points": 8_192},
            "8,192 points; allowed: at most 4,096",
        ),
    ],
)
def test_a_design_that_cannot_be_is_refused_and_says_why(design: Any, said: str) -> None:
    assert said in str(refusal(design))


def test_every_mistake_of_a_design_is_told_at_once() -> None:
    levers = {GROWTH: [5], "compensation.colla.rate": [0.1], COLA: {"start": 0, "stop": 9}}
    error = refusal({"levers": levers, "method": "sobel"}, seeds="x")
    assert {problem.where for problem in error.problems} == {
        "seeds",
        "design.method",
        f"design.levers.{GROWTH}[0]",
        "design.levers.compensation.colla.rate",
        f"design.levers.{COLA}.stop",
    }


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"set": [f"{GROWTH} = 0.02"]}, "set"),
        (
            {"scenarios": ["baseline", {"scenario": "baseline", "set": [f"{GROWTH}=0.02"]}]},
            "scenarios[1].set",
        ),
    ],
)
def test_a_lever_that_is_also_set_is_refused(fields: dict[str, Any], where: str) -> None:
    error = refusal({"levers": {GROWTH: [0.01]}}, **fields)
    assert [problem.where for problem in error.problems] == [where]
    assert GROWTH in str(error)


def test_too_many_runs_are_refused_with_what_makes_them() -> None:
    design = {"levers": {GROWTH: {"start": 0, "stop": 0.1, "step": 0.001}}}
    text = str(refusal(design, scenarios=["baseline", "high_growth"], seeds="1-10000"))
    assert "2 scenarios × 101 points × 10,000 seeds make 2,020,000 runs" in text


def test_values_that_do_not_go_together_are_told_by_point() -> None:
    levers = {"workforce.hours.leave_min_days": [10, 50], "workforce.hours.leave_max_days": [40, 60]}
    with pytest.raises(SweepError) as caught:
        gather(plan_of({"levers": levers}))
    assert "1 of 4 points of the design are not possible for 'baseline'" in str(caught.value)
    assert caught.value.problems[0].where.startswith("baseline-p003: ")


FILE = """\
scenarios: [baseline]
seeds: 1-2
design:
  method: latin_hypercube
  points: 3
  levers:
    workforce.growth.rate: {start: 0%, stop: 6%}
    compensation.cola.rate: {start: 0%, stop: 4%, step: 1%}
"""


def test_a_sweep_file_says_on_which_line_a_lever_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "night.yaml"
    twice = "    workforce.growth.rate: [0.02]\n    compensation.cola.rat: [0.01]\n"
    file.write_text(FILE + twice, encoding="utf-8")
    with pytest.raises(SweepError) as caught:
        read_plan(file)
    text = str(caught.value)
    assert "night.yaml:9 design.levers.workforce.growth.rate: given twice, first on line 7" in text
    assert "night.yaml:10 design.levers.compensation.cola.rat: unknown key" in text
    assert "did you mean 'compensation.cola.rate'?" in text


def test_a_begun_sweep_keeps_its_points_and_is_resumed_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    census = write_census(generate_census(30, seed=1), tmp_path / "census.parquet")
    file = tmp_path / "night.yaml"
    file.write_text(FILE + f"census: {census}\nyears: 2025-2025\n", encoding="utf-8")
    first = run_sweep(read_plan(file, {"seeds": "1"}), out=tmp_path, executor=SerialExecutor())
    kept = json.loads((first.directory / "sweep.json").read_text(encoding="utf-8"))["plan"]["design"]
    assert len(kept["table"]) == 3
    assert kept["levers"][COLA] == {"start": "0", "stop": "0.04", "step": "0.01"}
    monkeypatch.setattr("simulation.sweep.design.spread", lambda *_: [[0.99, 0.99]] * 3)
    again = run_sweep(
        read_plan(first.directory, {"seeds": "1-2"}), out=tmp_path, resume=True, executor=SerialExecutor()
    )
    assert {run.digest for run in first.runs} < {run.digest for run in again.runs}
    assert [(run.scenario, run.attempts) for run in again.runs if run.seed == 1] == [
        ("baseline-p001", 0),
        ("baseline-p002", 0),
        ("baseline-p003", 0),
    ]
    assert sweep_status(first.directory).runs_total == 6


def test_a_sweep_file_whose_design_changed_is_not_resumed(tmp_path: Path) -> None:
    census = write_census(generate_census(30, seed=1), tmp_path / "census.parquet")
    fields = {"name": "n", "scenarios": ["baseline"], "seeds": "1", "census": census, "years": "2025-2025"}
    for growth in (0.01, 0.02):
        plan = SweepPlan.of({**fields, "design": {"levers": {GROWTH: [growth]}}})
        if growth == 0.01:
            run_sweep(plan, out=tmp_path, executor=SerialExecutor())
            continue
        with pytest.raises(SweepError, match="begun with other inputs") as caught:
            run_sweep(plan, out=tmp_path, resume=True, executor=SerialExecutor())
        assert caught.value.problems[0].where == "scenario baseline-p001"


def test_a_design_survives_the_way_through_json() -> None:
    design = plan_of({"method": "sobol", "points": 4, "levers": {GROWTH: {"start": 0, "stop": 0.06}}}).design
    assert design is not None
    written = json.loads(design.model_dump_json(by_alias=True, exclude_none=True))
    assert Design.model_validate(written).points == design.points


def test_levers_are_read_with_all_their_problems() -> None:
    levers, problems = read_levers({GROWTH: [0.01], "nonsense": [1]})
    assert [lever.key for lever in levers] == [GROWTH]
    assert [problem.where for problem in problems] == ["design.levers.nonsense"]
