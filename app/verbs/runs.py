"""``planwise runs list``, ``show`` and ``rebuild``: what ran, when, by whom, from what, with what result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import DATA, Json, parse_date
from app.verbs.printing import print_json, print_table, say, show, sized
from app.verbs.run_choice import Data, Run, catalogue_of

if TYPE_CHECKING:
    from datetime import date

    from simulation.catalogue import Annotation, Entry, RunCatalogue

LIST_EXAMPLE: Final = "Example: planwise runs list --scenario 'high_*' --tag board --since 2026-11-01"
SHOW_EXAMPLE: Final = "Example: planwise runs show data/runs/baseline/seed_42.duckdb"
REBUILD_EXAMPLE: Final = "Example: planwise runs rebuild --data data"


def list_(  # noqa: PLR0913 (each is an option)
    *,
    scenario: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of this scenario; * and ? stand for others.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(metavar="TAG", help="With this tag; may be repeated.")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Finished on this day or later.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Finished on this day or before.")] = None,
    digest: Annotated[
        str, typer.Option(metavar="DIGEST", help="Whose log, scenario or census has a digest that begins so.")
    ] = "",
    archived: Annotated[bool, typer.Option("--archived", help="Those that were put away instead.")] = False,
    data: Data = DATA,
    json: Json = False,
) -> None:
    """List the runs of the data directory, the latest first: sealed, failed, and what cannot be read."""
    from simulation.catalogue import Search

    search = Search(
        scenario, tuple(tag or ()), _day(since, "--since"), _day(until, "--until"), digest, archived
    )
    catalogue = catalogue_of(data)
    found = catalogue.search(search)
    if json:
        print_json([as_dict(entry, catalogue.root) for entry in found])
        return
    if not found:
        _say_why_none(catalogue, search.scenario)
        return
    print_table(list(_COLUMNS), [[_COLUMNS[name](entry) for name in _COLUMNS] for entry in found])
    for entry in found:
        if entry.problem:
            say(f"{entry.store}: {entry.problem}")
    put_away = sum(entry.archived for entry in catalogue.entries)
    if put_away and not archived:
        say(f"put away and not shown: {put_away} (--archived)")


def show_run(
    run: Run,
    *,
    data: Data = DATA,
    json: Json = False,
) -> None:
    """Show all that is known of a run: what it was made from, its result, what was dropped, who said what."""
    catalogue = catalogue_of(data)
    entry = catalogue.select_one(run)
    history = list(catalogue.said.of(entry.key))
    summary, dropped = _inside(catalogue, entry)
    if json:
        told = {"dropped": dropped, "history": [one.model_dump(mode="json") for one in history]}
        print_json({**as_dict(entry, catalogue.root), "summary": summary, **told})
        return
    _show(entry, catalogue.root, dropped, history)
    if summary:
        _print_summary(summary)


def rebuild(*, data: Data = DATA, json: Json = False) -> None:
    """Make the catalogue anew from the stores; tags and notes stay."""
    catalogue = catalogue_of(data)
    entries = catalogue.rebuild()
    unread = [entry for entry in entries if entry.state == "unreadable"]
    if json:
        print_json({"data": catalogue.root, "runs": len(entries), "unreadable": len(unread)})
        return
    show(f"{len(entries):,} runs in {catalogue.root}, {len(unread)} of them cannot be read")


def as_dict(entry: Entry, root: Path) -> dict[str, Any]:
    """Return an entry for a program: the store by its whole path."""
    return {**dict(entry), "store": entry.path(root), "sweep": entry.sweep or None}


def _day(text: str | None, option: str) -> date | None:
    return None if text is None else parse_date(text, option)


def _seed(entry: Entry) -> str:
    return "" if entry.seed is None else str(entry.seed)


def _years(entry: Entry) -> str:
    return "" if entry.start_year is None else f"{entry.start_year}-{entry.end_year}"


def _when(entry: Entry) -> str:
    return f"{entry.finished:%Y-%m-%d %H:%M}" if entry.finished else ""


_COLUMNS: Final[Mapping[str, Callable[[Entry], object]]] = {
    "scenario": lambda entry: entry.scenario,
    "seed": _seed,
    "years": _years,
    "finished (UTC)": _when,
    "by": lambda entry: entry.user,
    "state": lambda entry: entry.state.value,
    "keeps": lambda entry: entry.keep,
    "size": lambda entry: sized(entry.bytes) if entry.bytes else "",
    "headcount": lambda entry: entry.result.get("headcount_end"),
    "employer cost": lambda entry: entry.result.get("employer_cost"),
    "warned": lambda entry: entry.warnings or None,
    "digest": lambda entry: entry.digest[:12],
    "tags": lambda entry: ", ".join(entry.tags),
    "store": lambda entry: entry.store,
}
"""What the list says of a run; the result is that of the last year."""


def _say_why_none(catalogue: RunCatalogue, scenario: str | None) -> None:
    from simulation.errors import nearest

    names = sorted({entry.scenario for entry in catalogue.entries if entry.scenario})
    hint = nearest(scenario, names) if scenario else ""
    many = f"{len(catalogue.entries):,} runs" if catalogue.entries else "no runs"
    found = f"no such runs; there are {many}" if catalogue.entries else many
    say(f"{found} in {catalogue.root}" + (f"; {hint}" if hint else ""))


def _inside(catalogue: RunCatalogue, entry: Entry) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return a sealed run's summary by year, and the rows by relation that were dropped of it."""
    if entry.state not in {"sealed", "edited"}:
        return [], {}
    from app.verbs.simulate import summary_by_year
    from simulation.store import open_store
    from simulation.store.reduction import dropped_rows

    with open_store(entry.path(catalogue.root)) as store:
        return summary_by_year(store.summary()), dropped_rows(store.manifest)


