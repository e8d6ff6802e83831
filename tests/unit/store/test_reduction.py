"""A store made smaller is the store that would have been made so, and never half a one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from simulation.errors import StoreError, WriteError
from simulation.store import open_store, verify
from simulation.store import reduction as reduction_module
from simulation.store.manifest import Manifest
from simulation.store.reduction import dropped_rows, reduce_store
from simulation.store.relations import LEXICONS, PARAMETERS, TABLES
from tests.stores import make_stores, tampered


@pytest.fixture
def own(sealed: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    copy = tmp_path / sealed.name
    shutil.copyfile(sealed, copy)
    copy.chmod(0o444)
    return copy


def manifest_of(store: Path) -> Manifest:
    with open_store(store) as opened:
        return opened.manifest


@pytest.mark.parametrize("keep", ["lifecycle", "summary"])
def test_it_holds_what_a_run_that_kept_so_much_holds(own: Path, tmp_path: Path, keep: str) -> None:
    result = reduce_store(own, keep)
    made_so = make_stores(tmp_path / "made_so", values={"output.keep": keep})[0].store
    with open_store(own) as mine, open_store(made_so) as theirs:
        for table in ({*LEXICONS} | {relation.name for relation in TABLES}) - {PARAMETERS.name}:
            assert mine.sql(f"FROM {table}").equals(theirs.sql(f"FROM {table}")), table
        assert mine.manifest.digest == theirs.manifest.digest == result.digest
        assert mine.manifest.keep == theirs.manifest.keep == keep
    assert own.stat().st_size == made_so.stat().st_size == result.bytes_after < result.bytes_before
    assert oct(own.stat().st_mode)[-3:] == "444"
    assert verify(own).ok
    assert [path.name for path in own.parent.iterdir() if path.is_file()] == [own.name]


def test_the_manifest_is_the_one_that_was_sealed_but_for_what_is_kept(own: Path) -> None:
    before = manifest_of(own)
    reduce_store(own, "summary")
    after = manifest_of(own)
    other = {name for name in Manifest.model_fields if getattr(before, name) != getattr(after, name)}
    assert other == {"keep", "manifest_digest"}
    assert after.own_digest() == after.manifest_digest


def test_what_went_is_told_now_and_later(own: Path, sealed: Path) -> None:
    first, second = reduce_store(own, "lifecycle"), reduce_store(own, "summary")
    with open_store(sealed) as store:
        pay = store.events("raise").height
        assert dropped_rows(store.manifest) == {}
    assert first.dropped["event_raise"] == pay
    assert not set(first.dropped) & set(second.dropped)
    assert {"event_hire", "workforce_snapshot"} <= set(second.dropped)
    assert dropped_rows(manifest_of(own)) == {**first.dropped, **second.dropped}


def test_keeping_as_much_changes_nothing_and_keeping_more_is_refused(own: Path) -> None:
    reduce_store(own, "summary")
    content = own.read_bytes()
    assert reduce_store(own, "summary").dropped == {}
    with pytest.raises(StoreError, match=r"keeps summary only.*planwise runs remake"):
        reduce_store(own, "lifecycle")
    assert own.read_bytes() == content


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE fct_year_summary SET value = value + 1 WHERE metric = 'headcount_end'",
        "UPDATE event_hire SET job_level = 1 + job_level % 5",
        "UPDATE run_manifest SET events = events + 1",
        "UPDATE employee SET text = 'X' WHERE code = 0",
    ],
)
def test_what_is_not_as_it_was_sealed_is_left_alone(sealed: Path, tmp_path: Path, statement: str) -> None:
    altered = tampered(sealed, tmp_path, statement)
    content = altered.read_bytes()
    with pytest.raises(StoreError, match="not as it was sealed"):
        reduce_store(altered, "lifecycle")
    assert altered.read_bytes() == content
    assert [path.name for path in tmp_path.iterdir()] == [altered.name]


def test_an_altered_row_that_would_go_anyway_is_no_obstacle(sealed: Path, tmp_path: Path) -> None:
    altered = tampered(sealed, tmp_path, "UPDATE event_raise SET new_compensation_cents = 1")
    assert not verify(altered).ok
    reduce_store(altered, "lifecycle")
    assert verify(altered).ok


@pytest.mark.parametrize("call", ["supplant", "verify"])
def test_a_disk_that_refuses_leaves_the_store_as_it_was(
    own: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    content = own.read_bytes()
    monkeypatch.setattr(reduction_module, call, refuse)
    with pytest.raises(WriteError, match="the disk is full"):
        reduce_store(own, "summary")
    assert own.read_bytes() == content
    assert [path.name for path in own.parent.iterdir()] == [own.name]


def test_who_reads_the_store_meanwhile_goes_on_reading_the_old_one(own: Path) -> None:
    with open_store(own) as reader:
        events = reader.events("raise")
        reduce_store(own, "summary")
        assert reader.events("raise").equals(events)
    assert os.access(own, os.R_OK)
