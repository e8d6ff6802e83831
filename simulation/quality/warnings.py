"""Warnings: what soft gates found, as every face shows it: one way to choose them, one to say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

WARNING: Final = {
    "simulation_year": pl.Int32(),
    "gate": pl.String(),
    "layer": pl.String(),
    "value": pl.Float64(),
    "threshold": pl.Float64(),
    "rows": pl.Int64(),
    "detail": pl.String(),
}
"""One row a year and gate that did not pass."""

NO_WARNINGS: Final = pl.DataFrame(schema=WARNING)

_RUN: Final = ("scenario", "seed")


def warnings_of(results: pl.DataFrame) -> pl.DataFrame:
    """Return the warnings among the results of gates; of several runs, ``scenario`` and ``seed`` in front."""
    of_runs = [*_RUN] if "scenario" in results.columns else []
    kept = results.filter(~pl.col("passed"))
    return kept.select(*of_runs, *(pl.col(name).cast(dtype) for name, dtype in WARNING.items()))


def by_scenario(warnings: pl.DataFrame) -> pl.DataFrame:
    """Return one row a scenario, gate and year: ``runs`` that carry the warning, and the farthest ``value``.

    ``threshold`` and ``detail`` are those of the farthest run.
    """
    farthest = pl.col("value").arg_max()
    return (
        warnings.group_by("scenario", "gate", "simulation_year")
        .agg(
            pl.col("seed").n_unique().alias("runs"),
            pl.col("value").max(),
            pl.col("threshold").get(farthest),
            pl.col("detail").get(farthest),
        )
        .sort("scenario", "simulation_year", "gate")
    )


def sentence(warning: Mapping[str, Any]) -> str:
    """Return a warning in words: year, gate, value against threshold, and where most has moved."""
    value, threshold = warning["value"], warning["threshold"]
    said = f"{warning['simulation_year']}: {warning['gate']} {value:.3f}, threshold {threshold:.3f}"
    return f"{said} ({warning['detail']})" if warning["detail"] else said


def sentences(warnings: pl.DataFrame) -> list[str]:
    """Return a line a scenario: how many of its runs carry warnings, of which gates, from which year on."""
    lines = []
    for (scenario,), part in warnings.group_by(["scenario"], maintain_order=True):
        runs, first = part["seed"].n_unique(), part["simulation_year"].to_numpy().min()
        gates = ", ".join(part["gate"].unique(maintain_order=True))
        carry = "run carries" if runs == 1 else "runs carry"
        lines.append(f"{scenario}: {runs} {carry} data-quality warnings from {first} on: {gates}")
    return lines
