"""``planwise checkpoints list`` and ``remove``: half-done runs, what resumes each, and their end."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.verbs.confirming import Yes, confirm
from app.verbs.options import DATA, Json
from app.verbs.printing import print_json, print_table, say, show, sized

if TYPE_CHECKING:
    from simulation.store import Unfinished
    from simulation.store.checkpoint import Facts

LIST_EXAMPLE: Final = "Example: planwise checkpoints list data/runs"
REMOVE_EXAMPLE: Final = "Example: planwise checkpoints remove data/runs/baseline/seed_42.duckdb --yes"

_SPANS: Final = (("d", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0))


def list_(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where runs and sweeps are, at any depth.")
    ] = DATA,
    *,
    census: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The census to resume with; by default that of the run's command."),
    ] = None,
    json: Json = False,
) -> None:
    """Show the half-done runs that a kill, Ctrl-C or a full disk has left, and what resumes each."""
    from simulation.census import read_census
    from simulation.store import find_checkpoints

    given = None if census is None else read_census(census).digest
    found = find_checkpoints(directory, lambda facts: given or _own_census(facts))
    if json:
        print_json([one.model_dump() for one in found])
        return
    if not found:
        say(f"no half-done runs in {directory}")
        return
    headings = ["scenario", "seed", "committed", "events", "size", "age", "resumable"]
    print_table(headings, [_row(one) for one in found])
    for one in found:
        if one.resumable:
            show(one.command or f"simulate again with resume: {one.store}")


def remove(
    places: Annotated[
        list[Path],
        typer.Argument(metavar="STORE_OR_DIR...", help="The store that a run was to become, or a directory."),
    ],
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Remove half-done runs: they begin anew when they are run again. Never one that is being written."""
    from simulation.retention import remove_checkpoint

    found = _half_done(places)
    for one in found:
        say(f"{one.store}: {one.year or 'nothing'} committed, {sized(one.bytes)}")
    confirm(f"Remove {len(found):,} half-done runs ({sized(sum(one.bytes for one in found))})?", yes=yes)
    for one in found:
        remove_checkpoint(one.store)
    if json:
        print_json([{"store": one.store, "bytes": one.bytes} for one in found])
    else:
        show(f"{len(found):,} half-done runs removed")


def _half_done(places: list[Path]) -> list[Unfinished]:
    """Return the half-done runs of some stores or below some directories.

    Raises:
        StoreError: there is none, or one is being written.
    """
    from simulation.errors import Problem, StoreError
    from simulation.store import find_checkpoints

    found: dict[Path, Unfinished] = {}
    problems = []
    for place in (place.expanduser().resolve() for place in places):
        inside = find_checkpoints(place if place.is_dir() else place.parent)
        meant = [one for one in inside if place.is_dir() or one.store == place]
        found |= {one.store: one for one in meant}
        problems += [
            Problem(str(one.store), one.obstacle or "", hint="stop it first") for one in meant if one.running
        ]
        problems += [] if meant else [Problem(str(place), "no half-done run")]
    if problems:
        raise StoreError("these half-done runs cannot be removed", problems=problems)
    return list(found.values())


def _row(one: Unfinished) -> tuple[object, ...]:
    committed = "" if one.year is None else f"{one.year} of {one.start_year}-{one.end_year}"
    seed = "" if one.seed is None else str(one.seed)
    resumable = "yes" if one.resumable else f"no: {one.obstacle}"
    return one.scenario, seed, committed, one.events, sized(one.bytes), _age(one.age_seconds), resumable


def _own_census(facts: Facts) -> str | None:
    """Return the digest of the census that a run's command names, as the file is now."""
    census = dict(pairwise(facts.command)).get("--census")
    return None if census is None else _digest(Path(census))


@cache
def _digest(census: Path) -> str:
    from simulation.census import read_census
    from simulation.errors import CensusError

    try:
        return read_census(census).digest
    except CensusError:
        return "unreadable"


def _age(seconds: float) -> str:
    name, length = next((span for span in _SPANS if seconds >= span[1]), _SPANS[-1])
    return f"{seconds / length:.0f} {name}"
