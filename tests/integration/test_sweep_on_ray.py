"""Sweeps on a real Ray: the same digests as without it, and nothing of it left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import yaml

from simulation.census import Census, read_census
from simulation.errors import ClusterError
from simulation.parameters import load_scenario
from simulation.sealing import simulate
from simulation.sweep import RunStatus, SweepPlan, SweepProgress, run_sweep
from simulation.sweep.cluster import cluster
from simulation.sweep.inputs import Inputs
from simulation.sweep.task import Block, Steps
from simulation.sweep.work import simulate_block
from tests.contract import sweep_work
from tests.integration.conftest import ROOT

pytestmark = pytest.mark.xdist_group("ray")

TOKEN = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64, "RAY_USAGE_STATS_ENABLED": "0"}
HEAD = """
import logging, sys, ray
ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=2**28)
print(ray.get_runtime_context().gcs_address, flush=True)
sys.stdin.read()
"""
JOIN = """
import sys
from simulation.errors import ClusterError
from simulation.sweep import cluster
cluster.JOIN_SECONDS = 2.0
try:
    with cluster.cluster(2, sys.argv[1]):
        pass
except ClusterError as error:
    print(error, flush=True)
"""


@pytest.fixture(scope="module")
def census(census_file: Path) -> Census:
    return read_census(census_file)


@pytest.fixture
def plan(census: Census) -> SweepPlan:
    scenarios = [load_scenario(name, years=(2025, 2026)) for name in ("baseline", "high_growth")]
    return SweepPlan(name="night", scenarios=tuple(scenarios), seeds=(1, 2), census=census)


def unlucky(block: Block, inputs: Inputs) -> Steps:
    if any((task.scenario, task.seed) == ("high_growth", 2) for task in block):
        raise ValueError("no luck")
    yield from simulate_block(block, inputs)


def handler(*_: object) -> None: ...


def test_a_sweep_on_two_workers_equals_single_runs_and_leaves_nothing_of_ray(
    plan: SweepPlan, census: Census, tmp_path: Path
) -> None:
    signal.signal(signal.SIGTERM, handler)
    environment = dict(os.environ)
    # A server that other tests share may be a child of this process, too.
    children = {child.pid for child in psutil.Process().children(recursive=True)}
    reports: list[SweepProgress] = []
    result = run_sweep(plan, out=tmp_path, workers=2, on_progress=reports.append, work=unlucky)
    assert [run.status for run in result.runs] == [*[RunStatus.DONE] * 3, RunStatus.FAILED]
    assert (result.failed[0].attempts, "no luck" in str(result.failed[0].error)) == (3, True)
    for run in result.done:
        single = simulate(
            load_scenario(run.scenario, years=(2025, 2026)), census, seed=run.seed, out=tmp_path / "x"
        )
        assert run.digest == single.digest
    assert any(run.year_done == 1 for report in reports for run in report.current)
    assert reports[-1].workers == 2
    assert 0 < result.startup_seconds < result.seconds
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= children
    assert not list(Path("/tmp").glob(f"planwise-ray-{os.getpid()}-*"))
    assert dict(os.environ) == environment
    assert signal.getsignal(signal.SIGTERM) is handler
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def test_the_memory_of_the_driver_does_not_grow_with_the_runs(census: Census, tmp_path: Path) -> None:
    taken: dict[int, int] = {}

    def weigh(progress: SweepProgress) -> None:
        if progress.last and progress.runs_done in {100, 2_000}:
            taken[progress.runs_done] = psutil.Process().memory_info().rss

    plan = SweepPlan(name="many", scenarios=["baseline"], seeds="1-2000", census=census)
    assert run_sweep(plan, out=tmp_path, workers=2, on_progress=weigh, work=sweep_work.at_once).complete
    assert taken[2_000] - taken[100] < 16 * 2**20


def test_a_sweep_is_cancelled_from_outside_and_resumed(plan: SweepPlan, tmp_path: Path) -> None:
    done: list[SweepProgress] = []
    stopped = run_sweep(
        plan,
        out=tmp_path,
        workers=2,
        on_progress=lambda progress: done.append(progress) if progress.last else None,
        should_cancel=lambda: bool(done),
    )
    assert stopped.cancelled
    assert 1 <= len(stopped.done) < len(stopped.runs)
    assert not [path for path in tmp_path.rglob(".*") if ".tmp" in path.name]
    assert run_sweep(plan, out=tmp_path, workers=1, resume=True).complete


@pytest.fixture
def head() -> Iterator[str]:
    """Return the address of a Ray that somebody else started."""
    with subprocess.Popen(
        [sys.executable, "-c", HEAD],
        env=os.environ | TOKEN,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.stdout.readline().strip()
        process.stdin.close()
        process.wait()


def test_a_running_cluster_is_used_and_left_running(
    head: str, plan: SweepPlan, tmp_path: Path, census_file: Path
) -> None:
    sweep = [
        "sweep",
        "--scenarios",
        "baseline",
        "--seeds",
        "1-2",
        "--years",
        "2025-2025",
        "--census",
        census_file,
    ]
    for name in ("one", "two"):
        ended = subprocess.run(
            [sys.executable, "-m", "app", *map(str, sweep), "--name", name, "--address", head],
            cwd=tmp_path,
            env=os.environ | TOKEN | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
    assert len(list(tmp_path.rglob("seed_*.duckdb"))) == 4


def test_a_process_can_go_from_one_cluster_to_another_with_another_key(
    head: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ClusterError), cluster(1, "127.0.0.1:1"):
        pass
    with cluster(1) as slots:
        assert slots == 1
    with monkeypatch.context() as environment:
        for name, value in TOKEN.items():
            environment.setenv(name, value)
        with cluster(2, head) as slots:
            assert slots == 2
    with cluster(1) as slots:
        assert slots == 1


def test_a_port_where_something_else_answers_nothing_is_given_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_accept, args=(server,), daemon=True).start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        ended = subprocess.run(
            [sys.executable, "-c", JOIN, address],
            env=os.environ | TOKEN | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert "no Ray cluster can be reached" in ended.stdout
    assert "no answer within 2 s" in ended.stdout


def _accept(server: socket.socket) -> None:
    kept = []
    while True:
        try:
            kept.append(server.accept())
        except OSError:
            return


def test_the_cluster_file_is_one_that_ray_accepts() -> None:
    from ray.autoscaler._private.util import prepare_config, validate_config

    written = yaml.safe_load((ROOT / "deploy" / "ray-cluster.yaml").read_text(encoding="utf-8"))
    config = prepare_config(written)
    validate_config(config)
    commands = [*config["head_start_ray_commands"], *config["worker_start_ray_commands"]]
    assert all("--disable-usage-stats" in command for command in commands if "ray start" in command)
