"""Ray clusters of several machines on this one, each machine a raylet of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

import simulation
from tests.waiting import until

SURROUNDINGS: Final = {
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "0" * 64,
    "RAY_USAGE_STATS_ENABLED": "0",
    "PYTHONPATH": str(Path(simulation.__file__).parents[1]),
    # A lost machine is noticed in seconds, yet one that only waits for a core is not thought lost:
    # Ray never takes a machine back that it has declared dead.
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "15",
}
STORE_BYTES: Final = 100 * 2**20
PATIENCE: Final = 120.0
"""Seconds after which a machine that does not come or go fails the test."""


@dataclass
class Machines:
    """A head without cores, and the machines that do the work, the oldest first."""

    cluster: Any
    variables: Mapping[str, str]
    nodes: list[Any] = field(default_factory=list)
    apart: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    @property
    def oldest(self) -> Any:
        return self.nodes[0]

    @property
    def newest(self) -> Any:
        return self.nodes[-1]

    def add(self, cores: int = 1, variables: Mapping[str, str] | None = None) -> None:
        """Start a machine that sees all files."""
        surroundings = {**self.variables, **(variables or {})}
        before = self._alive()
        node = self.cluster.add_node(
            num_cpus=cores, object_store_memory=STORE_BYTES, env_vars=surroundings, wait=False
        )
        self.nodes.append(node)
        until(lambda: self._alive() - before, seconds=PATIENCE)

    def add_apart(self, hidden: Path, directory: Path) -> None:
        """Start a machine that has a disk of its own at ``hidden``, and works in another directory."""
        ray = Path(sys.executable).with_name("ray")
        start = f"{ray} start --address={self.address} --num-cpus=1 --block --disable-usage-stats"
        inside = f"mount -t tmpfs tmpfs '{hidden}' && cd '{directory}' && exec {start}"
        before = self._alive()
        process = subprocess.Popen(
            [shutil.which("unshare") or "unshare", "--mount", "sh", "-c", inside],
            env=os.environ | dict(self.variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.apart.append(process)
        until(lambda: self._alive() - before or process.poll() is not None, seconds=PATIENCE)
        assert process.poll() is None, f"ray start ended with {process.returncode}"

    def lose(self, node: Any) -> None:
        """Have a machine gone as when its power fails: all that runs on it, in no order."""
        self.nodes.remove(node)
        raylet = node.all_processes["raylet"][0].process.pid
        family = _family(raylet)
        self.cluster.remove_node(node, allow_graceful=False)
        _kill(family)
        until(lambda: node.node_id not in self._alive(), seconds=PATIENCE)

    def lose_apart(self) -> None:
        """Have the machine gone that was started apart last."""
        process = self.apart.pop()
        before = self._alive()
        _kill(_family(process.pid))
        process.wait()
        until(lambda: before - self._alive(), seconds=PATIENCE)

    def lose_head(self) -> None:
        """Have the head gone: nobody keeps the books any more."""
        for infos in self.cluster.head_node.all_processes.values():
            for info in infos:
                _kill(_family(info.process.pid))

    def restore(self, *cores: int) -> None:
        """Have these machines and no others: whatever came is gone, and what was lost is new.

        So is one that a busy computer kept from answering until it was thought lost.
        """
        while self.apart:
            self.lose_apart()
        alive = self._alive()
        for node in [node for node in self.nodes if node.node_id not in alive]:
            self.lose(node)
        while len(self.nodes) > len(cores):
            self.lose(self.newest)
        for count in cores[len(self.nodes) :]:
            self.add(count)

    def stop(self) -> None:
        for process in self.apart:
            _kill(_family(process.pid))
            process.wait()
        self.cluster.shutdown()

    def _alive(self) -> set[str]:
        """Return the ids of the machines that the head counts, itself included."""
        return {node["NodeID"] for node in self.cluster.global_state.node_table() if node["Alive"]}


@contextmanager
def machines(*cores: int, variables: Mapping[str, str] | None = None) -> Iterator[Machines]:
    """Yield a cluster with a machine for each number of cores; it is gone afterwards."""
    before = dict(os.environ)
    os.environ.update(SURROUNDINGS | dict(variables or {}))
    try:
        from ray.cluster_utils import Cluster

        from simulation.sweep.cluster import _quiet_ray, _signals_kept

        _quiet_ray()
        head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE_BYTES}
        with _signals_kept():
            started = Machines(Cluster(initialize_head=True, head_node_args=head), dict(variables or {}))
            try:
                for count in cores:
                    started.add(count)
                yield started
            finally:
                started.stop()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
