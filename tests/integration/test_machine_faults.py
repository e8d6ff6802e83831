"""Sweeps on a cluster of several machines: workers and machines are lost, files are not, nor is a digest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from simulation.census import Census, read_census
from simulation.errors import ClusterError
from simulation.parameters import Scenario, load_scenario
from simulation.sealing import simulate_batch
from simulation.store import verify
from simulation.sweep import RunStatus, SweepPlan, SweepProgress, SweepResult, attendance, run_sweep
from simulation.sweep.executor import MAX_ATTEMPTS
from simulation.sweep.journal import read_journal
from simulation.sweep.task import Work
from tests.clusters import Machines, machines
from tests.disks import enlarge, small_disk
from tests.integration import faulty_work
from tests.integration.faulty_work import UNLUCKY

pytestmark = pytest.mark.xdist_group("ray")

SEEDS = range(1, 9)
EACH_YEAR = {"PLANWISE_COMMIT_SECONDS": "0"}
OnProgress = Callable[[SweepProgress], None]
Digests = dict[int, str | None]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("baseline", years=(2025, 2026))


@pytest.fixture(scope="module")
def census(census_file: Path) -> Census:
    return read_census(census_file)


@pytest.fixture(scope="module")
def expected(scenario: Scenario, census: Census, tmp_path_factory: pytest.TempPathFactory) -> Digests:
    """Return the digest of each seed, from runs that nobody disturbs."""
    runs = simulate_batch(scenario, census, SEEDS, out=tmp_path_factory.mktemp("single"))
    return {run.seed: run.digest for run in runs}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Machines]:
    with machines(1, 1, variables=EACH_YEAR) as started:
        yield started


@pytest.fixture
def two(cluster: Machines) -> Machines:
    """Return the cluster with two machines, whatever became of those of the test before."""
    cluster.restore(1, 1)
    return cluster


@pytest.fixture
def plan(scenario: Scenario, census: Census) -> SweepPlan:
    return SweepPlan(name="night", scenarios=(scenario,), seeds=tuple(SEEDS), census=census, block_size=2)


def digests(result: SweepResult) -> Digests:
    return {run.seed: run.digest for run in result.runs}


def happened(result: SweepResult, what: str) -> list[dict[str, Any]]:
    return [dict(line) for line in read_journal(result.directory / "journal.jsonl") if line["what"] == what]


def assert_whole(result: SweepResult, expected: Digests) -> None:
    """Every run is done and verifies, and beside the stores there is nothing."""
    assert [str(run.error) for run in result.failed] == []
    assert digests(result) == expected
    assert all(verify(run.store).ok for run in result.runs if run.store)
    assert [path for path in result.directory.rglob(".*") if ".tmp" in path.name] == []
    assert all(run.attempts <= MAX_ATTEMPTS for run in result.runs)


def once(act: Callable[[], object]) -> OnProgress:
    """Return what acts when the first run has ended."""
    todo = [act]

    def told(progress: SweepProgress) -> None:
        if progress.last is not None and todo:
            todo.pop()()

    return told


def test_a_machine_that_is_lost_loses_no_run(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    lose = once(lambda: two.lose(two.newest))
    result = run_sweep(plan, out=tmp_path, address=two.address, on_progress=lose)
    assert_whole(result, expected)
    retries = happened(result, "retry")
    assert all(line["error"] for line in retries)
    assert {line["seed"] for line in retries} == {run.seed for run in result.runs if run.attempts > 1}


def test_one_seed_that_always_fails_is_reported_and_the_others_are_done(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    failing = faulty_work.refused_for_one_seed
    result = run_sweep(plan, out=tmp_path, address=two.address, work=failing)
    (failed,) = result.failed
    assert (failed.seed, failed.attempts, "no luck" in str(failed.error)) == (UNLUCKY, MAX_ATTEMPTS, True)
    assert digests(result) == {**expected, UNLUCKY: None}
    assert_whole(run_sweep(plan, out=tmp_path, workers=1, resume=True), expected)


def test_a_worker_killed_while_it_writes_leaves_nothing_half_done(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    work = faulty_work.killed_with_the_manifest
    result = run_sweep(plan, out=tmp_path, address=two.address, work=work)
    assert_whole(result, expected)
    assert UNLUCKY in {line["seed"] for line in happened(result, "retry")}


def test_a_machine_that_does_not_see_the_directory_sends_its_stores_back(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    for place in (out, elsewhere):
        place.mkdir()
    two.add_apart(out, elsewhere)
    result = run_sweep(plan.model_copy(update={"block_size": 1}), out=out, address=two.address)
    assert_whole(result, expected)
    sent = [run for run in result.runs if run.sent_from]
    assert 1 <= len(sent) < len(result.runs)
    assert {line["seed"] for line in happened(result, "done") if line.get("sent_from")} == {
        run.seed for run in sent
    }
    assert list(elsewhere.iterdir()) == []


def test_health_asks_every_machine_whether_it_sees_the_directory(
    two: Machines, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    two.add_apart(out, tmp_path)
    main(["health", "--json", "--address", two.address, "--data", str(out)])
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert [check["found"] for check in checks if check["name"] == "Ray cluster"] == [
        "3 machines with 3 cores"
    ]
    asked = [check for check in checks if check["name"].startswith("machine ")]
    assert all(check["ok"] for check in asked)
    assert sorted(check["found"] for check in asked) == [
        "1 cores, sees the directory",
        "1 cores, sees the directory",
        "1 cores, sends its stores back",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("work", faulty_work.MOMENTS, ids=lambda work: work.__name__)
def test_whenever_a_worker_is_killed_the_sweep_ends_the_same(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests, work: Work
) -> None:
    result = run_sweep(plan, out=tmp_path, address=two.address, work=work)
    assert_whole(result, expected)
    assert UNLUCKY in {line["seed"] for line in happened(result, "retry")}


@pytest.mark.slow
def test_a_run_that_always_takes_its_process_along_is_given_up_after_a_few_attempts(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    result = run_sweep(plan, out=tmp_path, address=two.address, work=faulty_work.killed_every_time)
    (failed,) = result.failed
    assert (failed.seed, failed.attempts) == (UNLUCKY, MAX_ATTEMPTS)
    assert "the worker process died" in str(failed.error)
    assert digests(result) == {**expected, UNLUCKY: None}
    assert_whole(run_sweep(plan, out=tmp_path, address=two.address, resume=True), expected)


@pytest.mark.slow
def test_a_machine_without_memory_fails_runs_that_say_so_and_another_does_them(
    cluster: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    cluster.restore()
    cluster.add(1, {"RAY_memory_usage_threshold": "0.001", "RAY_memory_monitor_refresh_ms": "20"})
    result = run_sweep(plan, out=tmp_path, address=cluster.address)
    assert result.failed
    assert {run.attempts for run in result.failed} == {MAX_ATTEMPTS}
    assert all("OutOfMemory" in str(run.error) for run in result.failed)
    assert digests(result).items() <= {**expected, **{run.seed: None for run in result.failed}}.items()
    cluster.restore()
    cluster.restore(1, 1)
    again = run_sweep(plan, out=tmp_path, address=cluster.address, resume=True)
    assert_whole(again, expected)
    assert {run.seed for run in again.runs if run.attempts} == {run.seed for run in result.failed}


@pytest.mark.slow
def test_a_cluster_that_loses_all_its_machines_is_given_up_on_and_the_sweep_resumed(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "DESERTED_SECONDS", 1.0)
    with pytest.raises(ClusterError, match="no workers left"):
        run_sweep(plan, out=tmp_path, address=two.address, on_progress=once(two.restore))
    two.restore(1)
    result = run_sweep(plan, out=tmp_path, address=two.address, resume=True)
    assert_whole(result, expected)
    assert any(not run.attempts for run in result.runs), "what was finished was done again"


@pytest.mark.slow
def test_machines_that_come_and_go_lose_nothing(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    def replace() -> None:
        two.add(1)
        two.lose(two.oldest)

    assert_whole(run_sweep(plan, out=tmp_path, address=two.address, on_progress=once(replace)), expected)


@pytest.mark.slow
def test_a_lost_machine_that_was_sending_stores_back_leaves_none_half_sent(
    cluster: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    for place in (out, elsewhere):
        place.mkdir()
    cluster.restore()
    cluster.add_apart(out, elsewhere)

    def replace() -> None:
        cluster.add(1)
        cluster.lose_apart()

    result = run_sweep(plan, out=out, address=cluster.address, on_progress=once(replace))
    assert_whole(result, expected)
    senders = {run.seed for run in result.runs if run.sent_from}
    assert senders
    assert len(senders) < len(result.runs)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a directory on a disk with room for a few stores."""
    with small_disk(tmp_path / "disk", 9 * 1024) as disk:
        yield disk


