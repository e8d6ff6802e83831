"""What a worker of a real sweep does with a task: the run that `simulate` makes, drawn year by year."""

from __future__ import annotations

import contextlib

from simulation.single import record_run
from simulation.sweep.inputs import Inputs
from simulation.sweep.task import RunOutcome, RunTask, Steps, YearDone


def simulate_task(task: RunTask, inputs: Inputs) -> Steps:
    """Yield a step a year, and the outcome once the store is sealed."""
    scenario = inputs.scenarios[task.scenario]
    years = scenario.horizon.end_year - scenario.horizon.start_year + 1
    run = record_run(scenario, inputs.census, task.seed, task.store)
    with contextlib.closing(run):
        for done in range(1, years + 1):
            next(run)
            yield YearDone(done, years)
        try:
            next(run)
        except StopIteration as end:
            yield RunOutcome(end.value.digest, end.value.events, end.value.seconds)
