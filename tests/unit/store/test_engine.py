"""Engines that are lent: which files they reach."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from simulation.errors import StoreError
from simulation.store import open_store
from simulation.store.engine import Engine
from tests.stores import copies_of, held

COUNT = "SELECT count(*) FROM fct_yearly_events"


@pytest.fixture
def copies(sealed: Path, tmp_path: Path) -> list[Path]:
    """Return a few copies of a store."""
    return copies_of(sealed, tmp_path, 5)


def test_one_engine_serves_many_stores_at_once(copies: list[Path]) -> None:
    with Engine(copies, threads=1) as engine:
        stores = [open_store(path, engine=engine) for path in copies]
        assert {store.tuples(COUNT)[0][0] for store in stores} == {stores[0].manifest.events}
        for store in stores:
            store.close()
        assert not any(map(held, copies))


def test_no_other_file_can_be_opened(copies: list[Path]) -> None:
    with Engine(copies[:1]) as engine, pytest.raises(StoreError, match="disabled by configuration"):
        open_store(copies[1], engine=engine)


def test_its_bounds_cannot_be_widened(copies: list[Path]) -> None:
    with Engine(copies[:1]) as engine, engine.cursor() as cursor:
        for statement in ("SET enable_external_access = true", "SET allowed_paths = ['/etc/passwd']"):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)
