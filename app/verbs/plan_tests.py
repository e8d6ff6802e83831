"""``planwise test-plan``: does the plan of a run pass, whom does it hit, what would putting it right cost?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from app.verbs.options import Json
from app.verbs.printing import print_json, print_table, say, shown_path

if TYPE_CHECKING:
    from simulation.compliance import Verdict

EXAMPLE: Final = (
    "Example: planwise test-plan data/runs/baseline/seed_42.duckdb --year 2027 --export tests.xlsx"
)

_COLUMNS: Final = (
    ("year", "year"),
    ("title", "test"),
    ("group", "group"),
    ("outcome", "outcome"),
    ("margin", "margin"),
    ("refunds", "refunds"),
    ("cost", "cost"),
    ("reason", "why"),
)
_RATES: Final = (
    ("scenario", "scenario"),
    ("year", "year"),
    ("title", "test"),
    ("group", "group"),
    ("runs", "runs"),
    ("failed", "failed"),
    ("probability", "P(fail)"),
    ("mean_margin", "mean margin"),
    ("lowest_margin", "lowest"),
    ("mean_refunds", "mean refunds"),
    ("mean_cost", "mean cost"),
    ("reason", "why"),
)
_SHARES: Final = ("margin", "probability", "mean_margin", "lowest_margin")


def plan_tests(
    place: Annotated[
        Path,
        typer.Argument(metavar="STORE", help="A run's store, or a directory of many: how often each fails."),
    ],
    *,
    year: Annotated[int | None, typer.Option(metavar="Y", help="Only this plan year.")] = None,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Write a workbook, one sheet a test.")
    ] = None,
    anonymize: Annotated[
        bool, typer.Option("--anonymize", help="Replace ids, blur dates, withhold small numbers of people.")
    ] = False,
    key: Annotated[
        str | None, typer.Option(help="With --anonymize: the same key gives the same ids again.")
    ] = None,
    json: Json = False,
) -> None:
    """Test the plan of a finished run: ADP, ACP, limits, coverage, top-heavy and the rest, with reasons."""
    _check(place, export, key, anonymize=anonymize)
    if place.is_dir():
        _over_many(place, year, json=json)
        return
    from simulation.query import plan_tests as tested

    verdicts = tested(place, year)
    if anonymize:
        from simulation.export.anonymised import anonymised

        verdicts = anonymised(verdicts, key)
    if export is not None:
        _export(verdicts, export, place)
    if json:
        print_json([_as_dict(verdict) for verdict in verdicts])
        return
    from simulation.query import verdict_frame

    print_table(
        [head for _, head in _COLUMNS], [_line(row, _COLUMNS) for row in verdict_frame(verdicts).to_dicts()]
    )
    if not verdicts:
        say("the scenario has no plan: there is nothing to test")


def _check(place: Path, export: Path | None, key: str | None, *, anonymize: bool) -> None:
    """Refuse what would not be done, before a long reading: above all names that were to be replaced."""
    from simulation.errors import InputError, Problem

    refused = []
    if export is not None and place.is_dir():
        hint = "name one run's store to export its tests"
        refused.append(Problem("--export", f"{place} is a directory of runs", hint=hint))
    elif export is not None and export.suffix.lower() != ".xlsx":
        refused.append(Problem("--export", str(export), "a path that ends in .xlsx"))
    if key is not None and not anonymize:
        refused.append(Problem("--key", "given without --anonymize", hint="add --anonymize"))
    if refused:
        raise InputError("the tests cannot be given so", problems=refused)


def _over_many(directory: Path, year: int | None, *, json: bool) -> None:
    from simulation.errors import Problem, QueryError
    from simulation.query import failure_rates, open_sweep

    sweep = open_sweep(directory)
    rates = failure_rates(sweep)
    rows = [row for row in rates.to_dicts() if year in {None, row["year"]}]
    if rates.height and not rows:
        known = sorted(rates["year"].unique().to_list())
        problem = Problem("--year", str(year), f"{known[0]} to {known[-1]}")
        raise QueryError("the runs do not have this year", problems=[problem])
    if json:
        print_json(rows)
        return
    print_table([head for _, head in _RATES], [_rate_line(row) for row in rows])
    for name in sweep.scenarios:
        if name not in rates["scenario"]:
            say(f"{name} has no plan: there is nothing to test")


def _line(row: dict[str, Any], columns: Sequence[tuple[str, str]]) -> list[object]:
    """Return the cells of a row: shares in percent, the year without a separator."""
    shown = {name: f"{float(row[name]):.2%}" for name in _SHARES if row.get(name) is not None}
    return [{**row, **shown, "year": str(row["year"])}[name] for name, _ in columns]


def _rate_line(row: dict[str, Any]) -> list[object]:
    """Return the cells of how often a test fails, in words where it applies to no run."""
    said = {} if row["applies"] else {"probability": "does not apply"}
    heads = [name for name, _ in _RATES]
    return [said.get(name, cell) for name, cell in zip(heads, _line(row, _RATES), strict=True)]


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    from simulation.query import verdict_frame

    figures = [
        {
            "title": figure.title,
            "unit": "dollars" if figure.unit == "cents" else figure.unit,
            "value": None if figure.value is None else _in_dollars(figure.unit, figure.value),
            **({} if figure.below is None else {"below": figure.below}),
        }
        for figure in verdict.figures
    ]
    return {**verdict_frame([verdict]).to_dicts()[0], "figures": figures}


def _in_dollars(unit: str, value: Any) -> Any:
    from fractions import Fraction

    from simulation.query.plan_tests import decimal
    from simulation.units import CENTS_PER_DOLLAR

    return decimal(Fraction(value) / CENTS_PER_DOLLAR if unit == "cents" else value)


def _export(verdicts: Sequence[Verdict], path: Path, store: Path) -> None:
    from simulation.errors import Problem, WriteError
    from simulation.export.plan_tests import write_plan_tests

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_plan_tests(verdicts, path, f"Plan tests of {store.parent.name}, {store.stem.replace('_', ' ')}")
    except OSError as error:
        problem = Problem(
            str(path), error.strerror or str(error), hint="choose a place that you may write to"
        )
        raise WriteError("the workbook cannot be written", problems=[problem]) from error
    say(f"wrote {shown_path(path)}")
