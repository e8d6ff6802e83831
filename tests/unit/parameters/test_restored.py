from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from simulation.errors import ScenarioError
from simulation.parameters import Levers, Scenario, load_scenario, shipped
from simulation.parameters.restored import restored, told


def changed_in(scenario: Scenario, **changed: Any) -> str:
    """Return what a manifest says of a scenario, some values changed."""
    said = json.loads(told(scenario))
    said["values"] |= changed
    return json.dumps(said)


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_comes_back_with_its_digest_and_values(name: str) -> None:
    scenario = load_scenario(name)
    found = restored(told(scenario), scenario.digest)
    assert found.digest == scenario.digest
    path = {"compensation.levers": None}
    assert {**found.flat(), **path} == {**scenario.flat(), **path}


def test_lever_rows_come_back() -> None:
    scenario = load_scenario("baseline").with_levers(
        Levers().with_value("merit_base", Decimal("0.05"), [2026, 2027], [1, 5])
    )
    found = restored(told(scenario), scenario.digest)
    assert found.digest == scenario.digest
    years = scenario.horizon.years
    assert found.lever_rows.content(years) == scenario.lever_rows.content(years)
    assert found.levers.equals(scenario.levers)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"compensation.cola.rate": "0.0151"}, "digest"),
        ({"plan.match.safe_harbor": "most"}, "plan.match.safe_harbor"),
        ({"plan.unheard_of": 1}, "plan.unheard_of"),
    ],
    ids=["another value", "a value that is not known", "a key that is not known"],
)
def test_a_scenario_that_is_not_the_runs_is_refused(changed: dict[str, Any], found: str) -> None:
    scenario = load_scenario("baseline")
    with pytest.raises(ScenarioError, match="another version") as caught:
        restored(changed_in(scenario, **changed), scenario.digest)
    assert found in str(caught.value)


def test_a_changed_lever_is_refused() -> None:
    scenario = load_scenario("baseline").with_levers(
        Levers().with_value("cola_rate", Decimal("0.05"), [2026], [1])
    )
    said = json.loads(told(scenario))
    said["levers"][0][-1] = "0.0600"
    with pytest.raises(ScenarioError, match="another version"):
        restored(json.dumps(said), scenario.digest)
