"""Sweeps of stated numbers, without stores: what a comparison of them must say can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from simulation.query import Sweep
from simulation.query.index import SCHEMA, Index

MANIFEST: Mapping[str, Any] = {
    "key": "",
    "manifest_digest": "m",
    "scenario_digest": "s",
    "census_digest": "c",
    "start_year": 2025,
    "end_year": 2025,
    "events": 10,
    "keep": "full",
    "code_version": "1",
    "started": datetime(2026, 1, 1),  # noqa: DTZ001  times of a store are UTC without saying so
    "finished": datetime(2026, 1, 1),  # noqa: DTZ001
    "fct_status_summary": [],
    "int_effective_parameters": [],
}


def sweep_of(
    values: Mapping[str, Mapping[int, float | str | None]], *, metric: str = "headcount_end", **manifest: Any
) -> Sweep:
    """Return a sweep of one year and metric: its value by scenario and seed."""
    rows = [
        run(scenario, seed, {metric: value}, **manifest)
        for scenario, seeds in values.items()
        for seed, value in seeds.items()
    ]
    return sweep_of_runs(rows)


def sweep_of_runs(rows: Sequence[Mapping[str, Any]]) -> Sweep:
    """Return a sweep of stated runs."""
    return Sweep(Index(pl.DataFrame(list(rows), schema={**SCHEMA, "store": pl.String()})))


def run(
    scenario: str, seed: int, metrics: Mapping[str, float | str | None], *, year: int = 2025, **manifest: Any
) -> dict[str, Any]:
    """Return one run as a row of the index."""
    summary = [
        {
            "simulation_year": year,
            "metric": name,
            "value": None if value is None else Decimal(str(value)),
        }
        for name, value in metrics.items()
    ]
    place = f"{scenario}/{seed}"
    names = {"scenario_id": scenario, "seed": seed, "digest": place, "store": place}
    return {**MANIFEST, **names, "fct_year_summary": summary, **manifest}
