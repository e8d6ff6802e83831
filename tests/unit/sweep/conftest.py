"""A small world for sweeps: forty people, a scenario of one year, and a plan of two seeds."""

from __future__ import annotations

import pytest

from simulation.census import Census, generate_census
from simulation.parameters import Scenario, load_scenario
from simulation.sweep import SweepPlan


@pytest.fixture(scope="session")
def census() -> Census:
    return generate_census(40, seed=1)


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return load_scenario("baseline", years=(2025, 2025))


@pytest.fixture
def plan(scenario: Scenario, census: Census) -> SweepPlan:
    return SweepPlan(name="small", scenarios=(scenario,), seeds=(1, 2), census=census)
