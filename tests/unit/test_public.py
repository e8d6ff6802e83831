"""The names that notebooks rely on: complete, real, and loaded only when used."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import simulation

PROMISED = (
    "load_scenario",
    "read_census",
    "generate_census",
    "simulate",
    "open_store",
    "run_sweep",
    "open_sweep",
    "compare",
)
HEAVY = ("polars", "numpy", "duckdb", "ray", "panel", "pydantic", "dataframely")


@pytest.mark.parametrize("name", PROMISED)
def test_a_promised_name_is_there_whatever_was_imported_before(name: str) -> None:
    importlib.import_module("simulation.sweep")
    assert callable(getattr(simulation, name))


def test_the_list_is_complete_and_in_order() -> None:
    assert set(PROMISED) < set(simulation.__all__)
    assert simulation.__all__ == sorted(simulation.__all__)
    assert set(simulation.__all__) == set(simulation._HOMES)
    assert dir(simulation) == simulation.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        simulation.simulat  # noqa: B018


@pytest.mark.parametrize("module", ["simulation", "app.cli"])
def test_starting_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
