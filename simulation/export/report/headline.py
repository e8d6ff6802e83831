"""Where the scenarios end: the metrics that people ask for first, and how surely they differ."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from simulation.export.report.blocks import Block, Bullets, Column, Notice, Section, Table, Text
from simulation.export.report.facts import Facts
from simulation.export.report.fan import HIGH, LOW
from simulation.export.report.written import MISSING, counted, difference, interval, number, share
from simulation.metrics import BY_NAME, Unit
from simulation.query import quantiles

HEADLINE: Final = (
    "headcount_end",
    "termination_rate",
    "total_compensation",
    "average_compensation",
    "participation_rate",
    "average_deferral_rate",
    "employer_cost",
    "employer_cost_rate",
)
LEADING: Final = ("headcount_end", "total_compensation", "employer_cost")
"""Of these, which are said in a sentence too."""

MOST_SENTENCES: Final = 6


def headline(facts: Facts) -> Section:
    """Return the section: paired differences of several scenarios, else the change over the years."""
    blocks = [*_compared(facts)] if facts.compared else [*_alone(facts)]
    return Section("headline", f"Where it ends: {facts.years[-1]}", tuple(blocks))


def _compared(facts: Facts) -> Iterator[Block]:
    assert facts.compared  # noqa: S101  for the type
    found = facts.compared.frame
    last = found.filter(pl.col("year") == found["year"].to_numpy().max())
    sure = (last["n"] > 1).any()
    yield Bullets(tuple(_sentences(last, facts)))
    yield _differences(last, facts, is_sure=sure)
    if not sure:
        yield Notice(
            "Every scenario has one seed in common with the baseline. How much of a difference is chance is "
            "therefore not known, and no interval is given: run more seeds."
        )
    if facts.compared.notes:
        yield Notice(" ".join(f"{note[:1].upper()}{note[1:]}." for note in facts.compared.notes))


def _sentences(last: pl.DataFrame, facts: Facts) -> Iterator[str]:
    asked = [
        row
        for name in facts.names
        for metric in LEADING
        for row in last.filter(pl.col("metric") == metric, pl.col("scenario") == name).to_dicts()
    ]
    for row in asked[:MOST_SENTENCES]:
        unit = BY_NAME[row["metric"]].unit
        yield (
            f"{row['scenario']}: {BY_NAME[row['metric']].title.lower()} of "
            f"{number(row['scenario_mean'], unit)} in {row['year']}, "
            f"{difference(row['difference_mean'], unit)} against {facts.base}{_surely(row, unit)}."
        )


def _surely(row: dict[str, Any], unit: Unit) -> str:
    """Return how surely a difference is known."""
    if row["n"] == 1:
        return " in the one seed that both have"
    if row["difference_sd"] == 0:
        return " in every seed"
    return f" (95 % interval {interval(row['ci_low'], row['ci_high'], unit)})"


def _differences(last: pl.DataFrame, facts: Facts, *, is_sure: bool) -> Table:
    chance = (Column("95 % interval", is_number=True), Column("Above", is_number=True)) if is_sure else ()
    columns = (
        Column("Metric"), Column("Scenario"), Column("Mean", is_number=True),
        Column("Difference", is_number=True), *chance, Column("Pairs", is_number=True),
    )  # fmt: skip
    rows = [
        row
        for name in HEADLINE
        if name in facts.held
        for row in _of_metric(last, name, facts, is_sure=is_sure)
    ]
    said = f"Difference to {facts.base} in {last['year'][0]}, paired by seed"
    above = "; “above” is the share of seeds in which the scenario lies above it" if is_sure else ""
    return Table(f"{said}{above}.", columns, tuple(rows))


def _of_metric(last: pl.DataFrame, name: str, facts: Facts, *, is_sure: bool) -> Iterator[tuple[str, ...]]:
    metric, rows = BY_NAME[name], last.filter(pl.col("metric") == name).to_dicts()
    year = int(last["year"][0])
    nothing = (MISSING,) * (4 if is_sure else 2)
    yield metric.title, facts.base, number(_mean(facts, name, facts.base, year), metric.unit), *nothing
    for row in sorted(rows, key=lambda row: facts.names.index(row["scenario"])):
        yield metric.title, row["scenario"], *_cells(row, metric.unit, is_sure=is_sure)


def _cells(row: dict[str, Any], unit: Unit, *, is_sure: bool) -> Iterator[str]:
    yield number(row["scenario_mean"], unit)
    yield difference(row["difference_mean"], unit)
    if is_sure:
        known = row["n"] > 1
        yield interval(row["ci_low"], row["ci_high"], unit)
        yield share(row["p_greater"]) if known else MISSING
    yield str(row["n"])


def _mean(facts: Facts, metric: str, scenario: str, year: int) -> float | None:
    rows = facts.values.filter(
        pl.col("metric") == metric, pl.col("scenario") == scenario, pl.col("simulation_year") == year
    )
    values = rows["value"].cast(pl.Float64).drop_nulls().to_list()
    return sum(values) / len(values) if values else None


def _alone(facts: Facts) -> Iterator[Block]:
    """Yield how each scenario alone goes from the first year to the last."""
    first, last = facts.years[0], facts.years[-1]
    spread = quantiles(facts.sweep, [*HEADLINE], levels=(LOW, HIGH))
    banded = facts.has_several_seeds
    columns = (
        Column("Metric"), Column("Scenario"), Column(str(first), is_number=True),
        Column(str(last), is_number=True),
        *((Column(f"Middle 80 % of seeds, {last}", is_number=True),) if banded else ()),
    )  # fmt: skip
    rows = [
        row
        for name in HEADLINE
        if name in facts.held
        for scenario in facts.names
        for row in _life(spread.filter(metric=name, scenario=scenario), name, scenario, banded=banded)
    ]
    if len(facts.names) > 1:
        yield Notice(f"No scenario shares a seed with {facts.base} yet: there is no difference to show.")
    else:
        yield Text("There is one scenario, so there is nothing to compare it with.")
    seeds = counted(max(map(len, facts.seeds.values())), "seed")
    yield Table(f"First and last year, means over {seeds}.", columns, tuple(rows))
    if not banded:
        yield Notice("There is one seed. How much of these numbers is chance is not known: run more seeds.")


def _life(rows: pl.DataFrame, name: str, scenario: str, *, banded: bool) -> Iterator[tuple[str, ...]]:
    if rows.is_empty():
        return
    unit, life = BY_NAME[name].unit, rows.sort("simulation_year").to_dicts()
    end = life[-1]
    band = f"{number(end['q10'], unit)} to {number(end['q90'], unit)}" if end["n"] > 1 else MISSING
    yield (
        BY_NAME[name].title, scenario, number(life[0]["mean"], unit), number(end["mean"], unit),
        *((band,) if banded else ()),
    )  # fmt: skip
