"""Engines: what they reach, what they keep, and that a closed file is closed."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from simulation.errors import StoreError
from simulation.store import open_store
from simulation.store.engine import KEPT, Engine
from tests.stores import tampered

COUNT = "SELECT count(*) FROM fct_yearly_events"


def held(path: Path) -> int:
    """Return how many times this process has a file open."""
    return sum(each.exists() and each.samefile(path) for each in Path("/proc/self/fd").iterdir())


@pytest.fixture
def copies(sealed: Path, tmp_path: Path) -> list[Path]:
    """Return more copies of a store than engines are kept."""
    return [Path(shutil.copyfile(sealed, tmp_path / f"seed_{each}.duckdb")) for each in range(KEPT + 2)]


def test_a_closed_store_holds_no_file(copies: list[Path]) -> None:
    for path in copies * 2:
        store = open_store(path)
        assert store.tuples(COUNT) == [(store.manifest.events,)]
        assert held(path) == 1
        store.close()
        store.close()
        assert held(path) == 0
    with pytest.raises(StoreError, match="already closed"):
        store.tuples(COUNT)


def test_a_file_that_was_replaced_is_read_anew(sealed: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = tampered(sealed, tmp_path / "other", "DELETE FROM event_hire")
    path = Path(shutil.copyfile(sealed, tmp_path / "seed_1.duckdb"))
    with open_store(path) as store:
        assert store.tuples("SELECT count(*) > 0 FROM event_hire") == [(True,)]
    other.rename(path)
    with open_store(path) as store:
        assert store.tuples("SELECT count(*) > 0 FROM event_hire") == [(False,)]


def test_a_store_may_be_open_several_times(sealed: Path) -> None:
    with open_store(sealed) as one, open_store(sealed) as other:
        assert one.tuples(COUNT) == other.tuples(COUNT)
        assert held(sealed) == 1
        one.close()
        assert other.tuples(COUNT) == [(other.manifest.events,)]
    assert held(sealed) == 0


def test_threads_open_ask_and_close_as_they_like(copies: list[Path]) -> None:
    def asked(path: Path) -> tuple[int, int]:
        with open_store(path, threads=1) as store:
            return store.tuples(COUNT)[0][0], store.manifest.events

    with ThreadPoolExecutor(max_workers=4) as pool:
        assert all(found == sealed for found, sealed in pool.map(asked, copies * 4))
    assert not any(map(held, copies))


def test_a_refused_file_leaves_nothing_open(sealed: Path, tmp_path: Path) -> None:
    copy = tampered(sealed, tmp_path, "DELETE FROM run_manifest")
    with pytest.raises(StoreError, match="of 0 rows"):
        open_store(copy)
    assert held(copy) == 0


class TestLent:
    def test_one_engine_serves_many_stores_at_once(self, copies: list[Path]) -> None:
        with Engine(copies, threads=1) as engine:
            stores = [open_store(path, engine=engine) for path in copies]
            assert {store.tuples(COUNT)[0][0] for store in stores} == {stores[0].manifest.events}
            for store in stores:
                store.close()
            assert not any(map(held, copies))

    def test_no_other_file_can_be_opened(self, copies: list[Path]) -> None:
        with Engine(copies[:1]) as engine, pytest.raises(StoreError, match="disabled by configuration"):
            open_store(copies[1], engine=engine)

    def test_its_bounds_cannot_be_widened(self, copies: list[Path]) -> None:
        with Engine(copies[:1]) as engine, engine.cursor() as cursor:
            for statement in ("SET enable_external_access = true", "SET allowed_paths = ['/etc/passwd']"):
                with pytest.raises(duckdb.Error):
                    cursor.execute(statement)
