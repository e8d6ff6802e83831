from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from simulation.store import Manifest, RunIdentity, open_store
from simulation.store.manifest import surroundings


@pytest.fixture
def manifest(sealed: Path) -> Manifest:
    with open_store(sealed) as store:
        return store.manifest


def other(value: Any) -> Any:
    """Return a value of the same kind that is not the one given."""
    match value:
        case str():
            return f"{value}!"
        case int():
            return value + 1
        case dict():
            return {**value, "new": "1"}
        case tuple():
            return value[:-1]
        case date():
            return value.replace(year=value.year + 1)
    raise TypeError(value)


@pytest.mark.parametrize("field", sorted(set(Manifest.model_fields) - {"manifest_digest"}))
def test_its_own_digest_covers_every_field(manifest: Manifest, field: str) -> None:
    assert manifest.own_digest() == manifest.manifest_digest
    changed = manifest.model_copy(update={field: other(getattr(manifest, field))})
    assert changed.own_digest() != manifest.manifest_digest


def test_it_says_what_made_the_run(manifest: Manifest) -> None:
    assert (manifest.scenario_id, manifest.seed) == ("baseline", 1)
    assert manifest.census_rows == 80
    assert manifest.years[0].part("event_census").rows == 80  # type: ignore[union-attr]
    assert manifest.years[0].part("event_hire") is None
    assert manifest.years[0].part("employee").rows == 80  # type: ignore[union-attr]
    assert all(entry.part("lexicon") for entry in manifest.years[:2])
    assert [entry.year for entry in manifest.years] == [2024, 2025, 2026]
    assert manifest.events == sum(entry.events for entry in manifest.years)
    assert manifest.digest == manifest.years[-1].digest
    assert {"python", "polars", "duckdb"} <= set(manifest.dependency_versions)
    assert manifest.started <= manifest.finished
    assert '"workforce.growth.rate"' in manifest.scenario_json


def test_runs_of_another_seed_scenario_or_census_have_another_key(manifest: Manifest) -> None:
    keys = {
        manifest.run_key,
        *(
            manifest.model_copy(update={field: other(getattr(manifest, field))}).run_key
            for field in ("seed", "scenario_digest", "census_digest")
        ),
    }
    assert len(keys) == 4
    assert manifest.model_copy(update={"scenario_id": "renamed"}).run_key == manifest.run_key


def test_a_user_without_a_name_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert surroundings()["user"] == "unknown"


def test_an_identity_takes_no_field_that_it_does_not_name(manifest: Manifest) -> None:
    fields = manifest.model_dump(include=set(RunIdentity.model_fields))
    with pytest.raises(ValidationError, match="colour"):
        RunIdentity.model_validate({**fields, "colour": "blue"})
