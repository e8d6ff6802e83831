"""``planwise validate``: every problem of every file at once, and what may surprise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import Json, Settings, Years, read_years
from app.verbs.printing import print_json, show

if TYPE_CHECKING:
    from simulation.census import Census
    from simulation.errors import Problem
    from simulation.parameters import Report

EXAMPLE: Final = "Example: planwise validate scenarios/*.yaml --census census.parquet"


def validate(
    scenarios: Annotated[list[str], typer.Argument(help="Scenario files or names of shipped ones.")],
    *,
    census: Annotated[Path | None, typer.Option(metavar="FILE", help="A census to check with them.")] = None,
    years: Years = None,
    settings: Settings = None,
    json: Json = False,
) -> None:
    """Check scenario files, and a census with them; run nothing."""
    from simulation.parameters import validate_files

    reports = validate_files(scenarios, set=settings or [], years=read_years(years))
    read, problems = _census(census)
    problems += _together(reports, read, settings, read_years(years))
    ok = all(report.ok for report in reports) and not problems
    if json:
        print_json(
            {
                "ok": ok,
                "scenarios": [_as_dict(report) for report in reports],
                "census": _facts(read, problems),
            }
        )
    else:
        _show(reports, census, read, problems)
    if not ok:
        raise typer.Exit(2)


def _census(path: Path | None) -> tuple[Census | None, list[Problem]]:
    from simulation.census import read_census
    from simulation.errors import CensusError, Problem

    try:
        return (read_census(path) if path else None), []
    except CensusError as error:
        return None, list(error.problems) or [Problem(str(path), error.message)]


def _together(
    reports: Sequence[Report],
    census: Census | None,
    settings: list[str] | None,
    years: tuple[int, int] | None,
) -> list[Problem]:
    """Return what only shows when a scenario meets the census: the beginning of a run is tried."""
    from simulation.errors import PlanWiseError
    from simulation.parameters import load_scenario
    from simulation.run import run

    problems: list[Problem] = []
    for report in reports if census is not None else ():
        if report.ok:
            scenario = load_scenario(report.path, set=settings or [], years=years)
            try:
                next(run(scenario, census, [scenario.seed]))  # type: ignore[arg-type]  # not None in this loop
            except PlanWiseError as error:
                problems += error.problems
    return problems


def _as_dict(report: Report) -> dict[str, Any]:
    return {
        "path": report.path,
        "name": report.name,
        "digest": report.digest,
        "ok": report.ok,
        "problems": [str(problem) for problem in report.problems],
        "notes": [str(note) for note in report.notes],
    }


def _facts(census: Census | None, problems: list[Problem]) -> dict[str, Any] | None:
    if census is None and not problems:
        return None
    facts = {"rows": census.frame.height, "as_of": census.as_of, "digest": census.digest} if census else {}
    return {**facts, "ok": not problems, "problems": [str(problem) for problem in problems]}


def _show(
    reports: Sequence[Report], path: Path | None, census: Census | None, problems: list[Problem]
) -> None:
    for report in reports:
        show(f"{report.path}: {'fine' if report.ok else f'{len(report.problems)} problem(s)'}")
        for problem in report.problems:
            show(f"  - {problem}")
        for note in report.notes:
            show(f"  note: {note}")
    if census is not None:
        show(f"{path}: {census.frame.height:,} employees as of {census.as_of}")
    for problem in problems:
        show(f"  - {problem}")