@pytest.mark.slow
@pytest.mark.parametrize("apart", [False, True], ids=["written in place", "sent back"])
def test_a_full_disk_fails_what_has_no_room_and_resume_does_just_that(
    cluster: Machines, plan: SweepPlan, disk: Path, tmp_path: Path, expected: Digests, apart: bool
) -> None:
    cluster.restore(*([] if apart else [1]))
    if apart:
        cluster.add_apart(disk, tmp_path)
    # One after the other, so that the first ones fit however far others have come.
    one_by_one = plan.model_copy(update={"block_size": 1})
    result = run_sweep(one_by_one, out=disk, address=cluster.address)
    assert result.done
    assert result.failed
    assert all("disk is full" in str(run.error) for run in result.failed)
    assert digests(result).items() <= {**expected, **{run.seed: None for run in result.failed}}.items()
    assert all(verify(run.store).ok for run in result.done if run.store)
    enlarge(disk)
    cluster.restore(1, 1)
    again = run_sweep(one_by_one, out=disk, address=cluster.address, resume=True)
    assert_whole(again, expected)
    assert {run.seed for run in again.runs if run.attempts} == {run.seed for run in result.failed}


@pytest.mark.slow
def test_a_finished_sweep_is_left_as_it_is(
    two: Machines, plan: SweepPlan, tmp_path: Path, expected: Digests
) -> None:
    first = run_sweep(plan, out=tmp_path, address=two.address)
    assert [run.status for run in first.runs] == [RunStatus.DONE] * len(SEEDS)
    before = {run.store: run.store.stat() for run in first.runs if run.store}
    again = run_sweep(plan, out=tmp_path, address=two.address, resume=True)
    assert_whole(again, expected)
    assert {run.attempts for run in again.runs} == {0}
    assert {store: store.stat().st_mtime_ns for store in before} == {
        store: stat.st_mtime_ns for store, stat in before.items()
    }
