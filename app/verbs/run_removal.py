"""``planwise runs delete``: runs removed with what lies beside them, when somebody means it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.verbs.confirming import Yes, confirm
from app.verbs.options import DATA, Json
from app.verbs.printing import print_json, say, show, shown_path, sized
from app.verbs.run_choice import Data, Runs, catalogue_of, each, with_stores

if TYPE_CHECKING:
    from simulation.catalogue import Entry

DELETE_EXAMPLE: Final = "Example: planwise runs delete data/sweeps/demo --yes"

_LISTED: Final = 20
"""Runs that are named before somebody is asked."""


def delete(runs: Runs, *, yes: Yes = False, data: Data = DATA, json: Json = False) -> None:
    """Remove runs and what lies beside them; with a sweep's directory its record goes, too."""
    from simulation.catalogue import Action
    from simulation.retention import remove_store, remove_sweep
    from simulation.store.manifest import user_name

    catalogue = catalogue_of(data)
    named = catalogue.select(runs)
    chosen = with_stores(named)
    sweeps = _whole(runs, [catalogue.root / entry.sweep for entry in named if entry.sweep])
    _announce(chosen)
    size = sized(sum(entry.bytes for entry in chosen))
    confirm(f"Remove {len(chosen):,} runs ({size}) from {catalogue.root}?", yes=yes)
    outcome = each(chosen, lambda entry: remove_store(entry.path(catalogue.root)))
    if outcome.done:
        catalogue.annotate(Action.DELETED, outcome.entries, by=user_name())
    removed = [result for _, result in outcome.done]
    removed += [] if outcome.failed else [remove_sweep(sweep) for sweep in sweeps]
    files = [file for result in removed for file in result.files]
    gone = sum(result.bytes for result in removed)
    if json:
        print_json({"runs": len(outcome.done), "files": files, "bytes": gone, "failed": outcome.failed})
    else:
        for file in files:
            say(f"removed {shown_path(file)}")
        show(f"{len(outcome.done):,} runs removed: {len(files):,} files, {sized(gone)}")
    _say_what_stays(sweeps)
    outcome.end()


def _whole(words: Sequence[str], sweeps: Sequence[Path]) -> list[Path]:
    """Return the sweeps all of whose directory was named."""
    named = [Path(word).expanduser().resolve() for word in words if Path(word).expanduser().is_dir()]
    return sorted({sweep for sweep in sweeps if any(sweep.is_relative_to(place) for place in named)})


def _announce(chosen: Sequence[Entry]) -> None:
    for entry in chosen[:_LISTED]:
        said = [entry.scenario or entry.state.value, sized(entry.bytes), *entry.tags]
        say(f"{entry.store}: {', '.join(said)}")
    if len(chosen) > _LISTED:
        say(f"and {len(chosen) - _LISTED:,} more")


def _say_what_stays(sweeps: Sequence[Path]) -> None:
    for sweep in sweeps:
        if sweep.exists():
            names = ", ".join(sorted(path.name for path in sweep.iterdir()))
            say(f"{shown_path(sweep)} stays with what is in it: {names}")
