"""The directory of a sweep: places, lock, leftovers."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulation.errors import SweepError, WriteError
from simulation.sweep.directory import SweepDirectory, holder, locked

HOLD = """
import sys
from pathlib import Path
from simulation.sweep.directory import SweepDirectory, locked
with locked(SweepDirectory(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path: Path) -> SweepDirectory:
    return SweepDirectory.of(tmp_path, "night")


@pytest.fixture
def other_process(directory: SweepDirectory) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input closes."""
    command = [sys.executable, "-c", HOLD, str(directory.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_store_lies_where_outside_programs_look_for_it(directory: SweepDirectory, tmp_path: Path) -> None:
    assert directory.store("baseline", 7) == tmp_path / "night" / "baseline" / "seed_7.duckdb"


@pytest.mark.parametrize("name", ["..", "a/b", ""])
def test_neither_sweep_nor_scenario_can_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(SweepError):
        SweepDirectory.of(tmp_path, name)
    with pytest.raises(SweepError):
        SweepDirectory.of(tmp_path, "fine").store(name, 1)


def test_stores_are_listed_by_scenario_and_seed_as_numbers(directory: SweepDirectory) -> None:
    directory.path.mkdir()
    directory.prepare(["b", "a"])
    for scenario, seed in [("b", 2), ("a", 10), ("a", 9)]:
        directory.store(scenario, seed).touch()
    (directory.path / "a" / ".seed_3.duckdb.host-1.tmp").touch()
    (directory.path / "a" / "seed_4.duckdb.damaged").touch()
    assert [(scenario, seed) for scenario, seed, _ in directory.stores()] == [("a", 9), ("a", 10), ("b", 2)]


def test_what_dead_workers_left_is_removed_and_nothing_else(directory: SweepDirectory) -> None:
    directory.path.mkdir()
    directory.prepare(["a"])
    sealed = directory.store("a", 1)
    sealed.touch()
    for name in (".seed_2.duckdb.host-1.tmp", ".seed_2.duckdb.host-1.tmp.wal"):
        (directory.path / "a" / name).touch()
    (directory.path / "a" / ".seed_3.duckdb.host-1.tmp.tmp").mkdir()
    assert directory.remove_leftovers() == 3
    assert [path for path in directory.path.rglob("*") if path.is_file()] == [sealed]


def test_years_that_dead_workers_committed_stay_for_whoever_goes_on(directory: SweepDirectory) -> None:
    directory.path.mkdir()
    directory.prepare(["a"])
    directory.store("a", 1).touch()
    for name in (".seed_1.duckdb.host-1.tmp", ".seed_2.duckdb.host-1.tmp", ".seed_3.duckdb.checkpoint.tmp"):
        (directory.path / "a" / name).touch()
        (directory.path / "a" / f"{name}.4").touch()
    for _ in range(2):
        directory.remove_leftovers()
        assert sorted(path.name for path in (directory.path / "a").iterdir()) == [
            ".seed_2.duckdb.checkpoint.tmp",
            ".seed_2.duckdb.checkpoint.tmp.4",
            ".seed_3.duckdb.checkpoint.tmp",
            ".seed_3.duckdb.checkpoint.tmp.4",
            "seed_1.duckdb",
        ]


def test_a_second_process_is_refused_and_told_which_is_first(
    directory: SweepDirectory, other_process: subprocess.Popen[str]
) -> None:
    with pytest.raises(SweepError, match=f"process {other_process.pid} is working on it"), locked(directory):
        pass
    assert holder(directory) == other_process.pid


def test_the_lock_of_a_killed_process_is_free(
    directory: SweepDirectory, other_process: subprocess.Popen[str]
) -> None:
    other_process.kill()
    other_process.wait()
    assert holder(directory) is None
    with locked(directory):
        assert directory.lock.read_text() == str(os.getpid())


def test_nobody_holds_what_does_not_exist(directory: SweepDirectory) -> None:
    assert holder(directory) is None


def test_a_directory_that_cannot_be_made_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(WriteError, match="cannot be used") as caught,
        locked(SweepDirectory.of(tmp_path / "file", "night")),
    ):
        pass
    assert str(tmp_path / "file" / "night") in str(caught.value)


def test_a_scenario_whose_directory_is_a_file_is_refused(directory: SweepDirectory) -> None:
    directory.path.mkdir()
    (directory.path / "a").touch()
    with pytest.raises(WriteError):
        directory.prepare(["a"])
