"""A survey of a cluster: every machine answers with what it is and whether runs on it would be right.

To be run in a process of its own, because a Ray that hangs can only be ended from outside.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, TypeAdapter

from simulation.errors import ClusterError, PlanWiseError
from simulation.sweep.cluster import cluster
from simulation.sweep.executor import explained
from simulation.sweep.probe import Probe
from simulation.sweep.versions import refuse_other, versions


class Machine(BaseModel):
    """One machine that has cores for workers."""

    model_config = ConfigDict(frozen=True)

    name: str
    cores: int
    sees_directory: bool = False
    """Whether it writes stores in place; else it sends them back."""
    problem: str = ""
    """Why runs on it are refused; nothing if they are not."""


MACHINES: Final = TypeAdapter(list[Machine])


def survey(address: str, directory: Path) -> list[Machine]:
    """Return every machine of a cluster that has cores, with what it answered.

    Raises:
        ClusterError: nothing answers at the address.
        WriteError: the directory cannot be written to.
    """
    import ray

    with Probe.laid(directory) as probe, cluster(1, address):
        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
        asked = [(node, _asked(node["NodeID"], probe)) for node in nodes]
        return [_heard(node, answer) for node, answer in asked]


def _asked(node: str, probe: Probe) -> Any:
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    # No core is asked for: a machine that is at work can answer, too.
    there = NodeAffinitySchedulingStrategy(node_id=node, soft=False)
    options: dict[str, Any] = {"num_cpus": 0, "max_retries": 0, "scheduling_strategy": there}
    return ray.remote(**options)(_answer).remote(versions(), probe)


def _heard(node: Mapping[str, Any], answer: Any) -> Machine:
    import ray

    cores = int(node["Resources"]["CPU"])
    try:
        name, sees, problem = ray.get(answer)
    except ray.exceptions.RayError as error:
        return Machine(
            name=node["NodeManagerAddress"], cores=cores, problem=explained(error).splitlines()[-1]
        )
    return Machine(name=name, cores=cores, sees_directory=sees, problem=problem)


def _answer(asked: Mapping[str, str], probe: Probe) -> tuple[str, bool, str]:
    """Return name, whether the probe is seen, and what is wrong. Runs in a worker."""
    problem = ""
    try:
        refuse_other(asked)
    except ClusterError as error:
        problem = error.problems[0].found
    return socket.gethostname(), probe.seen, problem


def main(address: str, directory: str) -> int:
    """Print the machines as JSON; return 0 if the cluster answered."""
    try:
        machines = survey(address, Path(directory))
    except PlanWiseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(MACHINES.dump_json(machines).decode())
    return 0
