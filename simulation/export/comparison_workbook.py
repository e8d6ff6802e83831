"""``comparison_report.xlsx``: scenarios side by side, how they differ, and what was assumed differently."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Final

import polars as pl

from simulation.export.run_workbook import UNITS
from simulation.export.sheets import TOP, Book, Sheet, workbook
from simulation.metrics import BY_NAME, METRICS
from simulation.query import comparison, parameter_changes
from simulation.query.paired import baseline_of
from simulation.query.sweep import Sweep

SHEETS: Final = ("Overview", "By Year", "Differences", "Assumptions", "Definitions")
OVERVIEW, BY_YEAR, DIFFERENCES, ASSUMPTIONS, DEFINITIONS = SHEETS

CHARTED: Final = ("headcount_end", "total_compensation", "participation_rate", "employer_cost")

_AXIS: Final = {"count": "#,##0", "money": '#,##0.0,,"M"', "rate": "0%"}
"""How the numbers of an axis look, by style."""

_CHART: Final = {"width": 620, "height": 300}


def write_comparison(sweep: Sweep, place: Path | BinaryIO, baseline: str | None = None) -> None:
    """Write the report of a sweep with at least two scenarios.

    Values are means over each scenario's seeds; differences are paired by seed.

    Raises:
        QueryError: there is nothing to compare.
        OSError: the directory or the disk refused.
    """
    base = baseline_of(sweep, baseline)
    found = comparison(sweep, base)
    means = _means(sweep, base)
    with workbook(place) as book:
        book.add(_overview(means, base))
        _by_year(book, means, base)
        book.add(_differences(found.frame, found.notes))
        book.add(_assumptions(sweep, base))
        book.add(_definitions())


def _means(sweep: Sweep, base: str) -> pl.DataFrame:
    """Return one row a metric and year, a column a scenario: means over seeds, the baseline first."""
    order = pl.DataFrame({"metric": [metric.name for metric in METRICS]}).with_row_index("order")
    names = [base, *(name for name in sweep.scenarios if name != base)]
    return (
        sweep.summaries()
        .group_by("metric", "simulation_year", "scenario")
        .agg(pl.col("value").cast(pl.Float64).mean())
        .pivot("scenario", index=["metric", "simulation_year"], values="value")
        .join(order, on="metric")
        .sort("order", "simulation_year")
        .select("metric", pl.col("simulation_year").alias("year"), *names)
    )


def _told(rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return rows with their metric's title and unit in front, and the style of each row."""
    metrics = [BY_NAME[name] for name in rows["metric"]]
    titles = pl.Series("title", [metric.title for metric in metrics], dtype=pl.String)
    units = pl.Series("unit", [UNITS[metric.unit][1] for metric in metrics], dtype=pl.String)
    return rows.drop("metric").insert_column(0, titles).insert_column(1, units), [
        UNITS[metric.unit][0] for metric in metrics
    ]


def _overview(means: pl.DataFrame, base: str) -> Sheet:
    last = max(means["year"].to_list())
    rows, styles = _told(means.filter(pl.col("year") == last).drop("year"))
    return Sheet(
        OVERVIEW,
        f"Where the scenarios end: {last}",
        rows,
        f"Means over seeds; {base} is what the others are compared with.",
        headings={"title": "Metric"} | {name: name for name in rows.columns[2:]},
        row_styles=styles,
    )


def _by_year(book: Book, means: pl.DataFrame, base: str) -> None:
    rows, styles = _told(means)
    names = rows.columns[3:]
    page = book.add(
        Sheet(
            BY_YEAR,
            "Every metric by year and scenario",
            rows,
            f"Means over seeds; {base} first.",
            headings={"title": "Metric"} | {name: name for name in names},
            row_styles=styles,
        )
    )
    metrics = means["metric"].to_list()
    for number, metric in enumerate(name for name in CHARTED if name in metrics):
        first, last = metrics.index(metric) + TOP + 1, len(metrics) - metrics[::-1].index(metric) + TOP
        chart = book.workbook.add_chart({"type": "line"})
        for place, name in enumerate(names, start=3):
            chart.add_series(
                {
                    "name": name,
                    "categories": [BY_YEAR, first, 2, last, 2],
                    "values": [BY_YEAR, first, place, last, place],
                    "marker": {"type": "circle", "size": 5},
                }
            )
        chart.set_title({"name": BY_NAME[metric].title})
        style, unit = UNITS[BY_NAME[metric].unit]
        chart.set_y_axis({"name": unit, "num_format": _AXIS[style]})
        chart.set_size(_CHART)
        page.insert_chart(TOP + number * 16, rows.width + 1, chart)


def _differences(frame: pl.DataFrame, notes: tuple[str, ...]) -> Sheet:
    rows, styles = _told(frame.drop("baseline"))
    said = "Paired by seed; with one seed there is no deviation and no interval."
    return Sheet(
        DIFFERENCES,
        "How each scenario differs from the baseline",
        rows,
        " ".join([said, *(f"{note}." for note in notes)]),
        headings={
            "title": "Metric", "baseline_mean": "Baseline", "scenario_mean": "Scenario's mean",
            "difference_mean": "Difference", "difference_sd": "Standard deviation", "se": "Standard error",
            "n": "Pairs", "ci_low": "95 % from", "ci_high": "95 % to", "p_greater": "Share above baseline",
        },
        styles={"n": "plain", "p_greater": "rate"},
        row_styles=styles,
    )  # fmt: skip


def _assumptions(sweep: Sweep, base: str) -> Sheet:
    changes = parameter_changes(sweep, base)
    return Sheet(
        ASSUMPTIONS,
        "What the scenarios assume differently",
        changes,
        f"Every value that is not {base}'s; the rest is shared and stands in each run's Configuration.",
        headings={
            "simulation_year": "Year", "baseline_value": base, "scenario_value": "Scenario's value",
            "origin": "Set by",
        },
    )  # fmt: skip


def _definitions() -> Sheet:
    rows = pl.DataFrame(
        {
            "metric": [metric.name for metric in METRICS],
            "title": [metric.title for metric in METRICS],
            "unit": [UNITS[metric.unit][1] for metric in METRICS],
            "definition": [metric.definition for metric in METRICS],
        }
    )
    return Sheet(DEFINITIONS, "What the metrics mean", rows, styles={"definition": "wrapped"})
