"""What a worker of a real sweep does with a task: the run that `simulate` makes, drawn year by year.

Whatever unfinished file of the run it finds is of this sweep, so it goes on with that.
"""

from __future__ import annotations

from contextlib import closing

from simulation.sealing import write_runs
from simulation.store import Checkpointing
from simulation.sweep.inputs import Inputs
from simulation.sweep.task import RunOutcome, RunTask, Steps, YearDone


def simulate_task(task: RunTask, inputs: Inputs) -> Steps:
    """Yield a step a year, and the outcome once the store is sealed."""
    scenario = inputs.scenarios[task.scenario]
    first, last = scenario.horizon.start_year, scenario.horizon.end_year
    notes: list[str] = []
    command = ("planwise", "sweep", str(task.store.parents[1]), "--resume")
    checkpointing = Checkpointing(resume=True, command=command, tell=notes.append)
    run = write_runs(scenario, inputs.census, {task.seed: task.store}, checkpointing)
    with closing(run):
        while True:
            try:
                year = next(run)
            except StopIteration as end:
                result = end.value[0]
                break
            if year >= first:
                yield YearDone(year - first + 1, last - first + 1)
    yield RunOutcome(
        result.digest, result.events, result.seconds, note="; ".join(notes), warnings=result.warnings.height
    )
