"""``planwise checkpoints list``: which half-done runs can be resumed, and by which command."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.verbs.options import DATA, Json
from app.verbs.printing import print_json, print_table, say, show

if TYPE_CHECKING:
    from simulation.store import Unfinished
    from simulation.store.checkpoint import Facts

LIST_EXAMPLE: Final = "Example: planwise checkpoints list data/runs"

_SPANS: Final = (("d", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0))
_SIZES: Final = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


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


def _row(one: Unfinished) -> tuple[object, ...]:
    committed = "" if one.year is None else f"{one.year} of {one.start_year}-{one.end_year}"
    seed = "" if one.seed is None else str(one.seed)
    resumable = "yes" if one.resumable else f"no: {one.obstacle}"
    return one.scenario, seed, committed, one.events, _size(one.bytes), _age(one.age_seconds), resumable


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


def _size(count: int) -> str:
    name, length = next((size for size in _SIZES if count >= size[1]), _SIZES[-1])
    return f"{count / length:.1f} {name}"
