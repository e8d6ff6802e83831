"""Addresses at which no cluster is, without waiting for Ray to find out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from simulation.errors import ClusterError
from simulation.sweep import cluster as module
from simulation.sweep.cluster import cluster


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_an_address_where_nobody_listens_is_named_with_what_to_do(free_port: int) -> None:
    with (
        pytest.raises(ClusterError, match="ray start --head") as caught,
        cluster(2, f"127.0.0.1:{free_port}"),
    ):
        pass
    assert str(free_port) in str(caught.value)


@pytest.mark.parametrize("address", ["somewhere", "127.0.0.1:", ":6379", "127.0.0.1:port", "127.0.0.1:99999"])
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(ClusterError, match="host:port of a running Ray head"), cluster(2, address):
        pass


def test_directories_of_dead_processes_are_removed_and_others_kept(tmp_path: Path) -> None:
    gone = tmp_path / "planwise-ray-4194304-x"
    mine = tmp_path / f"planwise-ray-{os.getpid()}-x"
    other = tmp_path / "something-else"
    for directory in (gone, mine, other):
        directory.mkdir()
    module._remove_orphans(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([mine, other])


def test_the_environment_is_as_before_when_ray_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "mine")
    monkeypatch.delenv("RAY_AUTH_TOKEN", raising=False)
    with module.environment(module._embedded_environment()):
        assert os.environ["RAY_AUTH_MODE"] == "token"
        assert len(os.environ["RAY_AUTH_TOKEN"]) == 64
    assert os.environ["RAY_AUTH_MODE"] == "mine"
    assert "RAY_AUTH_TOKEN" not in os.environ
