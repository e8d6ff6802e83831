"""Runs that are killed at any moment, even in the middle of a commit, or have no room: years never mix."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from simulation.census import read_census
from simulation.errors import WriteError
from simulation.parameters import load_scenario
from simulation.sealing import simulate_batch
from simulation.store import Checkpointing, find_checkpoints, verify
from simulation.store.checkpoint import states
from simulation.store.files import owner_of
from tests.disks import enlarge, small_disk
from tests.integration.conftest import Start
from tests.integration.test_sweep_faults import PATIENCE
from tests.interruptions import eventful, run_until
from tests.stores import make_stores, small_census

YEARS = (2025, 2032)
EACH_YEAR = {"PLANWISE_COMMIT_SECONDS": "0"}
TICK = 0.002
"""Seconds between two looks at what another process has written."""

MOMENTS = ((0, 0.0), (1, 0.0), (2, 0.02), (3, 0.05), (4, 0.0), (5, 0.0))
"""When a run is killed: as soon as the state after so many years begins to be written, or a little later."""


@pytest.fixture(scope="module")
def expected(census_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Return the digest of each seed, from runs that nobody disturbs."""
    scenario = load_scenario("baseline", years=YEARS)
    runs = simulate_batch(scenario, read_census(census_file), (1, 2), out=tmp_path_factory.mktemp("single"))
    return {run.seed: run.digest for run in runs}


def committing(folder: Path) -> int:
    """Return the most years after which a state is, or begins to be, written; -1 if there is none yet."""
    drafts = folder.rglob(".seed_*.duckdb.*.tmp")
    return max((int(state.suffix[1:]) for draft in drafts for state in states(draft)), default=-1)


def wait_for_state(process: subprocess.Popen[str], folder: Path, steps: int, delay: float) -> None:
    """Wait until a run is so far, or has ended."""
    while process.poll() is None and committing(folder) < steps:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=TICK)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=delay)


def test_a_run_that_is_killed_again_and_again_ends_the_same(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    years = f"{YEARS[0]}-{YEARS[1]}"
    command = ["simulate", "baseline", "--years", years, "--seed", "1", "--out", "out", "--resume", "--json"]
    reached = YEARS[0] - 2
    for steps, delay in MOMENTS:
        process = start(*command, "--census", census_file, **EACH_YEAR)
        wait_for_state(process, tmp_path / "out", steps, delay)
        process.kill()
        process.communicate(timeout=PATIENCE)
        listed = [one for one in find_checkpoints(tmp_path / "out") if one.resumable]
        assert all(one.year is not None and one.year >= reached for one in listed)
        reached = max((one.year for one in listed if one.year is not None), default=reached)
    assert reached >= YEARS[0] + 1
    process = start(*command, "--census", census_file)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    assert f"going on after {reached}" in error
    assert json.loads(out)["digest"] == expected[1]
    store = Path(json.loads(out)["store"])
    assert verify(store).ok
    assert [path.name for path in store.parent.iterdir()] == [store.name]


def test_a_killed_sweep_goes_on_in_the_middle_of_its_runs(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    years = f"{YEARS[0]}-{YEARS[1]}"
    command = ["sweep", "--scenarios", "baseline", "--seeds", "1-2", "--name", "night", "--out", "out"]
    options = ["--years", years, "--census", str(census_file), "--workers", "1"]
    process = start(*command, *options, **EACH_YEAR)
    wait_for_state(process, tmp_path / "out", 3, 0.0)
    process.kill()
    process.communicate(timeout=PATIENCE)
    left = {one.store: one for one in find_checkpoints(tmp_path / "out")}
    assert len(left) == 2
    assert all(one.resumable for one in left.values())
    assert {one.command for one in left.values()} == {f"planwise sweep {tmp_path / 'out' / 'night'} --resume"}
    process = start("sweep", "out/night", "--resume", "--workers", "1", "--json")
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    runs = json.loads(out)["runs"]
    assert {run["seed"]: run["digest"] for run in runs} == expected
    for run in runs:
        assert run["note"].endswith(f"going on after {left[Path(run['store'])].year}")
    assert list((tmp_path / "out").rglob(".seed*")) == []


@pytest.mark.xdist_group("ray")
def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    years = f"{YEARS[0]}-{YEARS[1]}"
    command = ["sweep", "--scenarios", "baseline", "--seeds", "1-2", "--name", "night", "--out", "out"]
    options = ["--years", years, "--census", str(census_file), "--workers", "2", "--json"]
    process = start(*command, *options, **EACH_YEAR)
    wait_for_state(process, tmp_path / "out", 2, 0.0)
    drafts = (tmp_path / "out").rglob(".seed_*.duckdb.*.tmp")
    furthest = max(
        drafts, key=lambda draft: max((int(state.suffix[1:]) for state in states(draft)), default=-1)
    )
    os.kill(int(owner_of(furthest).rpartition("-")[2]), signal.SIGKILL)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    runs = json.loads(out)["runs"]
    assert {run["seed"]: run["digest"] for run in runs} == expected
    assert sorted(run["attempts"] for run in runs) == [1, 2]
    assert any("going on after" in (run["note"] or "") for run in runs)


@pytest.mark.parametrize("room", [2200, 3000, 4000])
def test_a_disk_that_is_full_while_a_year_is_committed_costs_that_year_only(
    tmp_path: Path, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", "1")
    stores = {1: tmp_path / "disk" / "seed_1.duckdb"}
    with small_disk(tmp_path / "disk", room) as disk:
        with pytest.raises(WriteError, match="disk is full") as caught:
            run_until(eventful(), small_census(), stores, None, Checkpointing(seconds=0))
        (left,) = find_checkpoints(disk)
        assert left.resumable
        assert "the committed years stay" in str(caught.value)
        enlarge(disk)
        lived, runs = run_until(eventful(), small_census(), stores)
        assert lived[0] == (left.year or 0) + 1
        single = make_stores(tmp_path / "single", years=(2025, 2028))[0]
        assert runs[0].digest == single.digest
        assert verify(runs[0].store).ok
