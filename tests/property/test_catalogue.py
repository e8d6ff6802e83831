"""A catalogue that was kept up to date is the one that is made anew, whatever happened in between."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.catalogue import Action, RunCatalogue, Search
from simulation.catalogue import index as index_module
from tests.stores import make_stores

PLACES = (
    "runs/a/seed_1.duckdb",
    "runs/a/seed_2.duckdb",
    "sweeps/n/b/seed_1.duckdb",
    "sweeps/n/b/seed_2.duckdb",
)
_CLOCK = count(1)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    out, kept = tmp_path_factory.mktemp("sealed"), {"output.keep": "summary"}
    return [run.store for run in make_stores(out, seeds=(1, 2), years=(2025, 2025), values=kept)]


def put(place: Path, content: bytes) -> None:
    """Write a file of another time of change than any before it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    place.write_bytes(content)
    os.utime(place, ns=(0, next(_CLOCK)))


def sealed_store(root: Path, place: str, sealed: list[Path], which: int) -> None:
    put(root / place, sealed[which].read_bytes())


def cut_store(root: Path, place: str, sealed: list[Path], which: int) -> None:
    content = sealed[which].read_bytes()
    put(root / place, content[: len(content) // 3])


def something_else(root: Path, place: str, sealed: list[Path], which: int) -> None:
    put(root / place, b"not a store" * (which + 1))


def gone(root: Path, place: str, sealed: list[Path], which: int) -> None:
    (root / place).unlink(missing_ok=True)


def moved(root: Path, place: str, sealed: list[Path], which: int) -> None:
    if (root / place).exists():
        other = root / PLACES[which]
        other.parent.mkdir(parents=True, exist_ok=True)
        (root / place).replace(other)


def set_aside(root: Path, place: str, sealed: list[Path], which: int) -> None:
    if (root / place).exists():
        (root / place).replace(root / f"{place}.damaged")


def journal_line(root: Path, place: str, sealed: list[Path], which: int) -> None:
    sweep = root / "sweeps" / "n"
    sweep.mkdir(parents=True, exist_ok=True)
    (sweep / "sweep.json").write_text("{}")
    line = {"at": "2026-01-01T00:00:00+00:00", "what": ("failed", "done")[which], "scenario": "b", "seed": 2}
    before = (sweep / "journal.jsonl").read_bytes() if (sweep / "journal.jsonl").exists() else b""
    put(sweep / "journal.jsonl", before + json.dumps(line).encode() + b"\n")


def tagged(root: Path, place: str, sealed: list[Path], which: int) -> None:
    catalogue = RunCatalogue(root)
    known = [entry for entry in catalogue.search(Search(archived=None)) if entry.key and entry.store == place]
    catalogue.annotate((Action.TAG, Action.ARCHIVE)[which], known, by="ana", value="t" * (1 - which))


def index_lost(root: Path, place: str, sealed: list[Path], which: int) -> None:
    (root / index_module.NAME).unlink(missing_ok=True)


def index_cut(root: Path, place: str, sealed: list[Path], which: int) -> None:
    if (root / index_module.NAME).exists():
        content = (root / index_module.NAME).read_bytes()
        (root / index_module.NAME).write_bytes(content[: len(content) // 2])


Step = Callable[[Path, str, list[Path], int], None]

STEPS: tuple[Step, ...] = (
    sealed_store, cut_store, something_else, gone, moved, set_aside, journal_line, tagged,
    index_lost, index_cut,
)  # fmt: skip

HISTORIES = st.lists(
    st.tuples(st.sampled_from((sealed_store, *STEPS)), st.sampled_from(PLACES), st.integers(0, 1)),
    min_size=2,
    max_size=10,
)


@settings(max_examples=15)
@given(HISTORIES)
def test_kept_up_to_date_is_made_anew(sealed: list[Path], history: list[tuple[Step, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "data"
        root.mkdir()
        for step, place, which in history:
            step(root, place, sealed, which)
            kept = RunCatalogue(root).entries
        shutil.copytree(root, Path(folder) / "copy", ignore=shutil.ignore_patterns(index_module.NAME))
        assert kept == RunCatalogue(Path(folder) / "copy").entries
        assert kept == RunCatalogue(root).rebuild()
        assert kept == RunCatalogue(root).entries
