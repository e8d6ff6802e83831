"""What is declared is what is pinned and what ships."""

from __future__ import annotations

import re
import stat
import tomllib
import zipfile
from pathlib import Path
from typing import Final

import pytest
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT: Final = Path(__file__).parents[2]
PINS: Final = {name: ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "dev")}


def project() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for, by the file that has to pin it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = declared["dependency-groups"]
    runtime = declared["project"]["dependencies"] + groups["build"]
    return {"runtime": runtime, "dev": runtime + groups["dev"]}


def pinned(file: Path) -> dict[str, Version]:
    """Return the pinned version of each package in the file."""
    lines = re.findall(r"^([\w.-]+)==(\S+)", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert len(lines) == len({name for name, _ in lines}), "one version of a package for every Python"
    return {canonicalize_name(name): Version(version) for name, version in lines}


@pytest.fixture(scope="module")
def wheel_files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the built wheel."""
    built = WheelBuilder(str(ROOT)).build(
        directory=str(tmp_path_factory.mktemp("wheel")), versions=["standard"]
    )
    with zipfile.ZipFile(next(iter(built))) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("name", PINS)
def test_every_declared_dependency_is_pinned_within_its_bounds(name: str) -> None:
    pins = pinned(PINS[name])
    for requirement in map(Requirement, project()[name]):
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


def test_tests_run_on_the_versions_that_users_run() -> None:
    assert pinned(PINS["runtime"]).items() <= pinned(PINS["dev"]).items()


@pytest.mark.parametrize("name", PINS)
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = PINS[name].read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"://|--(extra-)?index|--find-links|@ ", text)


@pytest.mark.parametrize(
    ("folder", "inside"),
    [("app", "app"), ("simulation", "simulation"), ("scenarios", "simulation/_scenarios")],
)
def test_the_wheel_holds_every_file_of_the_source(wheel_files: set[str], folder: str, inside: str) -> None:
    paths = [path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()]
    source = [path for path in paths if not any(part.startswith((".", "__pycache__")) for part in path.parts)]
    assert {f"{inside}/{path}" for path in source} <= wheel_files


@pytest.mark.parametrize(
    "name",
    ["simulation/_scenarios/baseline.yaml", "simulation/parameters/irs_limits.csv", "simulation/py.typed"],
)
def test_the_wheel_holds_the_data_that_a_run_reads(wheel_files: set[str], name: str) -> None:
    assert name in wheel_files


def test_the_wheel_holds_no_tests_and_no_tools(wheel_files: set[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel_files} == {
        "app",
        "simulation",
        "planwise_navigator",
    }


@pytest.mark.parametrize("script", [".ci/run", "tools/bootstrap.sh", "tools/lock.sh"])
def test_scripts_can_be_run(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR
