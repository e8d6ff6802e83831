"""Does the plan pass? The tests of one run with their working, and how often each fails over many runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Final

import polars as pl

from simulation.compliance import Verdict, tested_plan
from simulation.errors import PlanWiseError
from simulation.query.plan_years import plan_years
from simulation.query.proportion import wilson
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

NONE_TESTED: Final = pl.DataFrame(schema={"scenario": pl.String(), "seed": pl.UInt64(), **VERDICT_COLUMNS})
"""The rows of ``tested_run`` where there are none."""

AT_ONCE: Final = 2
"""Runs that are tested side by side."""


def plan_tests(store: Store | str | Path, year: int | None = None) -> list[Verdict]:
    """Return the verdicts of a run, of all its years or of one.

    Raises:
        QueryError: the run does not have the year, or kept too little to test.
    """
    years = plan_years(store, last=year)
    return tested_plan(years if year is None else years[-1:])


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
    """Return how often each test fails, over the seeds of each scenario: see ``rates_of``.

    Raises:
        QueryError: there is no run, or one of them kept too little to test.
    """
    sweep = runs if isinstance(runs, Sweep) else open_sweep(runs)
    known = sweep.runs.select("scenario", "seed", "store").rows()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return rates_of(pl.concat(pool.map(lambda row: tested_run(*row), known)))


@dataclass(frozen=True)
class Tested:
    """What the tests of many runs found, a row a run and verdict; and which scenarios could not be tested."""

    found: pl.DataFrame
    """See ``tested_run``."""
    refused: Mapping[str, PlanWiseError]
    """By scenario."""


def tested_runs(sweep: Sweep) -> Tested:
    """Return what the tests of every run found; a scenario that kept too little does not hide the others."""
    runs = sweep.runs.select("scenario", "seed", "store").rows()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = list(pool.map(lambda run: _tested_or_refused(*run), runs))
    frames = [answer for answer in answers if isinstance(answer, pl.DataFrame)]
    refused = {
        run[0]: answer for run, answer in zip(runs, answers, strict=True) if isinstance(answer, PlanWiseError)
    }
    return Tested(pl.concat([NONE_TESTED, *frames]), refused)


def _tested_or_refused(scenario: str, seed: int, path: str) -> pl.DataFrame | PlanWiseError:
    try:
        return tested_run(scenario, seed, path)
    except PlanWiseError as error:
        return error


def tested_run(scenario: str, seed: int, path: str) -> pl.DataFrame:
    """Return ``verdict_frame`` of one run, with ``scenario`` and ``seed`` in front.

    Raises:
        QueryError: the run kept too little to test.
    """
    with open_store(path, threads=1) as store:
        found = verdict_frame(plan_tests(store))
    return found.select(
        pl.lit(scenario).alias("scenario"), pl.lit(seed, dtype=pl.UInt64).alias("seed"), pl.all()
    )


def rates_of(tested: pl.DataFrame) -> pl.DataFrame:
    """Return how often each test fails, out of runs of ``tested_run``.

    Columns ``scenario``, ``year``, ``test``, ``title``, ``section``, ``group``, ``runs``, ``failed``,
    ``probability`` with its 95 % interval from ``probability_low`` to ``probability_high``, ``mean_margin``
    and ``lowest_margin`` (null where nothing is measured), ``mean_refunds`` and ``mean_cost`` in dollars. A
    test that does not apply has not failed.
    """
    keys = ("scenario", "year", "test", "title", "section", "group")
    rates = tested.group_by(keys, maintain_order=True).agg(
        runs=pl.len().cast(pl.Int32),
        failed=(pl.col("outcome") == "fail").sum().cast(pl.Int32),
        mean_margin=pl.col("margin").cast(pl.Float64).mean(),
        lowest_margin=pl.col("margin").min(),
        mean_refunds=pl.col("refunds").cast(pl.Float64).mean(),
        mean_cost=pl.col("cost").cast(pl.Float64).mean(),
    )
    low, high = wilson(pl.col("failed"), pl.col("runs"))
    return rates.select(
        *keys,
        "runs",
        "failed",
        probability=pl.col("failed") / pl.col("runs"),
        probability_low=low,
        probability_high=high,
        mean_margin="mean_margin",
        lowest_margin="lowest_margin",
        mean_refunds="mean_refunds",
        mean_cost="mean_cost",
    )
