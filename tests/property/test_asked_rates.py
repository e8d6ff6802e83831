"""What is asked is what is got: turnover over 200 seeds, for very different workforces."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from simulation.census import Census, generate_census
from tests.populations import AS_OF, run_all, scenario_of

SEEDS = range(200)
PEOPLE = 3_000
"""So many that chance alone moves the mean over the seeds by less than a tenth of a point."""
TOTAL = "workforce.termination.total_rate"
NEW = "workforce.termination.new_hire_rate"


def _census(**columns: Any) -> Census:
    generated = generate_census(PEOPLE)
    stated = [
        pl.lit(value, dtype=generated.frame.schema[name]).alias(name) for name, value in columns.items()
    ]
    return Census(frame=generated.frame.with_columns(stated), as_of=AS_OF, source="stated in a test")


WORKFORCES: Mapping[str, Mapping[str, Any]] = {
    "mixed": {},
    "old hands": {"birth_date": date(1962, 5, 1), "hire_date": date(1995, 1, 1)},
    "newcomers": {"birth_date": date(2000, 5, 1), "hire_date": date(2024, 8, 1), "job_level": 1},
}


GROWING = {NEW: "40%", "workforce.growth.rate": "10%"}
SHRINKING = {NEW: "10%", "workforce.growth.mode": "expected", "workforce.growth.rate": "-1%"}


@pytest.mark.parametrize(
    ("workforce", "asked", "values"),
    [("mixed", 0.12, {}), ("newcomers", 0.12, {}), ("mixed", 0.30, GROWING), ("old hands", 0.05, SHRINKING)],
)
def test_asked_turnover_is_met_within_a_fifth_of_a_point(
    workforce: str, asked: float, values: dict[str, str]
) -> None:
    values = {**values, TOTAL: f"{asked:.0%}"}
    records = run_all(scenario_of(values), _census(**WORKFORCES[workforce]), SEEDS)
    rows = records[-1].summary.pivot(on="metric", values="value", index="seed")
    realised = rows["termination_rate"].cast(pl.Float64)
    assert abs(float(realised.mean()) - asked) < 0.002  # type: ignore[arg-type]
    assert realised.n_unique() > 10


def test_asked_new_hire_turnover_is_met() -> None:
    values = {TOTAL: "15%", NEW: "35%"}
    summary = run_all(scenario_of(values), _census(), SEEDS)[-1].summary
    rates = summary.filter(pl.col("metric") == "new_hire_termination_rate")["value"].cast(pl.Float64)
    assert abs(float(rates.mean()) - 0.35) < 0.01  # type: ignore[arg-type]
