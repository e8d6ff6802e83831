"""Ray clusters of several machines on this one, each machine a raylet of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil

import simulation

TOKEN: Final = {
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": "0" * 64,
    "RAY_USAGE_STATS_ENABLED": "0",
    # A lost machine is noticed in seconds: Ray's own patience is half a minute.
    "RAY_health_check_initial_delay_ms": "1000",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
}
ROOT: Final = Path(simulation.__file__).parents[1]
STORE_BYTES: Final = 100 * 2**20


@dataclass
class Machines:
    """A head without cores, and the machines that do the work."""

    cluster: Any
    directory: Path
    elsewhere: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return str(self.cluster.address)

    @property
    def count(self) -> int:
        return len(self.cluster.worker_nodes)

    def add(self, cores: int = 1, variables: Mapping[str, str] | None = None) -> Any:
        """Start a machine that sees all files."""
        return self.cluster.add_node(
            num_cpus=cores, object_store_memory=STORE_BYTES, env_vars=dict(variables or {})
        )

    def add_apart(self, hidden: Path, cwd: Path) -> subprocess.Popen[bytes]:
        """Start a machine with a file system of its own at ``hidden`` and another working directory."""
        ray = Path(sys.executable).with_name("ray")
        start = (
            f"{ray} start --address={self.address} --num-cpus=1 --block --object-store-memory={STORE_BYTES}"
        )
        inside = f"mount -t tmpfs tmpfs '{hidden}' && cd '{cwd}' && exec {start}"
        process = subprocess.Popen(
            [shutil.which("unshare") or "unshare", "--mount", "sh", "-c", inside],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.elsewhere.append(process)
        return process

    def lose(self, node: Any) -> None:
        """Have a machine gone as when its power fails: its raylet and all that it started."""
        family = _family(node)
        self.cluster.remove_node(node, allow_graceful=False)
        for process in family:
            _kill(process)

    def stop(self) -> None:
        for process in self.elsewhere:
            for child in psutil.Process(process.pid).children(recursive=True):
                _kill(child)
            process.kill()
            process.wait()
        self.cluster.shutdown()


@contextmanager
def machines(directory: Path, *cores: int, variables: Mapping[str, str] | None = None) -> Iterator[Machines]:
    """Yield a cluster with a machine for each number of cores; it is gone afterwards."""
    before = dict(os.environ)
    os.environ.update(TOKEN | {"PYTHONPATH": str(ROOT)} | dict(variables or {}))
    try:
        from ray.cluster_utils import Cluster

        from simulation.sweep.cluster import _quiet_ray

        _quiet_ray()
        head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": STORE_BYTES}
        started = Machines(Cluster(initialize_head=True, head_node_args=head), directory)
        try:
            for count in cores:
                started.add(count)
            yield started
        finally:
            started.stop()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _family(node: Any) -> list[psutil.Process]:
    """Return what a machine runs: its raylet, and the workers that the raylet started."""
    own = [info.process.pid for infos in node.all_processes.values() for info in infos]
    return [
        child
        for pid in own
        if psutil.pid_exists(pid)
        for child in psutil.Process(pid).children(recursive=True)
    ]


def _kill(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return
