"""A worker that does not see the sweep's directory works in scratch and sends the sealed file back."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from simulation.census import Census
from simulation.errors import RunError, StoreError, WriteError
from simulation.parameters import Scenario
from simulation.sealing import simulate
from simulation.store import open_store, verify
from simulation.sweep import scratch as scratch_module
from simulation.sweep.afar import Anywhere, pieces
from simulation.sweep.arrival import Arrivals
from simulation.sweep.inputs import Inputs
from simulation.sweep.probe import Probe
from simulation.sweep.task import RunOutcome, RunTask, StorePiece
from simulation.sweep.work import simulate_block


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the temporary directory of a machine on which nobody works yet."""
    place = tmp_path / "machine"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setattr(scratch_module, "_held", {})
    return place


@pytest.fixture
def task(tmp_path: Path) -> RunTask:
    store = tmp_path / "sweep" / "baseline" / "seed_1.duckdb"
    store.parent.mkdir(parents=True)
    return RunTask("baseline", 1, store)


@pytest.fixture
def inputs(scenario: Scenario, census: Census) -> Inputs:
    return Inputs({"baseline": scenario}, census)


@pytest.fixture
def sealed(scenario: Scenario, census: Census, tmp_path: Path) -> Path:
    return simulate(scenario, census, seed=1, out=tmp_path / "sealed").store


def arrive(store: Path, sent: Iterable[StorePiece]) -> None:
    arrivals = Arrivals({1: store})
    for piece in sent:
        arrivals.take(piece)


def test_a_probe_is_seen_where_it_was_laid_and_only_while_it_lies(tmp_path: Path) -> None:
    with Probe.laid(tmp_path) as probe:
        assert probe.seen
        assert not replace(probe, path=tmp_path / "elsewhere" / probe.path.name).seen
        assert not replace(probe, token="of another sweep").seen
    assert not Probe(probe.path, probe.token).seen
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_takes_no_probe_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="cannot be used"), Probe.laid(tmp_path / "missing"):
        pass


def test_where_the_probe_is_seen_the_store_is_left_in_place(
    task: RunTask, inputs: Inputs, room: Path
) -> None:
    with Probe.laid(task.store.parents[1]) as probe:
        steps = list(Anywhere(simulate_block, probe)((task,), inputs))
    assert not any(isinstance(step, StorePiece) for step in steps)
    assert task.store.exists()
    assert list(room.iterdir()) == []


def test_where_it_is_not_the_file_arrives_byte_for_byte_before_the_outcome(
    task: RunTask, inputs: Inputs, room: Path, scenario: Scenario, census: Census, tmp_path: Path
) -> None:
    hidden = Probe(tmp_path / "hidden", "0")
    steps = list(Anywhere(simulate_block, hidden)((task,), inputs))
    assert not task.store.exists()
    sent = [step for step in steps if isinstance(step, StorePiece)]
    outcome = steps[-1]
    assert isinstance(outcome, RunOutcome)
    assert outcome.sent_from
    arrive(task.store, sent)
    assert outcome.digest == simulate(scenario, census, seed=1, out=tmp_path / "alone").digest
    assert verify(task.store).ok
    with open_store(task.store) as store:
        assert store.manifest.digest == outcome.digest
    assert [path.name for path in task.store.parent.iterdir()] == [task.store.name]
    assert list(room.rglob("seed_*")) == []


def test_a_file_is_sent_in_pieces_and_is_no_store_until_the_last(task: RunTask, sealed: Path) -> None:
    sent = list(pieces(sealed, 1, size=100_000))
    assert len(sent) > 3
    arrive(task.store, sent[:-1])
    assert not task.store.exists()
    arrive(task.store, sent)
    assert task.store.read_bytes() == sealed.read_bytes()
    assert task.store.stat().st_mode & 0o777 == 0o444


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sent: [*sent[1:-1], sent[-1]],
        lambda sent: [StorePiece(1, sent[0].content[::-1]), *sent[1:]],
        lambda sent: [sent[1], sent[0], *sent[2:]],
    ],
    ids=["missing", "damaged", "mixed up"],
)
def test_what_does_not_arrive_as_it_was_sent_leaves_nothing(
    task: RunTask, sealed: Path, spoil: Callable[[list[StorePiece]], list[StorePiece]]
) -> None:
    sent = spoil(list(pieces(sealed, 1, size=100_000)))
    with pytest.raises(RunError, match="damaged on its way"):
        arrive(task.store, sent)
    assert list(task.store.parent.iterdir()) == []


def test_what_is_no_store_gets_no_name(task: RunTask, tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_text("no store")
    with pytest.raises(StoreError):
        arrive(task.store, pieces(text, 1))
    assert list(task.store.parent.iterdir()) == []


def test_the_store_of_an_attempt_that_died_before_its_outcome_stays(
    task: RunTask, sealed: Path, scenario: Scenario, census: Census, tmp_path: Path
) -> None:
    arrive(task.store, pieces(sealed, 1))
    before = task.store.stat().st_ino
    again = simulate(scenario, census, seed=1, out=tmp_path / "again").store
    arrive(task.store, pieces(again, 1))
    assert task.store.stat().st_ino == before
    other = simulate(scenario, census, seed=2, out=tmp_path / "other").store
    with pytest.raises(StoreError, match="written once"):
        arrive(task.store, pieces(other, 1))
    assert [path.name for path in task.store.parent.iterdir()] == [task.store.name]


def test_a_disk_that_refuses_a_piece_is_said(task: RunTask, sealed: Path) -> None:
    with pytest.raises(WriteError, match="could not be written"):
        arrive(Path("/proc/seed_1.duckdb"), pieces(sealed, 1))


def test_scratch_is_private_and_shared_by_the_attempts_of_a_sweep(room: Path) -> None:
    place = scratch_module.scratch("one")
    assert place.parent == room
    assert place.stat().st_mode & 0o777 == 0o700
    assert scratch_module.scratch("one") == place


def test_scratch_of_dead_workers_is_removed_and_that_of_others_stays(room: Path) -> None:
    used = scratch_module.scratch("used")
    dead = used.with_name(used.name.replace("used", "dead"))
    dead.mkdir()
    (dead / "left").touch()
    scratch_module.scratch("new")
    assert not dead.exists()
    assert used.exists()
