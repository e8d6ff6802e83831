"""A data directory with a sweep of two scenarios and a single run, and what changes a copy of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.stores import make_stores


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs that nobody changes."""
    root = tmp_path_factory.mktemp("made")
    kept = {"output.keep": "summary"}
    make_stores(root / "sweeps" / "night", seeds=(1, 2), years=(2025, 2025), values=kept)
    make_stores(
        root / "sweeps" / "night", seeds=(1,), name="growth", years=(2025, 2025),
        values={**kept, "workforce.growth.rate": "0.1"},
    )  # fmt: skip
    make_stores(root / "runs", seeds=(7,), name="alone", years=(2025, 2025), values=kept)
    (root / "sweeps" / "night" / "sweep.json").write_text("{}")
    told = [
        {"what": "begun", "user": "ana", "host": "desk", "pid": 1},
        {"what": "failed", "scenario": "growth", "seed": 1, "error": "x"},
        {"what": "failed", "scenario": "growth", "seed": 2, "error": "y"},
        {"what": "failed", "scenario": "growth", "seed": 3, "error": "z"},
        {"what": "done", "scenario": "growth", "seed": 3},
    ]
    lines = [{"at": f"2026-01-02T03:0{minute}:00+00:00", **line} for minute, line in enumerate(told, 4)]
    journal = root / "sweeps" / "night" / "journal.jsonl"
    journal.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"cut')
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "data"))
