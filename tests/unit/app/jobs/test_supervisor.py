"""The supervisor's promise: while it lives, so does a runner."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.jobs.lock import sole_runner
from app.jobs.supervisor import Supervisor
from app.places import Places
from tests.waiting import until

PATIENT = [sys.executable, "-c", "__import__('threading').Event().wait()"]
PATIENCE = 60


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Supervisor]]:
    started: list[Supervisor] = []

    def begin() -> Supervisor:
        supervisor = Supervisor(Places.at(tmp_path), command=PATIENT)
        supervisor.start()
        started.append(supervisor)
        return supervisor

    yield begin
    for supervisor in started:
        supervisor.stop()


def test_a_runner_that_dies_is_started_again(start: Callable[[], Supervisor]) -> None:
    supervisor = start()
    until(lambda: supervisor.pid, seconds=PATIENCE)
    first = supervisor.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.pid not in {None, first}, seconds=PATIENCE)
    assert supervisor.starts == 2


def test_stopping_ends_the_runner(start: Callable[[], Supervisor]) -> None:
    supervisor = start()
    until(lambda: supervisor.pid, seconds=PATIENCE)
    supervisor.stop()
    assert supervisor.pid is None


def test_a_directory_that_is_served_already_gets_no_second_runner(tmp_path: Path) -> None:
    places = Places.at(tmp_path)
    with sole_runner(places.runner_lock):
        supervisor = Supervisor(places, command=PATIENT)
        supervisor.start()
        supervisor.stop()
    assert supervisor.starts == 0
