"""The import layers hold, and the contracts that say so would notice a breach.

The contracts stand in pyproject.toml ([tool.importlinter]); here they are run on the source as it is, and on
small made-up packages that break one of them each.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PYPROJECT: Final = ROOT / "pyproject.toml"
CONTRACTS: Final = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS: Final = [re.findall(r"\w+", row) for row in CONTRACTS[0]["layers"]]

BREACHES: Final = [
    # importer, imported, the contract that has to notice
    ("simulation.errors", "simulation.units.rounding", None),
    ("simulation.units", "simulation.rng", "layers"),
    ("simulation.events", "simulation.parameters", "layers"),
    ("simulation.engines.hiring", "simulation.evolve", "layers"),
    ("simulation.evolve", "simulation.engines.hiring", "layers"),
    ("simulation.run", "simulation.store", "layers"),
    ("simulation.query", "simulation.sweep.plan", "layers"),
    ("simulation.forgotten", "simulation.errors", "layers"),
    ("simulation.query", "app.theme", "headless"),
    ("simulation.export", "panel", "headless"),
    ("simulation.census", "holoviews", "headless"),
    ("simulation.run", "duckdb", "database"),
    ("app.pages", "duckdb", "database"),
    ("simulation.store.writer", "duckdb", None),
    ("simulation.query", "duckdb", None),
    ("simulation.run", "ray", "cluster"),
    ("app.jobs.runner", "ray", "cluster"),
    ("simulation.sweep", "ray", "cluster"),
    ("simulation.sweep.cluster", "ray", None),
]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run the contracts on the packages in the folder."""
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as run; run()",
    ]
    chosen = [option for contract in contracts for option in ("--contract", contract)]
    options = ["--config", str(PYPROJECT), "--no-cache", "--no-logo", *chosen]
    return subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)


def write_module(folder: Path, module: str, source: str = "") -> None:
    """Write a module into the folder, with the packages above it."""
    *packages, name = module.split(".")
    for depth in range(1, len(packages) + 1):
        package = folder.joinpath(*packages[:depth])
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
    folder.joinpath(*packages, f"{name}.py").write_text(source, encoding="utf-8")


def is_package(folder: Path, module: str) -> bool:
    """Tell whether the module was written as a package."""
    return folder.joinpath(*module.split(".")).is_dir()


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """A folder with an empty package for app and for each layer of simulation."""
    for layer in ("app.pages", *(f"simulation.{name}" for row in LAYERS for name in row)):
        write_module(tmp_path, f"{layer}.nothing")
    return tmp_path


def test_the_source_keeps_every_contract() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("importer", "imported", "contract"), BREACHES)
def test_a_breach_is_noticed_by_its_contract(
    skeleton: Path, importer: str, imported: str, contract: str | None
) -> None:
    if imported.startswith(("app", "simulation")):
        write_module(skeleton, f"{imported}.nothing")
    module = f"{importer}.__init__" if is_package(skeleton, importer) else importer
    write_module(skeleton, module, f"import {imported}\n")
    names = {each["id"]: each["name"] for each in CONTRACTS}

    done = lint(skeleton)

    broken = [line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if line.endswith(" BROKEN")]
    assert broken == ([names[contract]] if contract else []), done.stdout + done.stderr
    assert done.returncode == (1 if contract else 0)


def test_importing_the_library_loads_no_screen_and_no_cluster() -> None:
    code = "import simulation, sys; print(*sorted({'ray', 'panel', 'holoviews', 'bokeh'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
