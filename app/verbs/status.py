"""``planwise status``: where sweeps stand, from their directories."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Final

import typer

from app.verbs.options import DATA, SWEEPS, Json
from app.verbs.printing import print_json, print_table, say

EXAMPLE: Final = "Example: planwise status data/sweeps"


def status(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A sweep's directory, or one that holds several.")
    ] = SWEEPS,
    *,
    json: Json = False,
) -> None:
    """Show which sweeps there are, how many of their runs are done, and which process works on them."""
    from app.verbs.sweep_report import look_text
    from simulation.sweep import find_sweeps

    found = find_sweeps(directory)
    if json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    _say_what_is_half_done(directory)
    if not found:
        say(f"no sweeps in {directory}")
        return
    rows = [
        (
            one.name,
            one.state,
            f"{one.runs_done} of {one.runs_total}",
            one.runs_failed,
            one.runs_warned,
            one.runs_resumable,
            str(one.pid or ""),
            one.directory,
        )
        for one in found
    ]
    print_table(["sweep", "state", "done", "failed", "warned", "resumable", "process", "directory"], rows)
    for one in found:
        if one.look:
            say(f"{one.name}: {look_text(one.look)}")
        if one.last_error:
            say(f"{one.name}: {one.last_error}")


def _say_what_is_half_done(directory: Path) -> None:
    """Say how many runs can be resumed; where no directory is named, single runs count, too."""
    from simulation.store import find_checkpoints

    place = DATA if directory == SWEEPS else directory
    count = sum(one.resumable for one in find_checkpoints(place))
    if count:
        listing = f"planwise checkpoints list {shlex.quote(str(place))}"
        say(f"half-done runs that can be resumed: {count} ({listing})")
