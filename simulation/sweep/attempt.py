"""A block of runs under way: what is told of each of its runs, and what is tried again when it fails.

Both executors keep to this, wherever the steps come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulation.errors import RunError
from simulation.sweep.executor import Watcher, is_final
from simulation.sweep.task import Block, RunOutcome, RunTask, Step


@dataclass(slots=True)
class Attempt:
    """The runs of a block that have no outcome yet, and which try of them this is; the first is 1."""

    block: Block
    number: int = 1
    _left: dict[int, RunTask] = field(init=False)

    def __post_init__(self) -> None:
        self._left = {task.seed: task for task in self.block}

    def started(self, watcher: Watcher) -> None:
        """Tell that a worker has taken the block."""
        watcher.started(self.block, self.number)

    def heard(self, step: Step, watcher: Watcher) -> None:
        """Tell a step to whom it concerns: an outcome of one run, a year of all that have none."""
        if isinstance(step, RunOutcome):
            watcher.finished(self._left.pop(step.seed), step, self.number)
        else:
            watcher.year_done(tuple(self._left.values()), step)

    def ended(self, watcher: Watcher) -> list[Attempt]:
        """Return what is to be tried again of a block that has come to its end."""
        return self.failed(RunError("the run ended without an outcome"), watcher)

    def failed(self, error: BaseException, watcher: Watcher) -> list[Attempt]:
        """Tell a failure, and return what is to be tried again: each run by itself.

        Whichever run of several was to blame fails alone then, and the others are done.
        """
        final = len(self.block) == 1 and is_final(error, self.number)
        for task in self._left.values():
            watcher.failed(task, error, self.number, final=final)
        return [] if final else [Attempt((task,), self.number + 1) for task in self._left.values()]
