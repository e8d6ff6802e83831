"""``planwise runs keep`` and ``remake``: how much of a run's log is kept, and how it comes back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import DATA, Json
from app.verbs.printing import print_json, say, show, shown_path, sized
from app.verbs.run_choice import Data, Run, Runs, catalogue_of, each, with_stores

if TYPE_CHECKING:
    from simulation.retention import Reduction

KEEP_EXAMPLE: Final = "Example: planwise runs keep summary data/sweeps/demo"
REMAKE_EXAMPLE: Final = (
    "Example: planwise runs remake data/runs/baseline/seed_42.duckdb --census census.parquet"
)


class Less(StrEnum):
    """What may be kept of a whole log."""

    LIFECYCLE = "lifecycle"
    SUMMARY = "summary"


def keep(
    less: Annotated[
        Less,
        typer.Argument(metavar="lifecycle|summary", help="Changes of standing, or the year summaries only."),
    ],
    runs: Runs,
    *,
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Drop events of sealed runs; their digests stay, so that a run made again can be held against them."""
    from simulation.catalogue import Action
    from simulation.retention import reduce
    from simulation.store.manifest import user_name

    catalogue = catalogue_of(data)
    chosen = with_stores(catalogue.select(runs))
    outcome = each(chosen, lambda entry: reduce(entry.path(catalogue.root), less.value))
    smaller = [entry for entry, result in outcome.done if result.before != result.after]
    if smaller:
        catalogue.annotate(Action.REDUCED, smaller, by=user_name(), value=less.value)
    if json:
        kept = [_as_dict(result) for _, result in outcome.done]
        print_json({"kept": kept, "failed": outcome.failed})
    else:
        for entry, result in outcome.done:
            show(f"{entry.store}: {_told(result)}")
        if smaller:
            say("planwise runs remake makes a whole log again, of the same code version and census")
    outcome.end()


def remake(
    run: Run,
    *,
    census: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The run's census; without it, it is looked for by its digest."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new store, instead of in the place of the run's.")
    ] = None,
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Run again what a manifest describes; the whole log is kept if every digest is the one it promises."""
    from simulation.catalogue import Action
    from simulation.retention import census_of
    from simulation.retention import remake as made_again
    from simulation.store import open_store
    from simulation.store.manifest import user_name

    catalogue = catalogue_of(data)
    (entry,) = with_stores([catalogue.select_one(run)])
    store = entry.path(catalogue.root)
    with open_store(store) as opened:
        people = census_of(opened.manifest, store, catalogue.root, census)
    place = None if out is None else out.expanduser().resolve()
    remade = made_again(store, people, out=place)
    became = None if place else (remade.manifest.digest, remade.manifest.started)
    catalogue.annotate(Action.REMADE, [entry], by=user_name(), value=str(place or ""), became=became)
    digest, events = remade.manifest.digest, remade.manifest.events
    if json:
        print_json(
            {"store": remade.store, "digest": digest, "events": events, "made_with": remade.differences}
        )
        return
    say(f"{events:,} events, digest {digest[:12]}, every part as the manifest has it")
    for difference in remade.differences:
        say(f"note: {difference}; it makes no difference to this run")
    show(shown_path(remade.store))


def _as_dict(result: Reduction) -> dict[str, Any]:
    return {
        "store": result.store,
        "digest": result.digest,
        "before": result.before,
        "after": result.after,
        "bytes_before": result.bytes_before,
        "bytes_after": result.bytes_after,
        "dropped": result.dropped,
    }


def _told(result: Reduction) -> str:
    if result.before == result.after:
        return f"keeps {result.after} already"
    rows = sum(result.dropped.values())
    return f"{rows:,} rows dropped, {sized(result.bytes_before)} → {sized(result.bytes_after)}"
