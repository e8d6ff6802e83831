"""Files made from the records: they are current, and editors can rely on them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from simulation.parameters import Scenario, parameters, shipped
from simulation.parameters.__main__ import GENERATED, write_generated
from simulation.parameters.document import read_document
from simulation.parameters.overlay import defaults, flatten, leaves
from simulation.parameters.places import shipped_directory
from simulation.parameters.schema import scenario_schema

ROOT = Path(__file__).parents[3]
VALIDATOR = jsonschema.Draft202012Validator(scenario_schema())


def as_editor_sees(value: Any) -> Any:
    """Return a document's value as JSON has it: numbers as floats, keys as text."""
    if isinstance(value, Mapping):
        return {str(key): as_editor_sees(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_editor_sees(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def document(text: str) -> Any:
    return as_editor_sees(read_document(text.encode(), "s.yaml").tree)


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_is_current(name: str) -> None:
    committed = (ROOT / name).read_text(encoding="utf-8")
    assert committed == GENERATED[name](), "run `python -m simulation.parameters`"


def test_writing_makes_every_file(tmp_path: Path) -> None:
    write_generated(tmp_path)
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")} == set(GENERATED)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_fits_the_schema_and_names_it(name: str) -> None:
    text = (shipped_directory() / f"{name}.yaml").read_text(encoding="utf-8")
    up = "../" * name.count("/")
    assert text.startswith(f"# yaml-language-server: $schema={up}scenario.schema.json\n")
    assert not list(VALIDATOR.iter_errors(document(text)))


@pytest.mark.parametrize("name", sorted(set(shipped()) - {"baseline"}))
def test_an_overlay_is_headed_by_title_author_reason_and_changes(name: str) -> None:
    lines = (shipped_directory() / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in lines[1:5]] == ["# Title", "# Author", "# Reason", "# Changes"]


def test_the_baseline_file_states_every_value_with_unit_and_source() -> None:
    text = (shipped_directory() / "baseline.yaml").read_text(encoding="utf-8")
    stated = read_document(text.encode(), "baseline.yaml")
    assert set(flatten(stated.tree)) == set(defaults())
    lines = text.splitlines()
    for key, record in parameters().items():
        comment = lines[stated.lines[key] - 1].partition("  # ")[2]
        assert f"{record.unit}; {record.source}" in comment


@pytest.mark.parametrize(
    "text",
    [
        "workforce: {growht: {}}",
        "workforce: {growth: {rate: 5}}",
        "workforce: {growth: {rate: some}}",
        "workforce: {growth: {mode: exakt}}",
        "workforce: {termination: {by_service: [{from_years: 0}]}}",
        "workforce: {promotion: {by_level: {6: 0.1}}}",
        "compensation: {cola: {effective: 1 April}}",
        "compensation: {bands: {allow_exceed: maybe}}",
        "name: A b",
        "seed: 1.5",
        "extends: [5]",
        "plan: {match: {tiers: [{rate: 1}]}}",
        "plan: {eligibility: {excluded_classes: [owners]}}",
    ],
)
def test_an_editor_marks_what_the_loader_refuses(text: str) -> None:
    assert list(VALIDATOR.iter_errors(document(text)))


@pytest.mark.parametrize(
    "text",
    [
        "workforce: {growth: {rate: 1.5 %, headcount_path: {2026: 500}}}",
        "workforce: {promotion: {by_level: {3: 10%}}}",
        "compensation: {cola: {effective: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}}",
        "workforce:\n  growth:\n",
        "workforce: {reduction_in_force: [{date: 2026-01-31, share: 5%}]}",
        "extends: [high_growth, plans/qaca]",
        "plan: {match: {tiers: [{up_to: 6%, rate: 0.5}]}, vesting: {custom: [{from_years: 0, vested: 1}]}}",
    ],
)
def test_an_editor_accepts_what_the_loader_accepts(text: str) -> None:
    assert not list(VALIDATOR.iter_errors(document(text)))


def test_the_reference_has_a_row_for_every_parameter() -> None:
    text = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(parameters()) + 5
    assert set(leaves()) == set(Scenario().flat())
