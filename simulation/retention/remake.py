"""A run made again from its manifest, whole, and held against every digest that the manifest has.

The log that was dropped comes back only if it is the one that was sealed, relation by relation.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from simulation.census import Census
from simulation.errors import CensusError, Problem, RunError, StoreError, WriteError
from simulation.parameters import Scenario
from simulation.parameters.restored import restored, retraced
from simulation.retention.rest import at_rest
from simulation.sealing import write_runs
from simulation.store import Checkpointing, Manifest, open_store
from simulation.store.files import publish, remove_abandoned, supplant, temporary_path, write_error
from simulation.store.manifest import YearEntry, surroundings
from simulation.version import code_version

_NEVER: Final = Checkpointing(seconds=float("inf"))
"""A run that is only wanted whole commits no year."""


@dataclass(frozen=True, slots=True)
class Remade:
    """A whole store, where it lies, and what the run was made with that is another now."""

    store: Path
    manifest: Manifest
    differences: tuple[str, ...]


def versions_that_differ(manifest: Manifest) -> tuple[str, ...]:
    """Return what the run was made with that is another here: code and dependencies."""
    then = {"code version": manifest.code_version, **manifest.dependency_versions}
    here = {"code version": code_version(), **surroundings()["dependency_versions"]}
    return tuple(
        f"{name}: made with {then.get(name, 'none')}, here {value}"
        for name, value in here.items()
        if then.get(name) != value
    )


def remake(path: Path, census: Census, *, out: Path | None = None) -> Remade:
    """Run a store's scenario, census and seed again and keep the whole log, in its place or at ``out``.

    Raises:
        StoreError: it cannot be opened, its manifest was edited, or ``out`` is taken.
        CensusError: the census is another than the run's.
        ScenarioError: this version does not know the scenario.
        RunError: the run came out otherwise than it was sealed; says where first, and which versions differ.
        WriteError: the disk or the directory refused.
    """
    with open_store(path) as store:
        manifest, told = store.manifest, store.parameters()
    _refuse(path, manifest, census, out)
    scenario = retraced(restored(manifest.scenario_json, manifest.scenario_digest), told)
    with at_rest(path):
        made = _made(out or path, manifest, scenario, census, new=out is not None)
    return Remade(out or path, made, versions_that_differ(manifest))


def _made(place: Path, then: Manifest, scenario: Scenario, census: Census, *, new: bool) -> Manifest:
    """Run again beside a place, compare, and put the store there."""
    remove_abandoned(place)
    aside = temporary_path(place)
    folder = aside.with_name(f"{aside.name}.remake")
    whole = folder / "whole.duckdb"
    try:
        for _ in write_runs(scenario, census, {then.seed: whole}, _NEVER, keep="full"):
            pass
        with open_store(whole) as store:
            now = store.manifest
        _compare(place, then, now)
        if not new:
            supplant(whole, place)
        elif not publish(whole, place):
            raise _taken(place)
    except OSError as error:
        raise write_error(place, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return now


def _refuse(path: Path, manifest: Manifest, census: Census, out: Path | None) -> None:
    if manifest.own_digest() != manifest.manifest_digest:
        hint = "its digests cannot be relied on: run planwise simulate instead"
        problem = Problem(str(path), "the manifest was edited: its own digest differs", hint=hint)
        raise StoreError("the store is not as it was sealed", problems=[problem])
    if census.digest != manifest.census_digest:
        found = f"digest {census.digest[:12]}"
        problem = Problem(f"census {census.source}", found, f"digest {manifest.census_digest[:12]}")
        raise CensusError("the run was made from another census", problems=[problem])
    if out is not None and out.exists():
        raise _taken(out)


def _compare(place: Path, then: Manifest, now: Manifest) -> None:
    """Refuse a run that came out otherwise.

    Raises:
        RunError: says which digests differ first, and what it was made with that is another here.
    """
    first = next(_other_years(then, now), None)
    if first is None:
        return
    versions = [Problem(*said.split(": ", 1)) for said in versions_that_differ(then)]
    hint = "remake it with the versions that made it" if versions else "nothing that it was made with differs"
    problems = [
        Problem(
            str(place), f"digest {now.digest[:12]}", f"{then.digest[:12]}, as the manifest promises", hint
        ),
        Problem(f"first in {first[0]}", first[1]),
        *versions,
    ]
    raise RunError("the run came out otherwise than it was sealed; nothing was replaced", problems=problems)


def _other_years(then: Manifest, now: Manifest) -> Iterator[tuple[int, str]]:
    """Yield the years whose digests differ, with the relations that do."""
    for before, after in zip(then.years, now.years, strict=True):
        names = _other_parts(before, after)
        if names or before.digest != after.digest:
            yield (
                before.year,
                f"{before.events:,} events then, {after.events:,} now; differing: {', '.join(names)}",
            )


def _other_parts(before: YearEntry, after: YearEntry) -> list[str]:
    names = sorted({part.name for part in (*before.parts, *after.parts)})
    return [name for name in names if before.part(name) != after.part(name)]


def _taken(out: Path) -> WriteError:
    problem = Problem(str(out), "there is a file of that name", hint="choose another --out")
    return WriteError("the store cannot be written there", problems=[problem])
