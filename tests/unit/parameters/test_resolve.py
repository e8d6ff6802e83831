"""Scenarios made of files, settings and years."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from simulation.errors import ScenarioError
from simulation.parameters import Scenario, load_scenario, shipped

Write = Callable[[str, str], Path]


def problems_of(path: str | Path, *settings: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, set=settings)
    assert caught.value.exit_code == 2
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_loads_by_its_name(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name.rpartition("/")[2]
    assert scenario.title
    assert scenario.lineage[0].origin == "baseline"


def test_the_shipped_baseline_is_what_is_built_in() -> None:
    assert load_scenario("baseline").digest == Scenario().digest


def test_an_overlay_changes_what_it_names_and_nothing_else(write: Write) -> None:
    write(
        "own.yaml", "extends: baseline\nworkforce:\n  growth: {rate: 5%}\n  promotion: {by_level: {2: 0.2}}\n"
    )
    scenario, baseline = load_scenario("own.yaml"), Scenario()
    changed = {key for key, value in scenario.flat().items() if baseline.flat()[key] != value}
    assert changed - {"name", "title", "extends"} == {
        "workforce.growth.rate",
        "workforce.promotion.by_level.2",
    }
    assert scenario.workforce.growth.rate == Decimal("0.05")


def test_a_chain_is_laid_over_lowest_first_and_names_are_not_inherited(write: Write) -> None:
    write(
        "deep/a.yaml",
        "extends: baseline\nname: a\ntitle: A\ndescription: d\ncompensation: {cola: {rate: 1%}}\n",
    )
    write("b.yaml", "extends: deep/a.yaml\ncompensation: {cola: {rate: 2%}, merit: {budget: null}}\n")
    scenario = load_scenario("b.yaml")
    assert (scenario.name, scenario.title, scenario.description) == ("b", "b", "")
    assert [layer.origin for layer in scenario.lineage] == ["baseline", "overlay:a", "overlay:b"]
    assert scenario.compensation.cola.rate == Decimal("0.02")
    assert scenario.compensation.merit.budget is None


def test_an_overlay_that_says_nothing_is_the_identity(write: Write) -> None:
    write("same.yaml", "extends: high_growth\nworkforce:\n  growth:\n    # rate: 0.5\n")
    assert load_scenario("same.yaml").digest == load_scenario("high_growth").digest


def test_settings_and_years_are_laid_over_last(write: Write) -> None:
    settings = ["workforce.growth.rate=5%", "workforce.growth.rate=0.06", "workforce.promotion.by_level.3=0"]
    scenario = load_scenario("high_growth", set=settings, years=(2026, 2031))
    assert scenario.workforce.growth.rate == Decimal("0.06")
    assert scenario.workforce.promotion.by_level[3] == 0
    assert list(scenario.horizon.years) == [2026, 2027, 2028, 2029, 2030, 2031]
    assert scenario.origin_of("workforce.growth.rate") == "--set"
    assert scenario.origin_of("horizon.end_year") == "--years"
    assert scenario.origin_of("compensation.merit.budget") == "overlay:high_growth"
    assert scenario.origin_of("compensation.cola.rate") == "baseline"
    assert scenario.origin_of("workforce.promotion") == "--set"


def test_a_file_without_a_parent_lies_on_the_built_in_values(write: Write) -> None:
    write("My Plan.yaml", "workforce: {growth: {rate: 0}}\n")
    scenario = load_scenario("My Plan.yaml")
    assert scenario.name == "my-plan"
    assert scenario.compensation == Scenario().compensation


def test_five_mistakes_are_five_messages_with_their_lines(write: Write) -> None:
    path = write(
        "bad.yaml",
        """\
extends: baseline
horizon: {start_year: 2029, end_year: 2025}
workforce:
  growht: {rate: 0.05}
  termination:
    by_service:
      - {from_years: 0, rate: 25}
compensation:
  cola: {rate: 0.01234}
  merit:
    effective: 02-30
