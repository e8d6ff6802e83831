"""``run_sweep``: gather the inputs, lock the directory, have what is missing run, say what came of it.

The one author of a sweep's directory besides the stores themselves. Knows executors by their protocol only.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import TypeAlias

from simulation.cores import cores
from simulation.errors import Problem, SweepError
from simulation.store.manifest import user_name
from simulation.sweep.directory import SweepDirectory, locked
from simulation.sweep.executor import Executor
from simulation.sweep.inputs import gather, sweep_name
from simulation.sweep.journal import Journal
from simulation.sweep.plan import SweepPlan
from simulation.sweep.progress import SweepProgress, Tracker
from simulation.sweep.record import SweepRecord, read_record, refuse_another
from simulation.sweep.result import RunStatus, SweepResult, SweepRun
from simulation.sweep.rounds import Rounds
from simulation.sweep.serial import SerialExecutor
from simulation.sweep.task import RunTask, Work
from simulation.sweep.until import aim_of
from simulation.sweep.waiting import largest_block
from simulation.sweep.watch import SweepWatch
from simulation.sweep.work import simulate_block
from simulation.version import code_version

OnProgress: TypeAlias = Callable[[SweepProgress], None]


def run_sweep(  # noqa: PLR0913 (each is a choice of the caller's own)
    plan: SweepPlan,
    *,
    out: str | Path,
    workers: int | None = None,
    address: str | None = None,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    should_cancel: Callable[[], bool] | None = None,
    executor: Executor | None = None,
    work: Work | None = None,
) -> SweepResult:
    """Run every scenario of a plan with every seed and return what came of each; one sealed store a run.

    A run that fails is tried again where that can help, then reported, and the others go on. `on_progress`
    is called in this thread at every change. When `should_cancel` says so, finished stores stay and the rest
    is reported as cancelled; a KeyboardInterrupt leaves them too, and is raised on. `executor` and `work`
    are for tests and for other ways of running.

    A plan with ``until`` adds blocks of seeds until what it asks for is known, or until its maximum.

    Raises:
        SweepError: the plan, or a directory that is taken, running, or of other inputs.
        ScenarioError: what a scenario has wrong.
        CensusError: what the census has wrong.
        WriteError: the directory cannot be written to; found before any work.
        ClusterError: Ray does not start, or nothing answers at the address.
    """
    inputs = gather(plan)
    aim = aim_of(plan.until, inputs.scenarios)
    name = sweep_name(plan, inputs)
    directory = SweepDirectory.of(out, name)
    with locked(directory):
        record = _claim(directory, SweepRecord.of(name, plan, inputs, code_version()), resume=resume)
        with Journal(directory.journal) as journal:
            seeds = record.seeds if aim else plan.seeds
            rounds = Rounds(directory, record, list(inputs.scenarios), seeds, journal)
            tracker = Tracker(len(rounds.tasks), done=len(rounds.settled))
            watch = SweepWatch(journal, tracker, on_progress, should_cancel)
            missing = len(rounds.missing)
            who = {"user": user_name(), "host": socket.gethostname(), "pid": os.getpid()}
            journal.write("begun", **who, runs=len(rounds.tasks), missing=missing)
            least = aim.until.every * len(inputs.scenarios) if aim else 0
            largest = plan.block_size or largest_block(inputs.census.frame.height)
            executor = executor or _executor(directory, workers or plan.workers, address, max(missing, least))
            try:
                with executor.kept() if aim else nullcontext():
                    for tasks in rounds.each(aim, watch):
                        executor.run(tasks, inputs, work or simulate_block, watch, largest=largest)
            finally:
                directory.remove_leftovers()
                journal.write("ended", **watch.counts(), seconds=round(tracker.elapsed, 3))
        runs = {**rounds.settled, **watch.ended}
        return SweepResult(
            name=name,
            directory=directory.path,
            runs=tuple(runs.get(task) or _cancelled(task) for task in rounds.in_order()),
            seconds=round(tracker.elapsed, 3),
            startup_seconds=round(tracker.startup_seconds, 3),
            cancelled=watch.was_cancelled,
            looks=tuple(watch.looks),
        )


def _claim(directory: SweepDirectory, record: SweepRecord, *, resume: bool) -> SweepRecord:
    """Make the directory this sweep's own, or find that it already is; return all that it is made of."""
    record = admitted(directory, record, resume=resume)
    # The record comes first: whatever else a crash leaves here, the directory is known as the sweep's.
    record.write(directory.record)
    directory.remove_leftovers()
    directory.prepare([scenario.name for scenario in record.scenarios])
    return record


def admitted(directory: SweepDirectory, record: SweepRecord, *, resume: bool) -> SweepRecord:
    """Return all that a sweep is made of, if its directory is free for it or is its own already.

    Raises:
        SweepError: the directory is another's, or it was begun and is not to be resumed.
    """
    begun = directory.record.exists()
    if begun and not resume:
        hint = "finish it with --resume, or choose another name"
        problem = Problem(str(directory.path), "a sweep of this name was begun here", hint=hint)
        raise SweepError(f"the sweep {record.name!r} exists already", problems=[problem])
    if begun:
        before = read_record(directory.record)
        refuse_another(before, record)
        return before.joined(record)
    if directory.path.is_dir() and (foreign := directory.foreign()):
        found = f"it holds {', '.join(foreign[:3])} and no sweep.json"
        problem = Problem(str(directory.path), found, hint="choose another name or --out")
        raise SweepError("this directory is not a sweep's", problems=[problem])
    return record


def _executor(directory: SweepDirectory, workers: int | None, address: str | None, runs: int) -> Executor:
    """Return Ray's executor, or the serial one where a single worker would do."""
    from simulation.sweep.on_ray import UNLIMITED, RayExecutor

    if address:
        return RayExecutor(workers or UNLIMITED, address, directory.path)
    count = min(workers or cores(), runs)
    return RayExecutor(count, None, directory.path) if count > 1 else SerialExecutor()


def _cancelled(task: RunTask) -> SweepRun:
    return SweepRun(scenario=task.scenario, seed=task.seed, status=RunStatus.CANCELLED)
