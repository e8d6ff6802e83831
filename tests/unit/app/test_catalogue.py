"""What a server offers to run."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.catalogue import DEMO_SCENARIOS, Catalogue
from app.places import Places
from simulation.census import generate_census, write_census
from simulation.errors import CensusError, ScenarioError


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places.at(tmp_path)


def test_shipped_scenarios_are_offered_and_the_users_own_hide_them(places: Places) -> None:
    assert set(DEMO_SCENARIOS) <= set(Catalogue(places).scenarios())
    own = places.scenarios / "baseline.yaml"
    own.write_text("name: baseline\n")
    assert Catalogue(places).scenario("baseline") == own


def test_the_shipped_plan_designs_are_offered_after_the_scenarios(places: Places) -> None:
    names = list(Catalogue(places).scenarios())
    designs = [name for name in names if name.startswith("plans/")]
    assert "plans/qaca" in designs
    assert names[-len(designs) :] == designs


def test_what_is_not_there_is_named_with_the_nearest(places: Places) -> None:
    write_census(generate_census(10), places.census / "acme.parquet")
    with pytest.raises(ScenarioError, match="did you mean 'high_growth'"):
        Catalogue(places).scenario("high_grow")
    with pytest.raises(CensusError, match="did you mean 'acme'"):
        Catalogue(places).census("acne")


def test_the_demo_can_be_submitted(places: Places) -> None:
    write_census(generate_census(10), places.census / "demo.parquet")
    spec = Catalogue(places).demo()
    assert spec.name == "demo"
    assert [path.stem for path in spec.scenarios] == list(DEMO_SCENARIOS)
    assert len(spec.seeds) > 1
