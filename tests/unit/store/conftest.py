"""One sealed store for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores import make_stores


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run's store, read-only as every store is."""
    return make_stores(tmp_path_factory.mktemp("sealed"))[0].store
