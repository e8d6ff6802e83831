"""Does the plan pass? How often each test fails, and what lies behind the failures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from simulation.export.report.blocks import Block, Column, Notice, Section, Table, Text
from simulation.export.report.facts import Facts
from simulation.export.report.written import MISSING, counted, number, share
from simulation.metrics import Unit
from simulation.query import rates_of

_TEST: Final = ("test", "title", "section", "group")
ALL: Final = "all"


def verdicts(facts: Facts) -> Section:
    """Return the section."""
    return Section("verdicts", "Does the plan pass its tests?", tuple(_blocks(facts)))


def _blocks(facts: Facts) -> Iterator[Block]:
    if facts.tested is None:
        yield Text("The tests of the plan were not asked for: planwise test-plan makes them.")
        return
    found = facts.tested.found
    for name, why in facts.tested.refused.items():
        yield Notice(f"{name} could not be tested. {why}")
    silent = [name for name in facts.names if name not in {*found["scenario"], *facts.tested.refused}]
    if silent:
        yield Text(f"No plan, hence nothing to test: {', '.join(silent)}.")
    if found.height:
        yield from _found(facts, found)


def _found(facts: Facts, found: pl.DataFrame) -> Iterator[Block]:
    failing = [row for row in rates_of(found).to_dicts() if row["failed"]]
    failing.sort(
        key=lambda row: (row["year"], row["title"], row["group"], facts.names.index(row["scenario"]))
    )
    yield Text(_takeaway(failing))
    yield _overview(facts, found)
    if failing:
        yield _failures(found, failing)


def _takeaway(failing: list[dict[str, Any]]) -> str:
    if not failing:
        return "Every test that applies passes, in every run and year."
    named = dict.fromkeys(f"{row['title']} in {row['scenario']}" for row in failing)
    return f"Fails in at least one run and year: {', '.join(named)}."


def _overview(facts: Facts, found: pl.DataFrame) -> Table:
    counts = found.group_by("scenario", "year", *_TEST, maintain_order=True).agg(
        runs=pl.len(),
        failed=(pl.col("outcome") == "fail").sum(),
        applies=(pl.col("outcome") != "not_applicable").sum(),
    )
    years = counts["year"].unique().sort().to_list()
    cells = {
        (row["scenario"], row["year"], row["test"], row["group"]): _cell(row) for row in counts.to_dicts()
    }
    tests = counts.unique([*_TEST], maintain_order=True).select(*_TEST).rows()
    rows = [
        (
            _named(title, section, group),
            name,
            *(cells.get((name, year, test, group), MISSING) for year in years),
        )
        for test, title, section, group in tests
        for name in facts.names
        if any((name, year, test, group) in cells for year in years)
    ]
    columns = (Column("Test"), Column("Scenario"), *(Column(str(year)) for year in years))
    said = "How each test ends by year; of several seeds, in how many it fails."
    return Table(said, columns, tuple(rows))


def _named(title: str, section: str, group: str) -> str:
    return f"{title}, {section}" + (f": {group}" if group != ALL else "")


def _cell(row: dict[str, Any]) -> str:
    if not row["applies"]:
        return "n/a"
    if not row["failed"]:
        return "passes"
    return "FAILS" if row["runs"] == 1 else f"FAILS {row['failed']} of {row['runs']}"


def _failures(found: pl.DataFrame, failing: list[dict[str, Any]]) -> Table:
    several = any(row["runs"] > 1 for row in failing)
    columns = (
        Column("Year"), Column("Test"), Column("Scenario"), Column("Fails", is_number=True),
        *((Column("95 % interval", is_number=True),) if several else ()),
        Column("Refunds, mean", is_number=True), Column("Cost, mean", is_number=True),
        Column("Why, in the first"),
    )  # fmt: skip
    rows = [_failure(found, row, several=several) for row in failing]
    said = "What fails, how likely that is, and what putting it right would cost"
    return Table(
        f"{said}{'' if several else ': one seed, so how likely is not known'}.", columns, tuple(rows)
    )


def _failure(found: pl.DataFrame, row: dict[str, Any], *, several: bool) -> tuple[str, ...]:
    of_it = found.filter(
        pl.col("outcome") == "fail",
        *(pl.col(key) == row[key] for key in ("scenario", "year", "test", "group")),
    )
    first = of_it.sort("seed").row(0, named=True)
    often = f"{row['failed']} of {counted(row['runs'], 'seed')}"
    sure = (
        f"{share(row['probability_low'])} to {share(row['probability_high'])}" if row["runs"] > 1 else MISSING
    )
    money = (number(row[name], Unit.DOLLARS) for name in ("mean_refunds", "mean_cost"))
    why = f"Seed {first['seed']}: {first['reason']}."
    group = f": {row['group']}" if row["group"] != ALL else ""
    return (
        str(row["year"]), row["title"] + group, row["scenario"], often,
        *((sure,) if several else ()), *money, why,
    )  # fmt: skip
