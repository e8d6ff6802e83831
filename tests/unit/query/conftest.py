"""A small sweep of two scenarios and three seeds, for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stores import make_stores, small_census


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep's directory: ``baseline`` with the seeds 1, 2, 3 and ``growth`` with 2, 3, 4."""
    out = tmp_path_factory.mktemp("sweep")
    census = small_census()
    make_stores(out, seeds=[1, 2, 3], census=census)
    make_stores(out, seeds=[2, 3, 4], name="growth", values={"workforce.growth.rate": "0.2"}, census=census)
    return out
