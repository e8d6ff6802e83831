"""What `make` says and does on machines that lack something: made-up commands on a PATH of their own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

SCRIPT: Final = Path(__file__).parents[3] / "tools" / "bootstrap.sh"
SYSTEM: Final = "/usr/bin:/bin"

# A Python that answers what the bootstrap asks: its version, whether it has venv, and to make one. The
# environment's own Python is a copy of it, whose pip does what the file `pip-answers` says.
PYTHON: Final = """#!/bin/sh
here=$(dirname "$0")
case "$*" in
  *sys.version_info\\[0\\]*) echo {version} ;;
  *ensurepip*) {has_venv} ;;
  *-venv*) echo python3.11-venv ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip --version") ;;
  "-m pip install"*)
    echo "pip $*" >>calls
    if [ -e pip-answers ]; then cp pip-answers .venv/pip.log; exit 1; fi ;;
  --version) echo "Python {version}" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    """A checkout without a network, and the commands that the machine has."""

    root: Path

    def give(self, name: str, source: str) -> None:
        """Put a command on the machine's PATH."""
        command = self.root / "commands" / name
        command.write_text(source, encoding="utf-8")
        command.chmod(0o755)

    def give_python(self, name: str, version: int, *, has_venv: str = "true") -> None:
        """Put a Python of that version (311 is 3.11) on the PATH; ``has_venv`` is a shell condition."""
        self.give(name, PYTHON.format(version=version, has_venv=has_venv))

    def without_python(self) -> None:
        """Hide the Pythons of the real machine behind commands that do not run."""
        for minor in ("", ".11", ".12", ".13", ".14"):
            self.give(f"python3{minor}", "#!/bin/sh\nexit 127\n")

    def bootstrap(self, which: str = "runtime", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the bootstrap as make does."""
        plain = {"PATH": f"{self.root / 'commands'}:{SYSTEM}", "HOME": str(self.root)}
        return subprocess.run(
            [self.root / "tools" / "bootstrap.sh", which],
            cwd=self.root,
            env=plain | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def pip_calls(self) -> list[str]:
        """Return what pip was asked, one string a call."""
        calls = self.root / "calls"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine where nobody is root, with a checkout and no Python."""
    for folder in ("commands", "requirements", "tools"):
        (tmp_path / folder).mkdir()
    for name in ("runtime", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("polars==2.1.0\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "tools" / "bootstrap.sh").write_bytes(SCRIPT.read_bytes())
    (tmp_path / "tools" / "bootstrap.sh").chmod(0o755)
    made = Machine(tmp_path)
    made.without_python()
    made.give("id", "#!/bin/sh\necho 1000\n")
    return made


def no_python(machine: Machine) -> None:
    machine.give("python3", "#!/bin/sh\nexit 127\n")


def old_python(machine: Machine) -> None:
    machine.give_python("python3", 309)


def no_venv(machine: Machine) -> None:
    machine.give_python("python3", 311, has_venv="false")


def no_network(machine: Machine) -> None:
    machine.give_python("python3", 311)
    log = "Retrying (Retry(total=0)): Temporary failure in name resolution"
    (machine.root / "pip-answers").write_text(log, encoding="utf-8")


def other_file(machine: Machine) -> None:
    machine.give_python("python3", 311)
    log = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
    (machine.root / "pip-answers").write_text(log, encoding="utf-8")


def full_disk(machine: Machine) -> None:
    machine.give_python("python3", 311)
    (machine.root / "pip-answers").write_text("ERROR: No space left on device", encoding="utf-8")


@pytest.mark.parametrize(
    ("lacks", "says", "advises"),
    [
        (no_python, "needs Python 3.11 or later, and found no python3", "apt install python3"),
        (old_python, "needs Python 3.11 or later, and found Python 309", "make PYTHON="),
        (no_venv, "cannot make a virtual environment", "apt install python3.11-venv"),
        (no_network, "could not get the packages", "PIP_INDEX_URL"),
        (other_file, "its hash differs", "package index or the cache"),
        (full_disk, "could not install the packages", "Run make again"),
    ],
)
def test_a_machine_that_lacks_something_is_told_what(
    machine: Machine, lacks: Callable[[Machine], None], says: str, advises: str
) -> None:
    lacks(machine)
    done = machine.bootstrap()
    assert done.returncode == 1
    assert says in done.stderr
    assert advises in done.stderr


def test_packages_are_installed_by_hash_and_the_project_without_a_download(machine: Machine) -> None:
    machine.give_python("python3", 311)
    done = machine.bootstrap()
    assert done.returncode == 0, done.stderr
    packages, project = machine.pip_calls()
    assert "--require-hashes --requirement requirements/runtime.txt" in packages
    assert "--no-build-isolation --no-deps --editable ." in project


def test_a_second_call_installs_nothing(machine: Machine) -> None:
    machine.give_python("python3", 311)
    machine.bootstrap()
    again = machine.bootstrap()
    assert (again.returncode, again.stdout, len(machine.pip_calls())) == (0, "", 2)


def test_the_development_set_serves_for_the_runtime_set(machine: Machine) -> None:
    machine.give_python("python3", 311)
    machine.bootstrap("dev")
    machine.bootstrap("runtime")
    assert len(machine.pip_calls()) == 2


@pytest.mark.parametrize("changed", ["requirements/runtime.txt", "pyproject.toml"])
def test_a_change_of_what_is_asked_for_installs_again(machine: Machine, changed: str) -> None:
    machine.give_python("python3", 311)
    machine.bootstrap()
    (machine.root / changed).write_text("polars==2.2.0\n", encoding="utf-8")
    machine.bootstrap()
    assert len(machine.pip_calls()) == 4


def test_a_failed_installation_is_taken_up_again(machine: Machine) -> None:
    no_network(machine)
    assert machine.bootstrap().returncode == 1
    (machine.root / "pip-answers").unlink()
    assert machine.bootstrap().returncode == 0
    assert machine.bootstrap().stdout == ""


def test_an_environment_that_was_moved_is_made_anew(machine: Machine) -> None:
    machine.give_python("python3", 311)
    machine.bootstrap()
    (machine.root / ".venv" / "place").write_text("/elsewhere\n", encoding="utf-8")
    (machine.root / ".venv" / "installed-runtime").unlink()
    assert "making .venv" in machine.bootstrap().stdout


@pytest.mark.parametrize(
    ("pythons", "chosen"),
    [
        ({"python3": 312, "python3.13": 313}, "python3"),
        ({"python3": 310, "python3.12": 312, "python3.11": 311}, "python3.12"),
        ({"python3": 315, "python3.13": 313}, "python3.13"),
        ({"python3": 315}, "python3"),
    ],
)
def test_the_first_python_that_the_pins_serve_is_chosen(
    machine: Machine, pythons: dict[str, int], chosen: str
) -> None:
    for name, version in pythons.items():
        machine.give_python(name, version)
    assert f"commands/{chosen})" in machine.bootstrap().stdout


def test_a_python_with_venv_is_chosen_before_one_without(machine: Machine) -> None:
    machine.give_python("python3", 311, has_venv="false")
    machine.give_python("python3.12", 312)
    assert "commands/python3.12)" in machine.bootstrap().stdout


def test_the_named_python_is_the_only_candidate(machine: Machine) -> None:
    machine.give_python("python3", 311)
    machine.give_python("old", 308)
    done = machine.bootstrap(PYTHON="old")
    assert "found Python 308" in done.stderr


def test_root_on_debian_gets_the_missing_venv_package(machine: Machine) -> None:
    machine.give_python("python3", 311, has_venv=f"test -e {machine.root}/installed")
    machine.give("id", "#!/bin/sh\necho 0\n")
    package = f"case $* in install*python3.11-venv) touch {machine.root}/installed ;; esac"
    machine.give("apt-get", f"#!/bin/sh\n{package}\n")
    done = machine.bootstrap()
    assert done.returncode == 0, done.stderr
    assert "installing python3.11-venv" in done.stdout


def test_the_environment_is_made_where_the_checkout_is(machine: Machine) -> None:
    machine.give_python("python3", 311)
    machine.bootstrap()
    assert os.access(machine.root / ".venv" / "bin" / "python", os.X_OK)
