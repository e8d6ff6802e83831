"""A sweep whose driver is killed, interrupted, doubled or out of room loses nothing that was finished."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from simulation.census import read_census
from simulation.parameters import load_scenario
from simulation.sealing import simulate_batch
from simulation.store import open_store
from simulation.sweep import RunStatus, SweepPlan, run_sweep
from tests.disks import enlarge, small_disk
from tests.integration.conftest import Start

SEEDS = range(1, 9)
PATIENCE = 300
"""Seconds after which a test gives up on another process; none waits for them."""


@pytest.fixture(scope="session")
def expected(census_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Return the digest of each seed, from single runs without any sweep."""
    scenario = load_scenario("baseline", years=(2025, 2027))
    runs = simulate_batch(scenario, read_census(census_file), SEEDS, out=tmp_path_factory.mktemp("single"))
    return {run.seed: run.digest for run in runs}


def sweep_arguments(census_file: Path, *more: str | Path) -> list[str | Path]:
    options: list[str | Path] = [
        "--name",
        "night",
        "--out",
        "out",
        "--seeds",
        "1-8",
        "--years",
        "2025-2027",
        "--census",
        census_file,
        "--block-size",
        "2",
    ]
    return ["sweep", "--scenarios", "baseline", *options, *more]


def wait_for_runs(process: subprocess.Popen[str], count: int) -> None:
    """Read the progress of a sweep until so many runs have ended."""
    assert process.stderr is not None
    heard = []
    for line in process.stderr:
        heard.append(line)
        if line.startswith(f"{count}/"):
            return
    pytest.fail("the sweep ended early:\n" + "".join(heard))


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Return what works for a driver; Ray's two agents only look on, and leave within a minute."""
    children = psutil.Process(process.pid).children(recursive=True)
    return [child for child in children if not child.name().endswith("Agent")]


def stores(directory: Path) -> dict[int, str]:
    found = {}
    for path in directory.rglob("seed_*.duckdb"):
        with open_store(path) as store:
            found[store.manifest.seed] = store.manifest.digest
    return found


def unfinished(directory: Path) -> list[Path]:
    return [path for path in directory.rglob(".*") if ".tmp" in path.name]


def resumed(start: Start, census_file: Path, *more: str) -> dict[int, str]:
    process = start(*sweep_arguments(census_file, "--resume", "--json", *more))
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    return {run["seed"]: run["digest"] for run in json.loads(out)["runs"]}


@pytest.mark.xdist_group("ray")
def test_a_sweep_killed_in_the_middle_is_resumed_with_the_same_digests(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    process = start(*sweep_arguments(census_file, "--workers", "2"))
    wait_for_runs(process, 2)
    family = workers_of(process)
    process.kill()
    process.wait()
    before = stores(tmp_path / "out")
    assert len(before) >= 2
    assert before.items() <= expected.items()
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert not alive, "Ray outlived its driver"
    assert resumed(start, census_file, "--workers", "2") == expected
    assert stores(tmp_path / "out") == expected
    assert unfinished(tmp_path / "out") == []


@pytest.mark.xdist_group("ray")
def test_ctrl_c_keeps_finished_stores_frees_the_workers_and_says_how_to_go_on(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    process = start(*sweep_arguments(census_file, "--workers", "2"))
    wait_for_runs(process, 2)
    family = workers_of(process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: every process of the group
    _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "--resume" in error
    assert "Traceback" not in error
    assert len(stores(tmp_path / "out")) in range(2, len(SEEDS))
    assert unfinished(tmp_path / "out") == []
    _, alive = psutil.wait_procs(family, timeout=PATIENCE)
    assert not alive
    assert resumed(start, census_file, "--workers", "1") == expected


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_without_ray_it_is_the_same(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str], end: signal.Signals
) -> None:
    process = start(*sweep_arguments(census_file, "--workers", "1"))
    wait_for_runs(process, 2)
    process.send_signal(end)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == (130 if end == signal.SIGINT else -signal.SIGKILL)
    assert len(stores(tmp_path / "out")) in range(2, len(SEEDS))
    assert resumed(start, census_file, "--workers", "1") == expected
    assert unfinished(tmp_path / "out") == []


def test_two_sweeps_of_one_name_at_once_are_refused(start: Start, census_file: Path, tmp_path: Path) -> None:
    first = start(*sweep_arguments(census_file, "--workers", "1", "--block-size", "1"))
    wait_for_runs(first, 1)
    first.send_signal(signal.SIGSTOP)  # or it might be done before the others have started
    for resume in ([], ["--resume"]):
        second = start(*sweep_arguments(census_file, "--workers", "1", *resume))
        _, error = second.communicate(timeout=PATIENCE)
        assert second.returncode == 2
        assert f"process {first.pid} is working on it" in error
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=PATIENCE)
    assert first.returncode == 0
    assert len(stores(tmp_path / "out")) == len(SEEDS)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a directory on a disk with room for a few stores."""
    with small_disk(tmp_path / "disk", 6 * 1024) as disk:
        yield disk


def test_a_full_disk_fails_runs_and_harms_no_finished_one(
    disk: Path, census_file: Path, expected: dict[int, str]
) -> None:
    plan = SweepPlan(name="night", scenarios=["baseline"], seeds=SEEDS, census=census_file, years="2025-2027")
    result = run_sweep(plan, out=disk, workers=1)
    states = [run.status for run in result.runs]
    assert states.count(RunStatus.DONE) >= 1
    assert states.count(RunStatus.FAILED) >= 1
    assert "disk is full" in str(result.failed[0].error)
    assert stores(disk) == {run.seed: run.digest for run in result.done}
    assert stores(disk).items() <= expected.items()
    assert unfinished(disk) == []
    enlarge(disk)
    assert {
        run.seed: run.digest for run in run_sweep(plan, out=disk, workers=1, resume=True).runs
    } == expected


@pytest.mark.parametrize("out", ["/proc/sweeps", "file/sweeps"])
def test_a_place_that_cannot_be_written_to_is_refused_before_any_work(
    start: Start, census_file: Path, tmp_path: Path, out: str
) -> None:
    (tmp_path / "file").touch()
    process = start(*sweep_arguments(census_file, "--out", out))
    printed, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "the directory of the sweep cannot be used" in error
    assert "choose a directory that you may write to with --out" in error
    assert printed == ""


def test_an_address_where_no_cluster_is_is_said_and_the_sweep_can_be_resumed(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    process = start(*sweep_arguments(census_file, "--address", "127.0.0.1:1"))
    printed, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "no Ray cluster can be reached" in error
    assert "127.0.0.1:1" in error
    assert "Traceback" not in error
    assert printed == ""
    assert stores(tmp_path / "out") == {}
    assert resumed(start, census_file, "--workers", "1") == expected
