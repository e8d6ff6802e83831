"""What goes with a run and what stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.errors import StoreError, SweepError
from simulation.query.index import INDEX_NAME
from simulation.retention import files_of, remove_checkpoint, remove_store, remove_sweep
from simulation.store.files import NOBODY, temporary_path
from simulation.sweep.directory import SweepDirectory, locked


def written(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def sweep(tmp_path: Path) -> SweepDirectory:
    """Return a sweep of two runs that is not running; what is in its files is of no matter here."""
    directory = SweepDirectory(tmp_path / "sweep")
    for name in ("sweep.json", "journal.jsonl", INDEX_NAME, "one/seed_1.duckdb", "two/seed_2.duckdb"):
        written(directory.path / name)
    return directory


def names_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_store_goes_with_its_snapshots_and_leftovers_and_nothing_else(tmp_path: Path) -> None:
    store = written(tmp_path / "runs" / "seed_1.duckdb", "store")
    theirs = [
        written(store.with_name(name)) for name in ("seed_1.xlsx", "seed_10.duckdb", "seed_1.notes.parquet")
    ]
    side = [written(store.with_name(f"seed_1.{every}.parquet")) for every in ("weekly", "month_end")]
    draft = written(temporary_path(store, NOBODY))
    state = written(draft.with_name(f"{draft.name}.2"))
    written(draft.with_name(f"{temporary_path(store).name}.remake") / "whole.duckdb")
    log = written(store.with_name("seed_1.duckdb.wal"))
    assert files_of(store)[-1] == store
    removed = remove_store(store)
    assert set(removed.files) >= {*side, draft, state, log, store}
    assert removed.bytes >= 9
    assert set(store.parent.iterdir()) == set(theirs)


def test_a_folder_that_holds_an_index_only_goes_too(tmp_path: Path) -> None:
    store = written(tmp_path / "runs" / "seed_1.duckdb")
    written(store.with_name(INDEX_NAME))
    remove_store(store)
    assert list(tmp_path.iterdir()) == []


def test_a_link_goes_and_what_it_points_to_stays(tmp_path: Path) -> None:
    target = written(tmp_path / "elsewhere" / "seed_1.duckdb")
    link = tmp_path / "runs" / "seed_1.duckdb"
    link.parent.mkdir()
    link.symlink_to(target)
    remove_store(link)
    assert target.exists()
    assert not link.is_symlink()


def test_one_store_of_a_sweep_leaves_the_rest(sweep: SweepDirectory) -> None:
    remove_store(sweep.store("one", 1))
    assert names_in(sweep.path) == {".lock", "sweep.json", "journal.jsonl", INDEX_NAME, "two/seed_2.duckdb"}


def test_a_sweep_without_stores_goes_whole(sweep: SweepDirectory) -> None:
    assert remove_sweep(sweep.path).files == ()
    assert sweep.record.exists()
    for scenario, seed in (("one", 1), ("two", 2)):
        remove_store(sweep.store(scenario, seed))
    left = written(sweep.path / "one" / ".seed_1.duckdb.checkpoint.tmp")
    written(left.with_name(f"{left.name}.1"))
    names = {path.name for path in remove_sweep(sweep.path).files}
    assert {"sweep.json", "journal.jsonl", INDEX_NAME, left.name} <= names
    assert not sweep.path.exists()


def test_what_somebody_else_put_there_stays(sweep: SweepDirectory) -> None:
    notes = written(sweep.path / "one" / "baseline.xlsx")
    for scenario, seed in (("one", 1), ("two", 2)):
        remove_store(sweep.store(scenario, seed))
    remove_sweep(sweep.path)
    assert names_in(sweep.path) == {notes.relative_to(sweep.path).as_posix()}


def test_a_running_sweep_loses_nothing(sweep: SweepDirectory) -> None:
    before = names_in(sweep.path) | {".lock"}
    with locked(sweep):
        with pytest.raises(SweepError, match="already running"):
            remove_store(sweep.store("one", 1))
        with pytest.raises(SweepError, match="already running"):
            remove_sweep(sweep.path)
        with pytest.raises(SweepError, match="already running"):
            remove_checkpoint(sweep.store("one", 1))
    assert names_in(sweep.path) == before


def test_a_single_run_that_somebody_writes_loses_nothing(tmp_path: Path) -> None:
    store = written(tmp_path / "seed_1.duckdb")
    draft = written(temporary_path(store, "another.host-1"))
    with pytest.raises(StoreError, match=r"another\.host-1 may be writing it"):
        remove_store(store)
    with pytest.raises(StoreError, match=r"another\.host-1 may be writing it"):
        remove_checkpoint(store)
    assert store.exists()
    assert draft.exists()
