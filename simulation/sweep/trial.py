"""A trial of Ray: start it, have one worker do one thing, stop.

To be run in a process of its own, because a Ray that hangs can only be ended from outside.
"""

from __future__ import annotations

import sys
from pathlib import Path

from simulation.errors import PlanWiseError
from simulation.sweep.journal import Journal
from simulation.sweep.on_ray import RayExecutor
from simulation.sweep.progress import Tracker
from simulation.sweep.task import Block, RunOutcome, RunTask, Steps
from simulation.sweep.watch import SweepWatch


def answer(block: Block, inputs: int) -> Steps:
    """Do the least that a worker can do."""
    for task in block:
        yield RunOutcome(task.seed, str(inputs), events=0, seconds=0.0)


def main() -> int:
    """Return 0 if a worker answered."""
    watch = SweepWatch(Journal(Path("/dev/null")), Tracker(1), None, None)
    task = RunTask("trial", 1, Path("trial"))
    try:
        RayExecutor(1).run([task], 42, answer, watch)
    except PlanWiseError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    ended = watch.ended.get(task)
    return 0 if ended is not None and ended.digest == "42" else 1
