"""What a sweep is asked to do, from fields and from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulation.census import Census
from simulation.errors import SweepError
from simulation.parameters import Scenario
from simulation.sweep import SweepPlan, read_plan
from simulation.sweep.plan import ScenarioChoice, parse_years

FIELDS: dict[str, Any] = {"scenarios": ["baseline"], "seeds": "1-3"}


def refusal(fields: dict[str, Any]) -> SweepError:
    with pytest.raises(SweepError) as caught:
        SweepPlan.of(fields)
    return caught.value


def test_a_scenario_is_a_name_a_path_a_choice_or_one_that_is_loaded(
    scenario: Scenario, census: Census
) -> None:
    chosen = [
        "baseline",
        Path("own.yaml"),
        {"scenario": "baseline", "set": ["seed=3"], "name": "b"},
        scenario,
    ]
    plan = SweepPlan(scenarios=chosen, seeds="1,5", census=census)
    assert [getattr(one, "scenario", one) for one in plan.scenarios] == [
        "baseline",
        "own.yaml",
        "baseline",
        scenario,
    ]
    assert plan.seeds == (1, 5)
    assert plan.census is census


def test_a_choice_with_a_name_sets_it() -> None:
    assert ScenarioChoice(scenario="baseline", set=("seed=3",), name="b").settings == ("seed=3", "name=b")


@pytest.mark.parametrize("given", ["2025-2029", "2025 – 2029", (2025, 2029), [2025, "2029"]])
def test_years_are_a_span(given: Any) -> None:
    assert parse_years(given) == (2025, 2029)


@pytest.mark.parametrize("given", ["2029-2025", "25-29", "soon", (2025,), {}, None])
def test_what_is_no_span_of_years_is_refused(given: Any) -> None:
    with pytest.raises(SweepError, match="2025-2029"):
        parse_years(given)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("seed", "1-3", "did you mean 'seeds'?"),
        ("scenario", ["baseline"], "did you mean 'scenarios'?"),
        ("scenarios", [], "scenarios"),
        ("scenarios", [{"scenario": "baseline", "sett": []}], "did you mean 'set'?"),
        ("seeds", "5-1", "runs backwards"),
        ("years", "2029-2025", "runs backwards"),
        ("name", "../up", "letters, digits"),
        ("keep", "all", "keep"),
        ("workers", 0, "workers"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_meant(field: str, value: Any, said: str) -> None:
    assert said in str(refusal(FIELDS | {field: value}))


def test_every_wrong_field_is_named_at_once() -> None:
    error = refusal({"scenarios": ["baseline"], "seeds": "x", "years": "y", "workers": 0, "colour": "red"})
    assert {problem.where for problem in error.problems} == {"seeds", "years", "workers", "colour"}


def test_a_plan_needs_scenarios() -> None:
    assert "scenarios: is missing" in str(refusal({"seeds": "1"}))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sweep_file_finds_its_files_beside_itself(tmp_path: Path) -> None:
    own = write(tmp_path / "own.yaml", "extends: baseline\n")
    census = write(tmp_path / "c.parquet", "")
    text = "scenarios: [own.yaml, baseline, {scenario: own.yaml, name: b}]\nseeds: 1-2\ncensus: c.parquet\n"
    plan = read_plan(write(tmp_path / "night.yaml", text))
    assert plan.name == "night"
    assert [getattr(one, "scenario", "") for one in plan.scenarios] == [str(own), "baseline", str(own)]
    assert plan.census == census


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    file = write(tmp_path / "night.yaml", "name: a\nscenarios: [baseline]\nseeds: 1-2\n")
    plan = read_plan(file, {"seeds": "7", "name": None})
    assert (plan.name, plan.seeds) == ("a", (7,))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no fields"),
        ("- a\n", "no mapping at the top"),
        ("a: [", "no valid YAML"),
        ("scenarios: [baseline]\nseedz: 1\n", "did you mean 'seeds'?"),
    ],
)
def test_a_sweep_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = write(tmp_path / "night.yaml", text)
    with pytest.raises(SweepError) as caught:
        read_plan(file)
    assert said in str(caught.value)
    assert "night.yaml" in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match=r"gone\.yaml"):
        read_plan(tmp_path / "gone.yaml")


def test_a_sweep_begun_with_objects_cannot_be_continued_from_its_directory(tmp_path: Path) -> None:
    write(tmp_path / "sweep.json", json.dumps({"plan": None}))
    with pytest.raises(SweepError, match="begun from Python"):
        read_plan(tmp_path)
