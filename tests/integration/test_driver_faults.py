"""The driver of a sweep on a cluster is killed, interrupted, cut off or restarted; --resume does the rest."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil
import pytest

from app.jobs import JobState, JobTable, SweepSpec
from app.places import Places
from simulation.census import read_census
from simulation.parameters import load_scenario
from simulation.parameters.places import shipped_directory
from simulation.sealing import simulate_batch
from simulation.store import open_store
from tests.clusters import SURROUNDINGS, Machines, machines
from tests.integration.conftest import Start
from tests.integration.test_sweep_faults import PATIENCE, sweep_arguments, unfinished, wait_for_runs
from tests.waiting import until

pytestmark = [pytest.mark.xdist_group("ray"), pytest.mark.slow]

SEEDS: Final = range(1, 9)
FREED_SECONDS: Final = 5.0
"""How soon the workers of a sweep that was cancelled are free."""

IMPATIENT: Final = SURROUNDINGS | {"RAY_gcs_rpc_server_reconnect_timeout_s": "5"}


@pytest.fixture(scope="module")
def expected(census_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """Return the digest of each seed, from runs that nobody disturbs."""
    scenario = load_scenario("baseline", years=(2025, 2027))
    runs = simulate_batch(scenario, read_census(census_file), SEEDS, out=tmp_path_factory.mktemp("single"))
    return {run.seed: run.digest for run in runs}


@pytest.fixture
def cluster() -> Iterator[Machines]:
    with machines(1, 1) as started:
        yield started


def stores(directory: Path) -> dict[int, str]:
    found = {}
    for path in directory.rglob("seed_*.duckdb"):
        with open_store(path) as store:
            found[store.manifest.seed] = store.manifest.digest
    return found


def resumed(start: Start, census_file: Path, address: str) -> dict[int, str]:
    arguments = sweep_arguments(census_file, "--resume", "--json", "--address", address)
    process = start(*arguments, **SURROUNDINGS)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    return {run["seed"]: run["digest"] for run in json.loads(out)["runs"]}


def working() -> list[psutil.Process]:
    """Return the worker processes that have a run in hand: Ray names them after the function."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if _name(child).startswith("ray::_steps")]


def _name(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_driver_that_ends_leaves_the_cluster_free_and_the_sweep_resumable(
    start: Start,
    census_file: Path,
    cluster: Machines,
    tmp_path: Path,
    expected: dict[int, str],
    end: signal.Signals,
) -> None:
    process = start(*sweep_arguments(census_file, "--address", cluster.address), **SURROUNDINGS)
    wait_for_runs(process, 2)
    process.send_signal(end)
    busy = working()
    process.communicate(timeout=PATIENCE)
    assert process.returncode == (130 if end == signal.SIGINT else -signal.SIGKILL)
    if end == signal.SIGINT:
        _, still = psutil.wait_procs(busy, timeout=FREED_SECONDS)
        assert still == []
    before = stores(tmp_path / "out")
    assert len(before) in range(2, len(SEEDS) + 1)
    assert before.items() <= expected.items()
    assert resumed(start, census_file, cluster.address) == expected
    assert unfinished(tmp_path / "out") == []


def test_a_head_that_is_lost_ends_the_driver_and_another_head_does_the_rest(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    with machines(1, 1) as first:
        process = start(*sweep_arguments(census_file, "--address", first.address), **IMPATIENT)
        wait_for_runs(process, 2)
        first.lose_head()
        process.communicate(timeout=PATIENCE)
        assert process.returncode != 0
    before = stores(tmp_path / "out")
    assert before.items() <= expected.items()
    with machines(1, 1) as second:
        assert resumed(start, census_file, second.address) == expected
    assert unfinished(tmp_path / "out") == []


def test_a_server_that_is_killed_goes_on_with_its_sweep_when_it_is_started_again(
    start: Start, census_file: Path, tmp_path: Path, expected: dict[int, str]
) -> None:
    places = Places.at(tmp_path / "data")
    table = JobTable(places.jobs)
    spec = SweepSpec(
        name="night",
        scenarios=(shipped_directory() / "baseline.yaml",),
        census=census_file,
        seeds=tuple(SEEDS),
        years=(2025, 2027),
        workers=2,
    )
    table.submit(spec)
    server = start("serve", "--data", places.root, "--port", "0")
    until(lambda: any(run.years_done for run in table.named("night").progress.runs), seconds=PATIENCE)
    family = psutil.Process(server.pid).children(recursive=True)
    for process in [psutil.Process(server.pid), *family]:
        _end(process)
    psutil.wait_procs(family, timeout=PATIENCE)
    assert stores(places.sweeps).items() <= expected.items()
    assert table.named("night").state is JobState.RUNNING
    start("serve", "--data", places.root, "--port", "0")
    until(lambda: not table.named("night").live, seconds=PATIENCE)
    job = table.named("night")
    assert (job.state, job.attempt) == (JobState.DONE, 2), job.error
    assert stores(places.sweeps) == expected
    assert unfinished(places.sweeps) == []


def _end(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return
