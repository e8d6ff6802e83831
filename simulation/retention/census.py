"""The census that a run was made from: named, found by its digest among those known, or generated again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from simulation.census import Census, generate_census, read_census
from simulation.errors import CensusError, PlanWiseError, Problem
from simulation.parameters.places import shipped_directory
from simulation.retention.rest import sweep_of
from simulation.store import Manifest
from simulation.sweep.directory import SweepDirectory
from simulation.sweep.record import read_record

_GENERATED: Final = re.compile(r"generated: (\d+) employees, seed (\d+), as of (\d{4}-\d{2}-\d{2})")


def census_of(manifest: Manifest, store: Path, data: Path, named: Path | None = None) -> Census:
    """Return the census of a run.

    Looked at is the file that is named, or else: what the run's sweep was begun with, the censuses of the
    data directory, the shipped ones, and one that is generated as the manifest says.

    Raises:
        CensusError: none has the digest of the manifest; says which digests were compared.
    """
    compared: list[Problem] = []
    for where, census in _named(named) if named else _known(manifest, store, data):
        if census.digest == manifest.census_digest:
            return census
        compared.append(Problem(where, f"digest {census.digest[:12]}"))
    wanted = Problem(
        f"{manifest.census_source}, {manifest.census_rows:,} employees as of {manifest.census_as_of}",
        f"digest {manifest.census_digest[:12]}",
        hint="name its file with --census",
    )
    raise CensusError("the census that the run was made from is not here", problems=[wanted, *compared])


def _named(path: Path) -> Iterator[tuple[str, Census]]:
    yield str(path), read_census(path)


def _known(manifest: Manifest, store: Path, data: Path) -> Iterator[tuple[str, Census]]:
    """Yield what may be the census, with where it was found; what cannot be read is passed over."""
    for path in dict.fromkeys(_files(store, data)):
        try:
            yield str(path), read_census(path)
        except (PlanWiseError, OSError):
            continue
    if said := _GENERATED.fullmatch(manifest.census_source):
        yield (
            "generated again",
            generate_census(int(said[1]), seed=int(said[2]), as_of=date.fromisoformat(said[3])),
        )


def _files(store: Path, data: Path) -> Iterator[Path]:
    if sweep := sweep_of(store):
        try:
            plan = read_record(SweepDirectory(sweep).record).plan or {}
        except PlanWiseError:
            plan = {}
        if named := plan.get("census"):
            yield Path(str(named))
    yield from sorted((data / "census").glob("*.parquet"))
    yield from sorted((shipped_directory() / "census").glob("*.parquet"))
