"""Warnings of data quality, as every page shows them: how many runs carry one, and behind it which."""

from __future__ import annotations

from typing import Final

import polars as pl
from markupsafe import Markup

from app.components.tables import table
from simulation.quality.warnings import by_scenario

_HEAD: Final = (
    ("Scenario", False),
    ("Year", False),
    ("Gate", False),
    ("Value", True),
    ("Threshold", True),
    ("Runs", True),
    ("Where most", False),
)


def carried(warned: int, runs: int) -> str:
    """Return how many of some runs carry warnings, in words."""
    return (
        f"{warned} of {runs} run{'s' * (runs != 1)} carr{'ies' if warned == 1 else 'y'} data-quality warnings"
    )


def warnings_markup(warnings: pl.DataFrame, runs: int) -> Markup:
    """Return a chip with the count that opens the list, or nothing where there is no warning.

    Args:
        warnings: as `Sweep.warnings` has them: one row a run, year and gate.
        runs: how many runs were looked at.
    """
    if warnings.is_empty():
        return Markup("")
    warned = warnings.select("scenario", "seed").n_unique()
    rows = [
        [
            row["scenario"],
            str(row["simulation_year"]),
            row["gate"],
            f"{row['value']:.3f}",
            f"{row['threshold']:.3f}",
            str(row["runs"]),
            row["detail"],
        ]
        for row in by_scenario(warnings).iter_rows(named=True)
    ]
    listed = table("Of several runs, the one that is farthest from the census.", _HEAD, rows)
    return Markup(
        '<details class="warned"><summary><span class="chip warned"><span aria-hidden="true">⚠</span>'
        "<span>{}</span></span></summary>{}</details>"
    ).format(carried(warned, runs), listed)
