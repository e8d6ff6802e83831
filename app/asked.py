"""What was asked of runs, as a report tells it: out of a sweep's own files, or of the stores alone.

Reads `sweep.json` and the journal; how a report looks is `simulation.export.report`'s.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from simulation.export.report import Asked
from simulation.store.manifest import user_name
from simulation.sweep import sweep_status
from simulation.sweep.directory import SweepDirectory
from simulation.sweep.journal import read_journal
from simulation.sweep.record import SweepRecord, read_record
from simulation.sweep.result import RunStatus
from simulation.sweep.seeds import format_seeds

if TYPE_CHECKING:
    from simulation.query import Sweep

CENSUS: Final = "census.parquet"
"""Stands in a command for a census whose file is not known."""


def asked_of(places: Sequence[Path], sweep: Sweep) -> Asked:
    """Return what was asked: by a sweep if one made the runs of a directory, else what the runs show.

    Raises:
        SweepError: the record of the sweep is damaged.
    """
    made = datetime.now(UTC), user_name()
    directory = places[0] if len(places) == 1 and (places[0] / "sweep.json").is_file() else None
    if directory is None:
        order = tuple(dict.fromkeys(sweep.runs.sort("started")["scenario"]))
        return Asked(" and ".join(order), *made, order=order, commands=tuple(_runs_again(sweep)))
    return _of_sweep(SweepDirectory(directory.expanduser().resolve()), sweep, made)


def _of_sweep(directory: SweepDirectory, sweep: Sweep, made: tuple[datetime, str]) -> Asked:
    record, status = read_record(directory.record), sweep_status(directory.path)
    here = set(sweep.runs.select("scenario", "seed").iter_rows())
    names = tuple(scenario.name for scenario in record.scenarios)
    wanted = [(name, seed) for name in names for seed in record.seeds]
    failed = {
        (entry["scenario"], entry["seed"]): str(entry.get("error"))
        for entry in read_journal(directory.journal)
        if entry.get("what") == RunStatus.FAILED and (entry["scenario"], entry["seed"]) not in here
    }
    known = set(sweep.runs["scenario"])
    return Asked(
        record.name,
        *made,
        begun=record.begun,
        runs_asked=status.runs_total,
        is_running=status.pid is not None,
        missing=tuple(run for run in wanted if run not in here),
        failed=failed,
        order=tuple(name for name in names if name in known),
        commands=_sweep_again(record),
    )


def _sweep_again(record: SweepRecord) -> tuple[str, ...]:
    """Return what makes the sweep, as far as its record tells: a command, or a sweep file and its command."""
    plan = record.plan or {"census": CENSUS}
    chosen = plan.get("scenarios", ())
    if set(plan) - _OPTIONS or any(set(one) - {"scenario"} for one in chosen):
        return ("# sweep.yaml", *_as_file(plan), "# then", "planwise sweep sweep.yaml")
    years = {scenario.years for scenario in record.scenarios}
    options = {
        "--scenarios": [one["scenario"] for one in chosen] or [one.name for one in record.scenarios],
        "--seeds": [format_seeds(record.seeds)],
        "--census": [plan["census"]] if "census" in plan else [],
        "--years": ["{}-{}".format(*years.pop())] if len(years) == 1 else [],
        "--name": [record.name],
    }
    words = [word for option, values in options.items() if values for word in (option, *values)]
    settings = [word for setting in plan.get("set", ()) for word in ("--set", setting)]
    return (shlex.join(["planwise", "sweep", *words, *settings]),)


_OPTIONS: Final = frozenset({"name", "scenarios", "seeds", "census", "years", "set"})
"""What of a plan an option of the command can say."""


def _as_file(plan: Mapping[str, Any]) -> list[str]:
    """Return a plan as a sweep file; the points of a design follow from its levers."""
    design = {key: value for key, value in plan.get("design", {}).items() if key != "table"}
    told = {**plan, "design": design} if design else dict(plan)
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=90).splitlines()


def _runs_again(sweep: Sweep) -> Iterator[str]:
    """Yield the commands that make runs one by one."""
    runs = sweep.runs.sort("scenario", "seed").select("scenario", "seed", "start_year", "end_year")
    for name, seed, first, last in runs.iter_rows():
        given = {"--seed": str(seed), "--census": CENSUS, "--years": f"{first}-{last}"}
        yield shlex.join(["planwise", "simulate", name, *(word for pair in given.items() for word in pair)])
