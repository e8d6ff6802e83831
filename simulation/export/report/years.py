"""Year by year: the figures of the report, and every number behind them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import polars as pl

from simulation.export.report.blocks import Block, Column, Figure, Section, Table, Text
from simulation.export.report.facts import Facts
from simulation.export.report.fan import BAND, HIGH, LOW, MOST, fan
from simulation.export.report.written import UNITS, counted, listed, to_the_cent
from simulation.metrics import BY_NAME
from simulation.query import quantiles

DRAWN: Final = ("headcount_end", "total_compensation", "participation_rate", "employer_cost")

YEARS_ACROSS: Final = 5
"""Years beside one another in a table on paper."""


def figures(facts: Facts) -> Section:
    """Return the figures: one a metric."""
    spread = quantiles(facts.sweep, [*DRAWN], levels=(LOW, HIGH))
    blocks: list[Block] = []
    if len(facts.names) > MOST:
        rest = listed(facts.names[MOST:])
        blocks.append(
            Text(f"The figures show the first {MOST} scenarios; the tables hold the others too: {rest}.")
        )
    for name in DRAWN:
        rows = spread.filter(pl.col("metric") == name)
        if rows.height:
            metric = BY_NAME[name]
            blocks.append(Figure(fan(rows, facts.names, metric), f"{metric.definition} {_drawn(rows)}"))
    return Section("figures", "Year by year", tuple(blocks))


def _drawn(rows: pl.DataFrame) -> str:
    """Return what the lines and bands of a figure are."""
    counts = rows["n"].to_numpy()
    if counts.max() == 1:
        return "One seed a scenario: no band, for chance cannot be seen."
    seeds = counted(int(counts.max()), "seed")
    said = f"Lines: mean of {seeds}" if counts.min() == counts.max() else f"Lines: mean of up to {seeds}"
    banded = rows.filter(pl.col("q10") < pl.col("q90")).height
    return f"{said}; {BAND if banded else 'every seed gives the same'}."


def values(facts: Facts) -> Section:
    """Return every metric of every scenario and year, means over the seeds, dollars to the cent."""
    means = _means(facts)
    blocks: list[Block] = [
        _of_scenario(means, facts, name, years) for name in facts.names for years in _spans(facts.years)
    ]
    return Section("values", "All values", tuple(blocks), new_page=True)


def _means(facts: Facts) -> dict[tuple[str, str, int], Decimal | None]:
    """Return exact means over the seeds, by scenario, metric and year."""
    rows = (
        facts.values.drop_nulls("value")
        .group_by("scenario", "metric", "simulation_year")
        .agg(pl.col("value").sum(), pl.len().alias("n"))
    )
    return {(name, metric, year): total / n for name, metric, year, total, n in rows.iter_rows()}


def _spans(years: list[int]) -> Iterator[list[int]]:
    yield from (years[first : first + YEARS_ACROSS] for first in range(0, len(years), YEARS_ACROSS))


def _of_scenario(
    means: dict[tuple[str, str, int], Decimal | None], facts: Facts, name: str, years: list[int]
) -> Table:
    columns = (Column("Metric"), *(Column(str(year), is_number=True) for year in years))
    rows = [
        (
            BY_NAME[metric].title,
            *(to_the_cent(means.get((name, metric, year)), BY_NAME[metric].unit) for year in years),
        )
        for metric in facts.held
    ]
    seeds = counted(len(facts.seeds[name]), "seed")
    return Table(f"{name}: means of {seeds}, dollars with cents.", columns, tuple(rows))


def definitions(facts: Facts) -> Section:
    """Return what each metric means, and how the numbers are made."""
    rows = [(BY_NAME[name].title, UNITS[BY_NAME[name].unit], BY_NAME[name].definition) for name in facts.held]
    table = Table("The metrics.", (Column("Metric"), Column("Unit"), Column("Definition")), tuple(rows))
    return Section("definitions", "Definitions and units", (*map(Text, HOW), table))


HOW: Final = (
    (
        "A seed is one throw of chance: who leaves, who is promoted, who enrols. Runs of different scenarios "
        "with the same seed share their luck, so the difference between two scenarios is taken seed by seed "
        "first and averaged then. The 95 % interval is Student’s, of the mean of these differences; with "
        "one seed there is none."
    ),
    (
        "Bands hold the middle 80 % of the seeds: they show how far one future may lie from another, not how "
        "well the mean is known. The interval of how often a test fails is Wilson’s."
    ),
    (
        "A share is shown in per cent, the difference of two shares in percentage points (pts); amounts are "
        "in US dollars of their year."
    ),
)
