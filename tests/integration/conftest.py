"""What tests with other processes share: a census file, and the command line as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from simulation.census import generate_census, write_census

ROOT = Path(__file__).parents[2]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="session")
def census_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_census(generate_census(150, seed=3), tmp_path_factory.mktemp("census") / "census.parquet")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Return what starts ``planwise`` as the leader of a process group; all of it is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", *map(str, arguments)],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        family = _family(process.pid)
        process.kill()
        process.communicate()
        for one in family:
            one.kill()


def _family(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
