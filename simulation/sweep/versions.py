"""What must be equal on every machine of a sweep, for its runs to be those of one machine.

Ray itself insists on its own version and Python's.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping

from simulation.errors import ClusterError, Problem
from simulation.store.manifest import surroundings
from simulation.version import code_version


def versions() -> Mapping[str, str]:
    """Return the versions of this machine: of the model, and of what computes or keeps its numbers."""
    return {"PlanWise": code_version(), **surroundings()["dependency_versions"]}


def refuse_other(asked: Mapping[str, str]) -> None:
    """Refuse to work for a driver of other versions.

    Raises:
        ClusterError: says which differ, and on which machine.
    """
    here = versions()
    different = [
        f"{name} {here.get(name)}, not {text}" for name, text in asked.items() if here.get(name) != text
    ]
    if different:
        hint = "install the same PlanWise on every machine of the cluster"
        problem = Problem(f"machine {socket.gethostname()}", f"has {'; '.join(different)}", hint=hint)
        raise ClusterError("a machine of the cluster has other versions", problems=[problem])
