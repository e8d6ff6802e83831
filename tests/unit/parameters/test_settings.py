"""Values given by ``--set`` and from Python."""

from __future__ import annotations

from decimal import Decimal

import pytest

from simulation.errors import ScenarioError
from simulation.parameters import Levers, Scenario, load_scenario


@pytest.mark.parametrize(
    ("setting", "key", "value"),
    [
        ("workforce.growth.rate=1.5%", "workforce.growth.rate", Decimal("0.015")),
        (" workforce.growth.rate = 0.015 ", "workforce.growth.rate", Decimal("0.015")),
        ("workforce.termination.total_rate=null", "workforce.termination.total_rate", None),
        ("workforce.growth.headcount_path={2026: 50}", "workforce.growth.headcount_path", {2026: 50}),
        ("workforce.growth={mode: expected}", "workforce.growth.mode", "expected"),
        ("workforce.promotion.by_level.1=20%", "workforce.promotion.by_level.1", Decimal("0.2")),
        ("workforce.promotion.by_level={1: 0.2}", "workforce.promotion.by_level.1", Decimal("0.2")),
        ("compensation.cola.effective=10-01", "compensation.cola.effective", "10-01"),
        ("title=a: [b = c", "title", "a: [b = c"),
        ("compensation.bands.allow_exceed=true", "compensation.bands.allow_exceed", True),
    ],
)
def test_a_setting_is_read_like_the_file(setting: str, key: str, value: object) -> None:
    assert load_scenario("baseline", set=[setting]).flat()[key] == value


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("workforce.growth.rate", "allowed: key=value"),
        ("workforce.growth.rat=1", "did you mean 'workforce.growth.rate'?"),
        ("growth.rate=1", "did you mean 'workforce.growth.rate'?"),
        ("=1", "unknown key"),
        ("workforce.growth=1", "a mapping with the keys rate, mode, headcount_path"),
        ("workforce.termination.by_service[0].rate=1", "did you mean 'workforce.termination.by_service'?"),
        ("workforce.growth.rate=[1", "no valid YAML"),
        ("extends=high_growth", "extends inside a scenario file"),
        ("horizon.end_year=2020", "--set horizon.end_year: start_year 2025, end_year 2020"),
    ],
)
def test_a_setting_that_cannot_be_used_says_why(setting: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", set=[setting])
    assert message in str(caught.value.problems[0])


def test_every_wrong_setting_is_named() -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario("baseline", set=["a=1", "b", "seed=x", "workforce.growth.mode=exac"])
    assert len(caught.value.problems) == 4


def test_a_scenario_is_changed_into_another_and_stays_as_it_is() -> None:
    scenario = load_scenario("high_growth")
    other = scenario.changed({"compensation.cola.rate": "2%", "workforce.growth": {"mode": "expected"}})
    assert scenario.compensation.cola.rate == Decimal("0.015")
    assert other.compensation.cola.rate == Decimal("0.02")
    assert other.workforce.growth.mode == "expected"
    assert other.origin_of("compensation.cola.rate") == "--set"
    assert other.origin_of("workforce.growth.rate") == "overlay:high_growth"
    assert other.name == "high_growth"


def test_a_change_keeps_the_levers_unless_it_brings_others() -> None:
    levers = Levers().with_value("cola_rate", "3%", [2026])
    scenario = Scenario().with_levers(levers)
    assert scenario.changed({"seed": 7}).lever_rows == levers
    assert scenario.with_levers(Levers()).digest == Scenario().digest


def test_a_change_that_is_not_allowed_names_the_key() -> None:
    with pytest.raises(ScenarioError, match=r"--set workforce\.growth\.rate: 7"):
        Scenario().changed({"workforce.growth.rate": 7})
