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
    assert dir(simulation) == simulation.__all__
    assert all(getattr(simulation, name).__name__ == name for name in simulation.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        simulation.simulat  # noqa: B018


NOT_FOR_A_RUN = (
    *("simulation.store.reader", "simulation.store.verification", "simulation.store.resumption"),
    *("simulation.events.envelope", "simulation.events.factories", "simulation.census.importer"),
    *("ray", "panel", "pandas", "pyarrow", "scipy"),
)
"""What reads stores, makes single events or reads foreign files, and what draws or runs many."""


@pytest.mark.parametrize(
    ("module", "without"),
    [
        ("simulation", HEAVY),
        ("app.__main__", (*HEAVY, "typer", "pydantic")),
        ("app.cli", (*HEAVY, "rich")),
        ("simulation.sealing", NOT_FOR_A_RUN),
    ],
)
def test_starting_loads_nothing_needless(module: str, without: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(sorted(set({without!r}) & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
