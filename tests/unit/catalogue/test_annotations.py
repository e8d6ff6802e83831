"""What people say of runs: it survives rebuilds, moves and crashes."""

from __future__ import annotations

import errno
import os
from datetime import datetime
from pathlib import Path

import pytest

from simulation.catalogue import Action, RunCatalogue
from simulation.catalogue import index as index_module
from simulation.catalogue.annotations import NAME
from simulation.errors import WriteError

NIGHT = "sweeps/night/baseline/seed_1.duckdb"


@pytest.fixture
def catalogue(root: Path) -> RunCatalogue:
    return RunCatalogue(root)


def said(catalogue: RunCatalogue, what: Action, value: str = "", store: str = NIGHT) -> None:
    catalogue.annotate(what, [catalogue.select_one(catalogue.root / store)], by="ana", value=value)


def standing(root: Path, store: str = NIGHT) -> tuple[tuple[str, ...], str, bool]:
    entry = RunCatalogue(root).select_one(root / store)
    return entry.tags, entry.note, entry.archived


def test_the_last_word_counts(catalogue: RunCatalogue, root: Path) -> None:
    for what, value in [
        (Action.TAG, "board"), (Action.TAG, "audit"), (Action.TAG, "board"), (Action.UNTAG, "audit"),
        (Action.UNTAG, "never"), (Action.NOTE, "first"), (Action.NOTE, "second"), (Action.ARCHIVE, ""),
    ]:  # fmt: skip
        said(catalogue, what, value)
    assert standing(root) == (("board",), "second", True)
    said(catalogue, Action.UNARCHIVE)
    said(catalogue, Action.NOTE)
    assert standing(root) == (("board",), "", False)
    assert standing(root, "runs/alone/seed_7.duckdb") == ((), "", False)


def test_it_survives_a_rebuild_and_follows_a_store_that_is_moved(catalogue: RunCatalogue, root: Path) -> None:
    said(catalogue, Action.TAG, "board")
    (root / index_module.NAME).unlink()
    assert standing(root) == (("board",), "", False)
    (root / "kept").mkdir()
    (root / NIGHT).rename(root / "kept" / "seed_1.duckdb")
    RunCatalogue(root).rebuild()
    assert standing(root, "kept/seed_1.duckdb") == (("board",), "", False)


def test_another_run_in_its_place_inherits_nothing(catalogue: RunCatalogue, root: Path) -> None:
    said(catalogue, Action.TAG, "board")
    (root / NIGHT).unlink()
    (root / "sweeps/night/baseline/seed_2.duckdb").rename(root / NIGHT)
    assert standing(root) == ((), "", False)


def test_a_run_that_was_remade_keeps_what_was_said_and_its_history(
    catalogue: RunCatalogue, root: Path
) -> None:
    said(catalogue, Action.TAG, "board")
    old = catalogue.select_one(root / NIGHT)
    other = catalogue.select_one(root / "runs/alone/seed_7.duckdb")
    catalogue.annotate(Action.REMADE, [old], by="ben", became=other.key)
    assert standing(root, other.store) == (("board",), "", False)
    assert standing(root) == ((), "", False)
    told = [(action.by, action.what) for action in RunCatalogue(root).said.of(other.key)]
    assert told == [("ben", Action.REMADE), ("ana", Action.TAG)]
    assert list(RunCatalogue(root).said.of(None)) == []
    assert list(RunCatalogue(root).said.of(("another", datetime(2026, 1, 1)))) == []  # noqa: DTZ001


def test_a_line_that_cannot_be_read_is_told_and_hides_no_other(catalogue: RunCatalogue, root: Path) -> None:
    said(catalogue, Action.TAG, "board")
    with (root / NAME).open("ab") as file:
        file.write(b'{"at": "2026-01-01T00:00:00Z", "what": "from the future", "runs": []}\n{"cut off')
    again = RunCatalogue(root)
    said(again, Action.TAG, "audit")
    assert standing(root) == (("audit", "board"), "", False)
    assert [problem.where for problem in RunCatalogue(root).said.problems] == [
        f"{root / NAME}, line 2",
        f"{root / NAME}, line 3",
    ]


@pytest.mark.parametrize("how", ["refused", "cut"])
def test_a_full_disk_loses_no_earlier_word(
    catalogue: RunCatalogue, root: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    said(catalogue, Action.TAG, "board")
    before = (root / NAME).read_bytes()
    usual = os.write

    def full(descriptor: int, data: bytes) -> int:
        if how == "refused":
            raise OSError(errno.ENOSPC, "No space left on device")
        return usual(descriptor, data[:10])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(WriteError, match="No space left on device"):
        said(catalogue, Action.TAG, "audit")
    assert (root / NAME).read_bytes() == before
