"""The diary of a sweep."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.errors import WriteError
from simulation.sweep.journal import Journal, read_journal


def test_what_is_written_is_read_in_order_without_what_is_none(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.jsonl") as journal:
        journal.write("started", seed=1, error=None)
        journal.write("done", seed=1, store=tmp_path)
    entries = list(read_journal(tmp_path / "journal.jsonl"))
    assert [entry["what"] for entry in entries] == ["started", "done"]
    assert set(entries[0]) == {"at", "what", "seed"}
    assert entries[1]["store"] == str(tmp_path)


@pytest.mark.parametrize("rest", ['{"at": "2026-', "not json", "[1, 2]", "\udcff"])
def test_a_line_that_a_crash_cut_off_harms_no_other(tmp_path: Path, rest: str) -> None:
    file = tmp_path / "journal.jsonl"
    with Journal(file) as journal:
        journal.write("first")
    with file.open("a", encoding="utf-8", errors="surrogateescape") as opened:
        opened.write(rest)
    with Journal(file) as journal:
        journal.write("second")
    assert [entry["what"] for entry in read_journal(file)] == ["first", "second"]


def test_no_journal_has_no_lines(tmp_path: Path) -> None:
    assert list(read_journal(tmp_path / "journal.jsonl")) == []


def test_a_journal_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="journal"), Journal(tmp_path / "gone" / "journal.jsonl"):
        pass


def test_a_full_disk_costs_lines_and_no_sweep() -> None:
    with Journal(Path("/dev/full")) as journal:
        journal.write("done", seed=1)
