"""Does the plan pass? The tests of one run with their working, and how often each fails over many runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from simulation.compliance import PlanYear, Verdict, tested_plan
from simulation.errors import PlanWiseError
from simulation.query.plan_years import plan_years, plan_years_of
from simulation.query.proportion import wilson
from simulation.query.sweep import Places, Sweep, open_sweep
from simulation.store import Store
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
"""The rows of ``tested_portion`` where there are none."""

AT_ONCE: Final = 2
"""Portions of runs that are tested side by side."""

MOST_RUNS: Final = 20
MOST_EVENTS: Final = 500_000
"""Of a portion, unless one run alone has more."""


class PlanRun(NamedTuple):
    """One run: where it lies, what tells its store from every other, and how long its log is."""

    scenario: str
    seed: int
    store: str
    manifest_digest: str
    events: int


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
    tested = tested_runs(runs if isinstance(runs, Sweep) else open_sweep(runs))
    for refused in tested.refused.values():
        raise refused
    return rates_of(tested.found)


@dataclass(frozen=True)
class TestedRuns:
    """What the tests of many runs found, a row a run and verdict; and which scenarios could not be tested."""

    found: pl.DataFrame
    """See ``tested_portion``."""
    refused: Mapping[str, PlanWiseError]
    """By scenario."""


def tested_runs(sweep: Sweep) -> TestedRuns:
    """Return what the tests of every run found; a scenario that kept too little does not hide the others."""
    frames, refused = [NONE_TESTED], dict[str, PlanWiseError]()
    for run, answer in _answers(sweep):
        if isinstance(answer, PlanWiseError):
            refused[run.scenario] = answer
        else:
            frames.append(answer)
    return TestedRuns(pl.concat(frames), refused)


def _answers(sweep: Sweep) -> Iterator[tuple[PlanRun, pl.DataFrame | PlanWiseError]]:
    runs = [PlanRun(*row) for row in sweep.runs.select(PlanRun._fields).rows()]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = chain.from_iterable(pool.map(tested_portion, portions(runs)))
        yield from zip(runs, answers, strict=True)


def portions(runs: Sequence[PlanRun]) -> Iterator[list[PlanRun]]:
    """Yield runs in portions to be read together: few enough that a portion takes little time and memory."""
    portion, events = list[PlanRun](), 0
    for run in runs:
        if portion and (len(portion) == MOST_RUNS or events + run.events > MOST_EVENTS):
            yield portion
            portion, events = [], 0
        portion.append(run)
        events += run.events
    if portion:
        yield portion


def tested_portion(runs: Sequence[PlanRun]) -> list[pl.DataFrame | PlanWiseError]:
    """Return ``verdict_frame`` of each run, with ``scenario`` and ``seed`` in front, or why there is none."""
    read = plan_years_of([Path(run.store) for run in runs])
    return [
        years if isinstance(years, PlanWiseError) else _named(run, years)
        for run, years in zip(runs, read, strict=True)
    ]


def _named(run: PlanRun, years: Sequence[PlanYear]) -> pl.DataFrame:
    seed = pl.lit(run.seed, dtype=pl.UInt64)
    return verdict_frame(tested_plan(years)).select(
        pl.lit(run.scenario).alias("scenario"), seed.alias("seed"), pl.all()
    )


def rates_of(tested: pl.DataFrame) -> pl.DataFrame:
    """Return how often each test fails, out of what ``tested_portion`` finds.

    Columns ``scenario``, ``year``, ``test``, ``title``, ``section``, ``group``, ``runs``, ``applies`` (in how
    many of them the test applies), ``failed``, ``probability`` with its 95 % interval from
    ``probability_low`` to ``probability_high``, ``mean_margin`` and ``lowest_margin`` (null where nothing is
    measured), ``mean_refunds`` and ``mean_cost`` in dollars, ``reason``. A test that does not apply to a run
    has not failed there; one that applies to none has no probability, refunds or cost, but the first run's
    reason, which is null otherwise.
    """
    keys = ("scenario", "year", "test", "title", "section", "group")
    rates = tested.group_by(keys, maintain_order=True).agg(
        runs=pl.len().cast(pl.Int32),
        applies=(pl.col("outcome") != "not_applicable").sum().cast(pl.Int32),
        failed=(pl.col("outcome") == "fail").sum().cast(pl.Int32),
        mean_margin=pl.col("margin").cast(pl.Float64).mean(),
        lowest_margin=pl.col("margin").min(),
        mean_refunds=pl.col("refunds").cast(pl.Float64).mean(),
        mean_cost=pl.col("cost").cast(pl.Float64).mean(),
        reason=pl.col("reason").first(),
    )
    ever = pl.when(pl.col("applies") > 0)
    low, high = wilson(pl.col("failed"), pl.col("runs"))
    return rates.select(
        *keys,
        "runs",
        "applies",
        "failed",
        probability=ever.then(pl.col("failed") / pl.col("runs")),
        probability_low=ever.then(low),
        probability_high=ever.then(high),
        mean_margin="mean_margin",
        lowest_margin="lowest_margin",
        mean_refunds=ever.then("mean_refunds"),
        mean_cost=ever.then("mean_cost"),
        reason=pl.when(pl.col("applies") == 0).then("reason"),
    )
