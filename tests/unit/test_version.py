"""Which code is running."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from simulation import version
from simulation.version import code_version


@pytest.fixture
def version_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Return what asks for the version of a small package of its own."""
    monkeypatch.setattr(version, "__file__", str(tmp_path / "version.py"))
    for name in ("version.py", "run.py", "engines/hiring.py", "sweep/plan.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")

    def ask() -> str:
        code_version.cache_clear()
        return code_version()

    yield ask
    code_version.cache_clear()


def test_the_version_names_release_and_sources() -> None:
    assert re.fullmatch(r"[\w.]+\+src\.[0-9a-f]{12}", code_version())


@pytest.mark.parametrize(
    ("changed", "another"),
    [
        ("engines/hiring.py", True),
        ("run.py", True),
        ("limits.csv", True),
        ("sweep/plan.py", False),
        ("notes.md", False),
    ],
)
def test_another_model_is_another_version_and_another_way_to_run_it_is_not(
    version_of: Callable[[], str], tmp_path: Path, changed: str, another: bool
) -> None:
    before = version_of()
    (tmp_path / changed).write_text("x = 1\n")
    assert (version_of() != before) is another
