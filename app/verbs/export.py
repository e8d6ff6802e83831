"""``planwise export`` and ``planwise batch``: runs as workbooks, Parquet or CSV."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from app.verbs.options import RUNS, CensusFile, Json, Settings, StoreFile, Years, read_years
from app.verbs.printing import print_json, say, show, shown_path
from app.verbs.spreading import SpreadingCommand, is_no_path

EXPORT_EXAMPLE: Final = (
    "Example: planwise export data/runs/baseline/seed_42.duckdb --format excel --out baseline.xlsx"
)
BATCH_EXAMPLE: Final = (
    "Example: planwise batch --scenarios baseline high_growth cost_control --export-format excel"
)

REPORT: Final = "comparison_report.xlsx"


class Format(StrEnum):
    """What a run is exported as."""

    EXCEL = "excel"
    PARQUET = "parquet"
    CSV = "csv"


class BatchCommand(SpreadingCommand):
    """Takes ``--scenarios A B C``."""

    spreading: Final = {"--scenarios": is_no_path}  # type: ignore[misc]


def export(
    store: StoreFile,
    *,
    format: Annotated[Format, typer.Option(help="A workbook, or a directory of files.")] = Format.EXCEL,  # noqa: A002
    out: Annotated[
        Path, typer.Option(metavar="F", help="The .xlsx file, or the directory of Parquet or CSV files.")
    ],
    json: Json = False,
) -> None:
    """Write one run as a workbook of six sheets, or as files with a data dictionary."""
    place = written(store, out.expanduser(), format)
    if json:
        print_json({"written": place})
    else:
        show(shown_path(place))


def batch(  # noqa: PLR0913 (each is an option)
    *,
    scenarios: Annotated[
        list[str], typer.Option("--scenarios", metavar="A B ...", help="Scenario files or shipped names.")
    ],
    seed: Annotated[int | None, typer.Option(min=0, help="Instead of each scenario's own seed.")] = None,
    census: CensusFile = None,
    years: Years = None,
    settings: Settings = None,
    export_format: Annotated[Format, typer.Option(help="What each run is exported as.")] = Format.EXCEL,
    report: Annotated[
        bool, typer.Option("--report", help="Write report.html and report.pdf too, to be read and printed.")
    ] = False,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where a folder a scenario goes.")] = RUNS,
    json: Json = False,
) -> None:
    """Run scenarios with one seed each; write a folder a scenario and a comparison of all."""
    from app.verbs.report import write_report
    from app.verbs.simulate import the_census
    from simulation.parameters import load_scenario
    from simulation.sealing import simulate

    resolved = [load_scenario(name, set=settings or [], years=read_years(years)) for name in scenarios]
    _refuse_doubles([scenario.name for scenario in resolved])
    people, directory = the_census(census), out.expanduser().resolve()
    stores = []
    for scenario in resolved:
        result = simulate(scenario, people, seed=seed, out=directory)
        place = result.store.parent / _file_name(scenario.name, export_format)
        written(result.store, place, export_format)
        say(f"{scenario.name}, seed {result.seed}: {result.events:,} events, {shown_path(place)}")
        stores.append(result.store)
    comparison = _comparison(stores, directory) if len(stores) > 1 else None
    pages = write_report(stores, directory) if report else []
    if json:
        print_json({"directory": directory, "stores": stores, "report": comparison, "pages": pages})
    else:
        for place in (comparison or directory, *pages):
            show(shown_path(place))


def written(store: Path, place: Path, kind: Format) -> Path:
    """Write a run in a format, whole or not at all, and return where; an earlier export is replaced.

    Raises:
        InputError: the place is a directory of something else, or a workbook's name does not end in .xlsx.
        WriteError: the directory or the disk refused.
    """
    from app.verbs.files import whole
    from simulation.export.bundle import write_bundle
    from simulation.export.run_workbook import write_run
    from simulation.store import open_store

    _refuse_place(place, kind)
    with open_store(store) as opened:
        if kind is Format.EXCEL:
            return whole(place, lambda partial: write_run(opened, partial))
        return whole(place, lambda partial: write_bundle(opened, partial, kind.value))


def _refuse_place(place: Path, kind: Format) -> None:
    from simulation.errors import InputError, Problem
    from simulation.export.bundle import DICTIONARY

    if kind is Format.EXCEL and place.suffix.lower() != ".xlsx":
        problem = Problem("--out", str(place), "a path that ends in .xlsx")
    elif kind is not Format.EXCEL and place.exists() and not (place / DICTIONARY).exists():
        problem = Problem("--out", f"{place} holds something else", "a new directory, or an earlier export")
    else:
        return
    raise InputError("the run cannot be exported there", problems=[problem])


def _comparison(stores: list[Path], directory: Path) -> Path:
    from app.verbs.files import whole
    from simulation.export.comparison_workbook import write_comparison
    from simulation.query import open_sweep

    sweep = open_sweep(stores)
    return whole(directory / REPORT, lambda partial: write_comparison(sweep, partial))


def _file_name(scenario: str, kind: Format) -> str:
    return f"{scenario}.xlsx" if kind is Format.EXCEL else f"{scenario}_{kind.value}"


def _refuse_doubles(names: list[str]) -> None:
    from simulation.errors import InputError, Problem

    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        problems = [Problem("--scenarios", f"{name!r} more than once", "each name once") for name in doubles]
        raise InputError("two scenarios would share a folder", problems=problems)
