"""Where things are, and which names may become directories."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.places import Places, checked_name
from simulation.errors import SweepError, WriteError


def test_the_directory_is_made(tmp_path: Path) -> None:
    places = Places.at(tmp_path / "new" / "data")
    assert places.sweeps.is_dir()
    assert places.census.is_dir()
    assert places.sweep("demo") == places.root / "sweeps" / "demo"


def test_a_place_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no directory")
    with pytest.raises(WriteError, match="--data"):
        Places.at(tmp_path / "data")


@pytest.mark.parametrize("name", ["..", "a/b", "", "a b", "-a", "x" * 65])
def test_a_name_that_leaves_the_directory_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SweepError, match="another name"):
        Places.at(tmp_path).sweep(name)


@pytest.mark.parametrize("name", ["a", "more-merit", "2027.1_b", "x" * 64])
def test_a_fit_name_is_kept(name: str) -> None:
    assert checked_name(name) == name
