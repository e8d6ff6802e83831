from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from simulation.store.files import publish, remove_temporary, temporary_path, write_error


@pytest.fixture
def finished(tmp_path: Path) -> tuple[Path, Path]:
    path = tmp_path / "seed_1.duckdb"
    temporary = temporary_path(path)
    temporary.write_text("new")
    return temporary, path


def without_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
def test_a_finished_file_gets_its_name(
    finished: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    temporary, path = finished
    if not links:
        monkeypatch.setattr(os, "link", without_links)
    assert publish(temporary, path)
    assert path.read_text() == "new"
    assert not temporary.exists()


@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_is_taken_is_left_alone(
    finished: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    temporary, path = finished
    path.write_text("old")
    if not links:
        monkeypatch.setattr(os, "link", without_links)
    assert not publish(temporary, path)
    assert path.read_text() == "old"


def test_the_temporary_name_is_hidden_and_says_who_writes(tmp_path: Path) -> None:
    name = temporary_path(tmp_path / "seed_1.duckdb").name
    assert name.startswith(".seed_1.duckdb.")
    assert name.endswith(f"-{os.getpid()}.tmp")


def test_what_the_database_left_beside_it_goes_too(finished: tuple[Path, Path]) -> None:
    temporary, path = finished
    temporary.with_name(f"{temporary.name}.wal").touch()
    path.touch()
    remove_temporary(temporary)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("error", "headline", "hint"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full", "--resume"),
        (PermissionError(errno.EACCES, "Permission denied"), "could not be written", "may write to"),
        (RuntimeError("IO Error: No space left\nmore"), "the disk is full", "--resume"),
    ],
)
def test_a_refusal_says_what_to_do(tmp_path: Path, error: Exception, headline: str, hint: str) -> None:
    said = str(write_error(tmp_path / "seed_1.duckdb", error))
    assert headline in said
    assert hint in said
    assert "seed_1.duckdb" in said
    assert "more" not in said
