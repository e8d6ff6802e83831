"""The workbook of one run: the six sheets that analysts know, from its sealed store alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Final

import polars as pl

from simulation.export.sheets import TOP, Book, Sheet, workbook
from simulation.metrics import BY_NAME, METRICS, Unit
from simulation.store import Manifest, Store

SHEETS: Final = (
    "Workforce Snapshot",
    "Headcount Metrics",
    "Event Summary",
    "Scenario Metadata",
    "Configuration",
    "Git Information",
)
SNAPSHOT, METRIC_SHEET, EVENT_SHEET, METADATA, CONFIGURATION, GIT = SHEETS

UNITS: Final[Mapping[Unit, tuple[str, str]]] = MappingProxyType(
    {Unit.PEOPLE: ("count", "people"), Unit.DOLLARS: ("money", "US dollars"), Unit.RATE: ("rate", "share")}
)
"""Style and name of each unit of a metric."""

_MONEY: Final = MappingProxyType({"deferral_rate": "rate", "scheduled_hours": "count"})

_CHARTED: Final = ("headcount_end", "hires", "terminations")


def write_run(store: Store, place: Path | BinaryIO) -> None:
    """Write a run's workbook to a file or a stream.

    A store that keeps no row a person has no workforce to show, and the sheet says so.

    Raises:
        OSError: the directory or the disk refused.
    """
    with workbook(place) as book:
        book.add(_workforce(store))
        _metrics(book, store)
        book.add(_events(store))
        book.add(_facts(METADATA, "What was run", _metadata(store.manifest)))
        book.add(_configuration(store))
        book.add(_facts(GIT, "What it was run by", _code(store.manifest)))


def metric_table(summary: pl.DataFrame) -> pl.DataFrame:
    """Return one row a metric in the registry's order: title, unit, a column a year, definition."""
    wide = summary.pivot("simulation_year", index="metric", values="value", sort_columns=True)
    told = pl.DataFrame(
        {
            "metric": [metric.name for metric in METRICS],
            "title": [metric.title for metric in METRICS],
            "unit": [UNITS[metric.unit][1] for metric in METRICS],
            "definition": [metric.definition for metric in METRICS],
        }
    )
    years = [name for name in wide.columns if name != "metric"]
    return told.join(wide, on="metric", how="inner", maintain_order="left").select(
        "title", "unit", *years, "metric", "definition"
    )


def row_styles(table: pl.DataFrame) -> list[str]:
    """Return the style of each metric's numbers."""
    return [UNITS[BY_NAME[name].unit][0] for name in table["metric"]]


def _workforce(store: Store) -> Sheet:
    manifest = store.manifest
    title = f"Who worked in each year: {manifest.scenario_id}, seed {manifest.seed}"
    if manifest.keep == "summary":
        return Sheet(SNAPSHOT, title, pl.DataFrame(), "The run keeps summaries only (output.keep).")
    rows = store.sql(
        "SELECT * EXCLUDE (scenario_id, seed) FROM fct_workforce_snapshot"
        " ORDER BY simulation_year, employee_id"
    )
    note = "One row an employee and year end; amounts in US dollars."
    return Sheet(SNAPSHOT, title, rows, note, styles=_MONEY)


def _metrics(book: Book, store: Store) -> None:
    table = metric_table(store.summary().select("simulation_year", "metric", "value"))
    sheet = Sheet(
        METRIC_SHEET,
        "Headcount, pay and plan by year",
        table,
        "Each metric in its own unit; definitions at the right.",
        headings={"metric": "Name"},
        styles={"definition": "text"},
        row_styles=row_styles(table),
    )
    page = book.add(sheet)
    years = [place for place, name in enumerate(table.columns) if name.isdigit()]
    chart = book.workbook.add_chart({"type": "line"})
    for row, name in enumerate(table["metric"], start=TOP + 1):
        if name in _CHARTED:
            chart.add_series(
                {
                    "name": [METRIC_SHEET, row, 0],
                    "categories": [METRIC_SHEET, TOP, years[0], TOP, years[-1]],
                    "values": [METRIC_SHEET, row, years[0], row, years[-1]],
                    "marker": {"type": "circle", "size": 5},
                }
            )
    chart.set_title({"name": "Headcount, hires and terminations"})
    chart.set_y_axis({"name": "people", "num_format": "#,##0"})
    chart.set_size({"width": 760, "height": 340})
    page.insert_chart(TOP + table.height + 3, 0, chart)