""",
    )
    found = problems_of(path)
    assert [problem.split(": ")[0] for problem in found] == [
        "bad.yaml:4 workforce.growht",
        "bad.yaml:2 horizon.start_year",
        "bad.yaml:7 workforce.termination.by_service[0].rate",
        "bad.yaml:9 compensation.cola.rate",
        "bad.yaml:11 compensation.merit.effective",
    ]
    assert all("allowed: " in problem for problem in found)
    assert found[0].endswith("did you mean 'workforce.growth'?")
    assert found[2].endswith("for 25 % write 0.25 or 25%")


def test_a_rate_in_basis_points_is_hinted_at(write: Write) -> None:
    write("bad.yaml", "plan: {auto_enrollment: {default_rate: 600}}\n")
    assert problems_of("bad.yaml")[0].endswith("(from 0 to 0.15); for 600 basis points write 0.06")


def test_a_wrong_value_does_not_hide_what_does_not_go_together(write: Write) -> None:
    write(
        "bad.yaml",
        "workforce:\n  hours: {leave_rate: x, leave_min_days: 90}\n  promotion: {by_level: {5: 0.1}}\n",
    )
    found = problems_of("bad.yaml")
    assert {problem.split(":")[1].split(" ")[1] for problem in found} == {
        "workforce.promotion.by_level.5",
        "workforce.hours.leave_rate",
        "workforce.hours.leave_min_days",
    }


def test_a_wrong_value_is_not_blamed_twice(write: Write) -> None:
    write("bad.yaml", "horizon: {start_year: soon, end_year: 2020}\n")
    assert [problem.split(" ")[1] for problem in problems_of("bad.yaml")] == ["horizon.start_year:"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("workforce: {growth: {rat: 1}}", "did you mean 'workforce.growth.rate'?"),
        ("growth: {rate: 0.05}", "did you mean 'workforce.growth'?"),
        ("compensation: {total_rate: 0.1}", "did you mean 'workforce.termination.total_rate'?"),
        ("plan: {automatic_enrollment: {}}", "did you mean 'plan.auto_enrollment'?"),
        ("compensation: {merit: {by_level: {6: 0.1}}}", "one of 1, 2, 3, 4, 5"),
        ("workforce: {reduction_in_force: [{date: 2026-05-01, cuont: 5}]}", "did you mean 'count'?"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(write: Write, text: str, hint: str) -> None:
    write("bad.yaml", text + "\n")
    assert problems_of("bad.yaml")[0].endswith(hint)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("plan: 5", "a mapping with the keys enabled, established, eligibility, auto_enrollment"),
        ("workforce: [1]", "a mapping with the keys growth"),
        ("workforce: {promotion: {by_level: 0.1}}", "for each of the levels 1 to 5"),
        (
            "workforce: {termination: {by_service: 0.1}}",
            "a list of bands {from_years, rate}, ascending from 0",
        ),
        ("workforce: {reduction_in_force: [{date: 2026-05-01}]}", "exactly one of share and count"),
        ("workforce: {reduction_in_force: [{date: 2026-05-01, share: 1%, count: 1}]}", "exactly one of"),
        ("workforce: {reduction_in_force: [{count: 1}]}", "a date YYYY-MM-DD"),
        ("workforce: {growth: {headcount_path: {1800: 5}}}", "year: headcount pairs"),
        (
            "workforce: {promotion: {by_level: {1: 0, 2: 0, 3: 0, 4: 0}}}",
            "a level above 0, or rate 0 or null",
        ),
        ("compensation: {merit: {by_level: {1: 0, 2: 0, 3: 0, 4: 0, 5: 0}}}", "a level above 0, or budget"),
        ("workforce: {termination: {total_rate: 0.1, table_multiplier: 0}}", "a rate above 0 in by_service"),
        ("compensation: {bands: {source: table}}", "a table, or source: census"),
        ("horizon: {end_year: 2100}", "at most 60 years"),
        ("plan: {match: {tiers: [{up_to: 5%, rate: 1}, {up_to: 3%, rate: 1}]}}", "ascending up_to"),
        ("plan: {auto_enrollment: {default_rate: 0}}", "a default_rate above 0, or enabled: false"),
        ("seed: -1", "from 0 to"),
    ],
)
def test_what_is_allowed_is_said(write: Write, text: str, allowed: str) -> None:
    write("bad.yaml", text + "\n")
    found = problems_of("bad.yaml")
    assert len(found) == 1
    assert allowed in found[0].partition("allowed: ")[2]


def test_a_missing_file_names_the_nearest() -> None:
    assert problems_of("baselin")[0].endswith("did you mean 'baseline'?")
    assert "hiring_freeze" in problems_of("nowhere/at/all.yaml")[0]


def test_a_missing_parent_is_reported_where_it_is_named(write: Write) -> None:
    write("child.yaml", "name: child\nextends: high_growht\n")
    assert problems_of("child.yaml")[0].startswith("child.yaml:2 extends: no file 'high_growht'")


def test_a_plan_design_lies_over_a_workforce(write: Write) -> None:
    write("both.yaml", "extends: [high_growth, plans/qaca]\nworkforce: {growth: {rate: 9%}}\n")
    both, growth, design = (load_scenario(name) for name in ("both.yaml", "high_growth", "plans/qaca"))
    flat = both.flat()
    assert [layer.origin for layer in both.lineage] == [
        "baseline",
        "overlay:high_growth",
        "overlay:qaca",
        "overlay:both",
    ]
    assert {key: value for key, value in flat.items() if key.startswith("plan.")} == {
        key: value for key, value in design.flat().items() if key.startswith("plan.")
    }
    assert flat["compensation.merit.budget"] == growth.compensation.merit.budget
    assert flat["workforce.growth.rate"] == Decimal("0.09")
    assert both.plan_design_id == "qaca"


def test_what_several_extend_lies_below_them_all(write: Write) -> None:
    write("ground.yaml", "seed: 1\nworkforce: {growth: {rate: 1%}}\n")
    write("a.yaml", "extends: ground.yaml\nseed: 2\n")
    write("b.yaml", "extends: ground.yaml\nworkforce: {growth: {rate: 2%}}\n")
    write("c.yaml", "extends: [a.yaml, b.yaml]\n")
    scenario = load_scenario("c.yaml")
    assert (scenario.seed, scenario.workforce.growth.rate) == (2, Decimal("0.02"))


@pytest.mark.parametrize("value", ["[]", "5", "[baseline, 5]", "{a: baseline}"])
def test_what_is_extended_are_files(write: Write, value: str) -> None:
    write("bad.yaml", f"extends: {value}\n")
    assert problems_of("bad.yaml")[0].endswith("a list of such paths, or null")


def test_a_plan_design_without_its_directory_is_hinted_at() -> None:
    assert problems_of("qaca")[0].endswith("did you mean 'plans/qaca'?")


def test_a_circle_of_files_is_an_error(write: Write) -> None:
    write("a.yaml", "extends: b.yaml\n")
    write("b.yaml", "extends: c.yaml\n")
    write("c.yaml", "extends: a.yaml\n")
    assert "a.yaml → b.yaml → c.yaml → a.yaml" in problems_of("a.yaml")[0]


def test_a_file_that_extends_itself_is_an_error(write: Write) -> None:
    write("baseline.yaml", "extends: baseline\n")
    assert "extends 'baseline'" in problems_of("baseline.yaml")[0]


def test_a_file_larger_than_any_scenario_is_refused(write: Write) -> None:
    write("large.yaml", "# " + "x" * 1_000_001)
    assert "more than 1 MB" in problems_of("large.yaml")[0]


def test_a_path_that_cannot_be_a_file_is_a_plain_error(tmp_path: Path) -> None:
    assert "is a directory" in problems_of(tmp_path)[0]
    assert "no file" in problems_of("x" * 5000)[0]
    assert "no file" in problems_of("nul\0byte")[0]


def test_problems_of_parents_and_children_come_together(write: Write) -> None:
    write("parent.yaml", "extends: baseline\nworkforce: {grwth: {}}\na: 1\na: 2\n")
    write("child.yaml", "extends: parent.yaml\nseed: x\n")
    files = {problem.split(":")[0] for problem in problems_of("child.yaml")}
    assert files == {"parent.yaml", "child.yaml"}
