"""Does the plan pass? The tests of one run with their working, and how often each fails over many runs."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

import polars as pl

from simulation.compliance import PlanYear, Verdict, tested_plan
from simulation.errors import Problem, QueryError
from simulation.query.plan_years import plan_years
from simulation.query.sweep import Places, Sweep, open_sweep
from simulation.store import Store, open_store
from simulation.units import dollars

RATE: Final = pl.Decimal(18, 8)
MONEY: Final = pl.Decimal(18, 2)

VERDICT_COLUMNS: Final = {
    "year": pl.Int32(),
    "test": pl.String(),
    "title": pl.String(),
    "section": pl.String(),
    "group": pl.String(),
    "outcome": pl.String(),
    "reason": pl.String(),
    "margin": RATE,
    "refunds": MONEY,
    "cost": MONEY,
}

AT_ONCE: Final = 2
"""Runs that are tested side by side."""


def plan_tests(store: Store | str | Path, year: int | None = None) -> list[Verdict]:
    """Return the verdicts of a run, of all its years or of one.

    Raises:
        QueryError: the run does not have the year, or kept too little to test.
    """
    years = plan_years(store)
    return tested_plan(years if year is None else [_of(years, year)])


def _of(years: list[PlanYear], year: int) -> PlanYear:
    for plan_year in years:
        if plan_year.year == year:
            return plan_year
    problem = Problem("year", str(year), f"{years[0].year} to {years[-1].year}")
    raise QueryError("the run does not have this year", problems=[problem])


def verdict_frame(verdicts: Iterable[Verdict]) -> pl.DataFrame:
    """Return one row a verdict: ``VERDICT_COLUMNS``, money in dollars, ``margin`` as a share of one."""
    rows = [
        (
            verdict.year,
            verdict.test,
            verdict.title,
            verdict.section,
            verdict.group,
            verdict.outcome.value,
            verdict.reason,
            decimal(verdict.margin),
            dollars(verdict.refunds_cents),
            dollars(verdict.cost_cents),
        )
        for verdict in verdicts
    ]
    return pl.DataFrame(rows, schema=VERDICT_COLUMNS, orient="row")


def decimal(value: Fraction | int | None) -> Decimal | None:
    """Return an exact number with eight decimal places."""
    if value is None:
        return None
    return (Decimal(value.numerator) / value.denominator).quantize(Decimal("0.00000001"))


def failure_rates(runs: Places | Sweep) -> pl.DataFrame:
    """Return how often each test fails, over the seeds of each scenario.

    Columns ``scenario``, ``year``, ``test``, ``title``, ``group``, ``runs``, ``failed``, ``probability``,
    ``mean_margin`` and ``lowest_margin`` (null where nothing is measured), ``mean_refunds`` and ``mean_cost``
    in dollars. A test that does not apply has not failed.

    Raises:
        QueryError: there is no run, or one of them kept too little to test.
    """
    sweep = runs if isinstance(runs, Sweep) else open_sweep(runs)
    known = sweep.runs.select("scenario", "seed", "store").rows()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        tested = list(pool.map(lambda row: _of_run(*row), known))
    keys = ("scenario", "year", "test", "title", "group")
    return (
        pl.concat(tested)
        .group_by(keys, maintain_order=True)
        .agg(
            runs=pl.len().cast(pl.Int32),
            failed=(pl.col("outcome") == "fail").sum().cast(pl.Int32),
            probability=(pl.col("outcome") == "fail").mean(),
            mean_margin=pl.col("margin").cast(pl.Float64).mean(),
            lowest_margin=pl.col("margin").min(),
            mean_refunds=pl.col("refunds").cast(pl.Float64).mean(),
            mean_cost=pl.col("cost").cast(pl.Float64).mean(),
        )
    )


def _of_run(scenario: str, seed: int, path: str) -> pl.DataFrame:
    with open_store(path, threads=1) as store:
        found = verdict_frame(plan_tests(store))
    return found.select(pl.lit(scenario).alias("scenario"), pl.lit(seed).alias("seed"), pl.all())