def _events(store: Store) -> Sheet:
    title = "What happened, by year and kind"
    if store.manifest.keep != "full":
        counted = pl.DataFrame(
            [
                (entry.year, part.name.removeprefix("event_"), part.rows)
                for entry in store.manifest.years
                for part in entry.parts
                if part.name.startswith("event_")
            ],
            schema={"simulation_year": pl.Int32, "event_type": pl.String, "events": pl.Int64},
            orient="row",
        )
        note = "Counts from the manifest: the run does not keep every event, so that amounts are not known."
        return Sheet(EVENT_SHEET, title, counted, note)
    rows = store.sql(
        "SELECT simulation_year, event_type, count(*) AS events, count(DISTINCT employee_id) AS people,"
        " sum(amount) AS amount FROM fct_yearly_events GROUP BY ALL ORDER BY ALL"
    )
    note = "Amounts in US dollars: an arrival's pay, a raise, a contribution, as docs/events.md says."
    return Sheet(EVENT_SHEET, title, rows, note)


def _configuration(store: Store) -> Sheet:
    """Return every assumption with its unit and what set it, spans of years with one value on one row."""
    rows = store.parameters().select(
        "parameter",
        "job_level",
        pl.col("simulation_year").alias("year"),
        "value",
        "unit",
        "origin",
    )
    same = ("parameter", "job_level", "value", "unit", "origin")
    spans = (
        rows.sort("parameter", "job_level", "year", nulls_last=False)
        .with_columns(span=pl.struct(same).rle_id())
        .group_by("span", maintain_order=True)
        .agg(*(pl.col(name).first() for name in same), first=pl.col("year").min(), last=pl.col("year").max())
        .select("parameter", "job_level", "first", "last", "value", "unit", "origin")
    )
    return Sheet(
        CONFIGURATION,
        "What was assumed",
        spans,
        "Every value that the run used. No level: it holds for all.",
        headings={"first": "First year", "last": "Last year", "origin": "Set by"},
        styles={"first": "plain", "last": "plain"},
    )


def _facts(name: str, title: str, facts: Mapping[str, object]) -> Sheet:
    rows = pl.DataFrame(
        {"fact": [*facts], "value": [str(value) for value in facts.values()]},
        schema={"fact": pl.String, "value": pl.String},
    )
    return Sheet(name, title, rows)


def _metadata(manifest: Manifest) -> dict[str, object]:
    return {
        "Scenario": manifest.scenario_id,
        "Plan design": manifest.plan_design_id,
        "Seed": manifest.seed,
        "Years": f"{manifest.start_year}-{manifest.end_year}",
        "Census": manifest.census_source,
        "Census as of": manifest.census_as_of,
        "People in the census": manifest.census_rows,
        "Events": manifest.events,
        "Kept": manifest.keep,
        "Started (UTC)": manifest.started.isoformat(sep=" ", timespec="seconds"),
        "Finished (UTC)": manifest.finished.isoformat(sep=" ", timespec="seconds"),
        "Host": manifest.host,
        "User": manifest.user,
    }


def _code(manifest: Manifest) -> dict[str, object]:
    """Return what tells the code and the inputs apart from all others: digests hold where there is no git."""
    return {
        "Code version": manifest.code_version,
        "Store version": manifest.schema_version,
        "Run digest": manifest.digest,
        "Scenario digest": manifest.scenario_digest,
        "Census digest": manifest.census_digest,
        "Manifest digest": manifest.manifest_digest,
        **{f"{name} version": version for name, version in manifest.dependency_versions.items()},
    }
