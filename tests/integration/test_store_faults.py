"""A store on a full disk, and one whose writer is killed: all or nothing, and the same afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulation.errors import WriteError
from simulation.store import open_store, verify
from tests.disks import small_disk
from tests.stores import make_stores

ROOT = Path(__file__).parents[2]

WRITE_SLOWLY = """
import sys
from pathlib import Path
from simulation.sealing import write_runs
from tests.stores import EVENTFUL, YEARS, small_census
from simulation.parameters import load_scenario

scenario = load_scenario("baseline", years=YEARS).changed({"name": "baseline", **EVENTFUL})
for year in write_runs(scenario, small_census(), {1: Path(sys.argv[1])}):
    print(year, flush=True)
    if str(year) == sys.argv[2]:
        sys.stdin.read()
"""
"""Writes a run and stops to listen after one of its years."""


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Return a directory on a disk of so many KiB."""
    with small_disk(tmp_path / "disk", request.param) as disk:
        yield disk


@pytest.mark.parametrize("disk", [64, 300, 800, 1200], indirect=True)
def test_a_full_disk_is_said_and_leaves_nothing(disk: Path) -> None:
    with pytest.raises(WriteError, match="disk is full") as caught:
        make_stores(disk)
    assert "seed_1.duckdb" in str(caught.value)
    assert [path for path in disk.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("disk", [8192], indirect=True)
def test_what_was_sealed_before_the_disk_was_full_stays_whole(disk: Path) -> None:
    sealed = make_stores(disk)[0]
    filler = disk / "filler"
    room = shutil.disk_usage(disk).free - 200_000
    filler.write_bytes(bytes(room))
    with pytest.raises(WriteError, match="disk is full"):
        make_stores(disk, seeds=[2])
    assert verify(sealed.store).ok
    filler.unlink()
    assert make_stores(disk, seeds=[2])[0].digest != sealed.digest


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_a_killed_writer_leaves_nothing_visible_and_the_next_one_ends_the_same(
    tmp_path: Path, year: str
) -> None:
    expected = make_stores(tmp_path / "single")[0]
    store = tmp_path / "out" / "baseline" / "seed_1.duckdb"
    command = [sys.executable, "-c", WRITE_SLOWLY, str(store), year]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert any(line.strip() == year for line in writer.stdout)
        writer.send_signal(signal.SIGKILL)
    left = [path.name for path in store.parent.iterdir()]
    assert left
    assert all(name.startswith(".") for name in left)

    again = make_stores(tmp_path / "out")[0]

    assert [path.name for path in store.parent.iterdir()] == ["seed_1.duckdb"]
    assert again.digest == expected.digest
    with open_store(store) as opened:
        assert opened.manifest.digest == expected.digest
