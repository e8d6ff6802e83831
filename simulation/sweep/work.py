"""What a worker of a real sweep does with a block: the runs that `simulate` makes, drawn year by year.

Whatever unfinished file of a run it finds is of this sweep, so it goes on with that.
"""

from __future__ import annotations

from contextlib import closing

from simulation.sealing import RunResult, write_runs
from simulation.store import Checkpointing
from simulation.sweep.inputs import Inputs
from simulation.sweep.task import Block, RunOutcome, Steps, YearDone


def simulate_block(block: Block, inputs: Inputs) -> Steps:
    """Yield a step a year, and an outcome as each store is sealed."""
    scenario = inputs.scenarios[block[0].scenario]
    first, last = scenario.horizon.start_year, scenario.horizon.end_year
    notes: list[str] = []
    command = ("planwise", "sweep", str(block[0].store.parents[1]), "--resume")
    checkpointing = Checkpointing(resume=True, command=command, tell=notes.append)
    stores = {task.seed: task.store for task in block}
    with closing(write_runs(scenario, inputs.census, stores, checkpointing)) as run:
        for step in run:
            if isinstance(step, RunResult):
                yield _outcome(step, notes)
            elif step >= first:
                yield YearDone(step - first + 1, last - first + 1)


def _outcome(result: RunResult, notes: list[str]) -> RunOutcome:
    own = (note for note in notes if note.startswith(f"{result.store}: "))
    return RunOutcome(
        result.seed,
        result.digest,
        result.events,
        result.seconds,
        warnings=result.warnings.height,
        note="; ".join(own),
    )