def _show(entry: Entry, root: Path, dropped: dict[str, int], history: Sequence[Annotation]) -> None:
    census = f"{entry.census_source} ({entry.census_rows or 0:,} rows, as of {entry.census_as_of})"
    lines = {
        "store": entry.path(root),
        "state": f"{entry.state}" + (f": {entry.problem}" if entry.problem else ""),
        "run": f"{entry.scenario}, seed {_seed(entry)}, {_years(entry)}" if entry.scenario else "",
        "digest": entry.digest,
        "events": f"{entry.events:,}" if entry.events is not None else "",
        "finished": f"{_when(entry)} UTC" if entry.finished else "",
        "by": f"{entry.user} on {entry.host}" if entry.user else "",
        "code": entry.code_version,
        "scenario": entry.scenario_digest,
        "census": f"{census} {entry.census_digest}" if entry.census_digest else "",
        "plan": entry.plan_design_id,
        "sweep": entry.sweep,
        "keeps": f"{entry.keep}, {sized(entry.bytes)}" if entry.keep else "",
        "dropped": f"{sum(dropped.values()):,} rows of {len(dropped)} relations" if dropped else "",
        "warnings": f"{entry.warnings} of data quality" if entry.warnings else "",
        "tags": ", ".join(entry.tags),
        "note": entry.note,
        "put away": "yes" if entry.archived else "",
    }
    width = max(map(len, lines)) + 2
    for name, value in lines.items():
        if value:
            show(f"{name:<{width}}{value}")
    for one in history:
        show(f"{'':<{width}}{one.at:%Y-%m-%d %H:%M} {one.by}: {one.what} {one.value}".rstrip())


def _print_summary(summary: list[dict[str, Any]]) -> None:
    from app.verbs.telling import metric_text

    metrics = dict.fromkeys(name for year in summary for name in year if name != "year")
    rows = [[metric, *(metric_text(metric, year.get(metric)) for year in summary)] for metric in metrics]
    print_table(["metric", *(str(year["year"]) for year in summary)], rows)
