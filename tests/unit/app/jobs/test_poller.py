"""The poller's promise: a change of the table by anybody reaches the shared snapshot, once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.jobs import JobState, JobTable, Poller, Snapshot, SweepSpec


def spec(name: str) -> SweepSpec:
    return SweepSpec(name=name, scenarios=(Path("a.yaml"),), census=Path("c.parquet"), seeds=(1,))


class Announcing(Poller):
    """Tells a waiting test when the snapshot was read."""

    def __init__(self, table: JobTable) -> None:
        self.changed = threading.Event()
        self.failures = 0
        super().__init__(table, interval=0.01)

    def refresh(self) -> Snapshot:
        if self.failures:
            self.failures -= 1
            raise sqlite3.OperationalError
        before = self.snapshot.revision
        snapshot = super().refresh()
        if snapshot.revision != before:
            self.changed.set()
        return snapshot


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[Announcing]:
    poller = Announcing(JobTable(tmp_path / "jobs.sqlite"))
    poller.start()
    yield poller
    poller.stop()


def test_what_another_writes_is_seen(poller: Announcing) -> None:
    job_id = JobTable(poller.table.path).submit(spec("one"))
    assert poller.changed.wait(10)
    job = poller.snapshot.named("one")
    assert job is not None
    assert job.id == job_id


def test_a_table_that_fails_for_a_moment_is_read_again(poller: Announcing) -> None:
    poller.failures = 2
    JobTable(poller.table.path).submit(spec("one"))
    assert poller.changed.wait(10)
    assert poller.failures == 0


def test_the_revision_grows_with_a_change_and_only_with_one(tmp_path: Path) -> None:
    table = JobTable(tmp_path / "jobs.sqlite")
    poller = Poller(table)
    first = poller.refresh().revision
    assert poller.refresh().revision == first
    job_id = table.submit(spec("one"))
    second = poller.refresh()
    assert second.revision == first + 1
    table.cancel(job_id)
    third = poller.refresh()
    assert third.revision == second.revision + 1
    assert third.jobs[0].state is JobState.CANCELLED
    assert second.jobs[0].state is JobState.QUEUED


def test_a_sweep_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert Poller(JobTable(tmp_path / "jobs.sqlite")).snapshot.named("nobody") is None
