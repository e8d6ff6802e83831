"""Where a sweep stands, read from its directory: for `planwise status` and for whoever comes back later.

Reads only; takes no lock, so that it can be asked while the sweep runs.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from simulation.store import find_checkpoints
from simulation.sweep.directory import SweepDirectory, holder
from simulation.sweep.journal import read_journal
from simulation.sweep.look import Decision, Look
from simulation.sweep.record import read_record
from simulation.sweep.result import RunStatus


class SweepStatus(BaseModel):
    """Where a sweep stands."""

    model_config = ConfigDict(frozen=True)

    name: str
    directory: Path
    begun: datetime
    state: str
    """running, complete, or unfinished"""
    pid: int | None
    scenarios: tuple[str, ...]
    seeds: int
    runs_total: int
    runs_done: int
    runs_failed: int
    runs_resumable: int
    """Unfinished runs that go on after the last year that they committed."""
    runs_warned: int = 0
    """Of the done, those whose data carry warnings, as the journal has it."""
    last_error: str | None = None
    look: Look | None = None
    """What was known when somebody looked last, where the sweep is run until something is."""


def sweep_status(path: str | Path) -> SweepStatus:
    """Return where the sweep in a directory stands.

    Raises:
        SweepError: it is no sweep's directory.
    """
    directory = SweepDirectory(Path(path).expanduser().resolve())
    record = read_record(directory.record)
    names = tuple(scenario.name for scenario in record.scenarios)
    total = len(names) * len(record.seeds)
    done = {(scenario, seed) for scenario, seed, _ in directory.stores()}
    journal = list(read_journal(directory.journal))
    warned = {
        (entry.get("scenario"), entry.get("seed")): entry.get("warnings", 0)
        for entry in journal
        if entry.get("what") == RunStatus.DONE
    }
    failed = {
        (entry.get("scenario"), entry.get("seed")): str(entry.get("error"))
        for entry in journal
        if entry.get("what") == RunStatus.FAILED
    }
    failed = {run: error for run, error in failed.items() if run not in done}
    looks = [entry for entry in journal if entry.get("what") == "look"]
    look = Look.model_validate(looks[-1]) if looks and record.until else None
    decided = record.until is None or (look is not None and look.decision is not Decision.GO_ON)
    pid = holder(directory)
    unfinished = find_checkpoints(directory.path) if pid is None else []
    return SweepStatus(
        name=record.name,
        directory=directory.path,
        begun=record.begun,
        state="running"
        if pid is not None
        else "complete"
        if len(done) >= total and decided
        else "unfinished",
        pid=pid,
        scenarios=names,
        seeds=len(record.seeds),
        runs_total=total,
        runs_done=len(done),
        runs_failed=len(failed),
        runs_warned=sum(1 for run in done if warned.get(run)),
        runs_resumable=sum(one.resumable for one in unfinished),
        last_error=next(reversed(failed.values()), None),
        look=look,
    )


def find_sweeps(root: str | Path) -> list[SweepStatus]:
    """Return the sweeps in a directory: itself if it is one, else those directly in it, the newest first."""
    base = Path(root).expanduser()
    if (base / "sweep.json").is_file():
        return [sweep_status(base)]
    found = [sweep_status(record.parent) for record in base.glob("*/sweep.json")]
    return sorted(found, key=lambda status: status.begun, reverse=True)
