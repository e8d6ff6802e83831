"""Records out of stores and journals: the slow part of the catalogue, done once a file and change.

What cannot be read becomes a record that says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import polars as pl

from simulation.catalogue.entry import HEADLINES, SET_ASIDE, Record, State
from simulation.catalogue.files import Source
from simulation.errors import Problem
from simulation.query.federation import Extract, extracts
from simulation.store.relations import QUALITY, SUMMARY
from simulation.sweep.journal import read_journal
from simulation.sweep.result import RunStatus

_FROM_MANIFEST: Final = {
    "scenario": "scenario_id",
    **{
        name: name
        for name in (
            *("plan_design_id", "seed", "start_year", "end_year", "scenario_digest"),
            *("census_digest", "census_source", "census_as_of", "census_rows", "code_version", "keep"),
            *("digest", "events", "started", "finished", "host", "user"),
        )
    },
}
"""Fields of a record by those of a manifest."""


def read_records(root: Path, sources: Sequence[Source]) -> Iterator[tuple[Source, tuple[Record, ...]]]:
    """Yield each source with what it tells: a store one run, a journal the runs that failed."""
    stores = [source for source in sources if not source.is_journal]
    told = extracts([root / source.path for source in stores], (SUMMARY, QUALITY))
    for source, extract in zip(stores, told, strict=True):
        yield source, (_of_store(root, source, extract),)
    for source in sources:
        if source.is_journal:
            yield source, tuple(_of_journal(root, source))


def _of_store(root: Path, source: Source, extract: Extract | Problem) -> Record:
    if isinstance(extract, Problem):
        state, problem, told = State.UNREADABLE, _said(root, extract), {}
    else:
        state, problem, told = State.SEALED, "", _told(extract)
        if extract.manifest.own_digest() != extract.manifest.manifest_digest:
            state, problem = State.EDITED, "the manifest was edited: its own digest differs"
    if source.path.endswith(SET_ASIDE):
        state, problem = State.SET_ASIDE, problem or "of other inputs than its sweep was begun with"
    return Record(store=source.path, state=state, problem=problem, bytes=source.bytes, **told)


def _told(extract: Extract) -> dict[str, Any]:
    manifest = extract.manifest
    return {
        **{field: getattr(manifest, of) for field, of in _FROM_MANIFEST.items()},
        "warnings": extract.relations[QUALITY.name].height,
        "result": _result(extract.relations[SUMMARY.name], manifest.end_year),
    }


def _result(summary: pl.DataFrame, year: int) -> dict[str, Any]:
    last = summary.filter((pl.col("simulation_year") == year) & pl.col("metric").is_in(HEADLINES))
    values = dict(last.select("metric", "value").iter_rows())
    return {metric: values.get(metric) for metric in HEADLINES}


def _said(root: Path, problem: Problem) -> str:
    """Return what is wrong with a store wherever its data directory lies."""
    parts = (problem.found, f"allowed: {problem.allowed}" if problem.allowed else "", problem.hint)
    return "; ".join(part for part in parts if part).replace(f"{root}/", "")


def _of_journal(root: Path, source: Source) -> Iterator[Record]:
    """Yield the runs whose last attempt failed; whether a store came later is for the catalogue to see."""
    begun: Mapping[str, Any] = {}
    last: dict[tuple[str, int], Record | None] = {}
    for line in read_journal(root / source.path):
        if line.get("what") == "begun":
            begun = line
        scenario, seed = line.get("scenario"), line.get("seed")
        if not (isinstance(scenario, str) and isinstance(seed, int)):
            continue
        if line.get("what") == RunStatus.FAILED:
            last[scenario, seed] = _failed(source, line, begun)
        elif line.get("what") == RunStatus.DONE:
            last[scenario, seed] = None
    yield from (record for record in last.values() if record is not None)


def _failed(source: Source, line: Mapping[str, Any], begun: Mapping[str, Any]) -> Record:
    folder = source.path.rpartition("/")[0]
    scenario, seed = line["scenario"], line["seed"]
    return Record(
        store=f"{folder}/{scenario}/seed_{seed}.duckdb".removeprefix("/"),
        state=State.FAILED,
        problem=str(line.get("error", "")),
        scenario=scenario,
        seed=seed,
        finished=_time(line.get("at")),
        user=str(begun.get("user", "")),
        host=str(begun.get("host", "")),
    )


def _time(text: object) -> datetime | None:
    """Return a journal's time without its zone, as manifests have theirs."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=None)
    except ValueError:
        return None
