"""Which runs of a sweep are done already: their sealed stores say so.

A store that the journal saw sealed at its present size is taken at its word; any other is opened. One that
cannot be opened, or is of other inputs, is set aside, never deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from simulation.errors import PlanWiseError
from simulation.store import open_store
from simulation.sweep.directory import SweepDirectory
from simulation.sweep.journal import Journal, read_journal
from simulation.sweep.record import SweepRecord
from simulation.sweep.result import RunStatus, SweepRun
from simulation.sweep.task import RunTask


def settled_runs(
    directory: SweepDirectory, record: SweepRecord, tasks: Iterable[RunTask], journal: Journal
) -> dict[RunTask, SweepRun]:
    """Return the runs that need not be done again."""
    seen = _seen(directory.journal)
    digests = {scenario.name: scenario.digest for scenario in record.scenarios}
    settled: dict[RunTask, SweepRun] = {}
    for task in tasks:
        if not task.store.exists():
            continue
        entry = seen.get((task.scenario, task.seed))
        run = _as_seen(task, entry) or _as_opened(task, digests[task.scenario], record.census.digest)
        if run is None:
            aside = task.store.with_name(f"{task.store.name}.damaged")
            task.store.replace(aside)
            journal.write("set aside", scenario=task.scenario, seed=task.seed, store=aside)
        else:
            settled[task] = run
    return settled


def _seen(journal: Path) -> dict[tuple[Any, Any], Mapping[str, Any]]:
    done = (entry for entry in read_journal(journal) if entry.get("what") == RunStatus.DONE)
    return {(entry.get("scenario"), entry.get("seed")): entry for entry in done}


def _as_seen(task: RunTask, entry: Mapping[str, Any] | None) -> SweepRun | None:
    if entry is None or entry.get("bytes") != task.store.stat().st_size or not entry.get("digest"):
        return None
    seconds, warnings = float(entry.get("seconds", 0.0)), int(entry.get("warnings", 0))
    return _done(task, str(entry["digest"]), seconds, warnings)


def _as_opened(task: RunTask, scenario_digest: str, census_digest: str) -> SweepRun | None:
    try:
        with open_store(task.store) as store:
            manifest, warnings = store.manifest, store.warnings().height
    except PlanWiseError:
        return None
    if (manifest.scenario_digest, manifest.census_digest) != (scenario_digest, census_digest):
        return None
    return _done(task, manifest.digest, (manifest.finished - manifest.started).total_seconds(), warnings)


def _done(task: RunTask, digest: str, seconds: float, warnings: int) -> SweepRun:
    return SweepRun(
        scenario=task.scenario,
        seed=task.seed,
        store=task.store,
        digest=digest,
        status=RunStatus.DONE,
        seconds=seconds,
        warnings=warnings,
    )
