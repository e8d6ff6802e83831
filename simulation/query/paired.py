"""Scenarios against a baseline, paired by seed: what differs, by how much, how surely.

Runs of two scenarios with one seed share their luck, so the difference is taken seed by seed first and
averaged then. Values are exact decimals until a mean or a deviation needs a float.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from simulation.errors import Problem, QueryError, nearest
from simulation.metrics import BY_NAME
from simulation.query.population import POPULATION_METRICS, population_metrics
from simulation.query.student import central_bound
from simulation.query.sweep import BASELINE, Places, Sweep, open_sweep

CONFIDENCE: Final = 0.95

COMPARISON_COLUMNS: Final = (
    "metric",
    "year",
    "baseline",
    "scenario",
    "baseline_mean",
    "scenario_mean",
    "difference_mean",
    "difference_sd",
    "n",
    "ci_low",
    "ci_high",
    "p_greater",
    "se",
)

_CELL: Final = ("metric", "year", "scenario")


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences, one row a metric, year and scenario, and what a reader should know about them."""

    frame: pl.DataFrame
    baseline: str
    notes: tuple[str, ...]


def compare(
    runs: Places | Sweep,
    baseline: str | None = None,
    metrics: Sequence[str] | None = None,
    status: Sequence[str] = (),
) -> pl.DataFrame:
    """Return the frame of ``comparison``."""
    return comparison(runs, baseline, metrics, status).frame


def comparison(
    runs: Places | Sweep,
    baseline: str | None = None,
    metrics: Sequence[str] | None = None,
    status: Sequence[str] = (),
) -> Comparison:
    """Return how every other scenario differs from the baseline, paired by the seeds that both have.

    Money is in dollars, rates are shares of one. ``n`` counts the pairs; with one pair there is no
    deviation and no interval. The interval is Student's at 95 %. ``p_greater`` is the share of pairs in which
    the scenario lies above the baseline; a tie counts one half. ``status`` restricts the people to some
    employment statuses (see ``population``), for which the metrics are fewer.

    Raises:
        QueryError: a scenario, metric or status is unknown, there is nothing to compare, or no common seed.
    """
    sweep = runs if isinstance(runs, Sweep) else open_sweep(runs)
    base = baseline_of(sweep, baseline)
    values = population_metrics(sweep, status) if status else sweep.summaries()
    names = _metrics(values, metrics)
    pairs = _pairs(values.filter(pl.col("metric").is_in(names)), base)
    if pairs.is_empty():
        problem = Problem(
            "seeds", f"none of {base!r} is one of another scenario", hint="run both with one seed"
        )
        raise QueryError("there is nothing to pair", problems=[problem])
    return Comparison(_statistics(pairs, base, names), base, tuple(_notes(sweep, base)))


def baseline_of(sweep: Sweep, asked: str | None) -> str:
    """Return the scenario that the others are compared with: the one asked for, `baseline`, or the first.

    Raises:
        QueryError: there is no such scenario, or no other.
    """
    names = sweep.scenarios
    if asked is not None and asked not in names:
        problem = Problem("baseline", repr(asked), ", ".join(names), nearest(asked, names))
        raise QueryError("there is no such scenario", problems=[problem])
    if len(names) == 1:
        problem = Problem("scenarios", f"only {names[0]!r}", hint="give runs of at least two scenarios")
        raise QueryError("there is nothing to compare", problems=[problem])
    return asked or (BASELINE if BASELINE in names else names[0])


def _metrics(values: pl.DataFrame, asked: Sequence[str] | None) -> list[str]:
    """Return the metrics asked for, or all there are: those of the registry first, in its order."""
    held = values["metric"].unique().sort().to_list()
    order = {name: place for place, name in enumerate([*BY_NAME, *POPULATION_METRICS])}
    known = sorted(held, key=lambda name: order.get(name, len(order)))
    problems = [
        Problem("metric", repr(name), ", ".join(known), nearest(name, known))
        for name in asked or ()
        if name not in held
    ]
    if problems:
        raise QueryError("the runs do not have this metric", problems=problems)
    return list(dict.fromkeys(asked)) if asked else known


def _pairs(values: pl.DataFrame, baseline: str) -> pl.DataFrame:
    """Return one row a metric, year, scenario and common seed: ``value``, ``base``, ``difference``."""
    renamed = values.rename({"simulation_year": "year"}).drop_nulls("value")
    is_base = pl.col("scenario") == baseline
    base = renamed.filter(is_base).select("seed", "year", "metric", base="value")
    others = renamed.filter(~is_base)
    joined = others.join(base, on=["seed", "year", "metric"]).sort(*_CELL, "seed")
    return joined.with_columns(difference=pl.col("value") - pl.col("base"))


def _statistics(pairs: pl.DataFrame, baseline: str, names: Sequence[str]) -> pl.DataFrame:
    count = pl.len().cast(pl.Float64)
    order = pl.DataFrame({"metric": names}).with_row_index("order")
    rows = (
        pairs.group_by(_CELL, maintain_order=True)
        .agg(
            baseline_mean=pl.col("base").sum().cast(pl.Float64) / count,
            scenario_mean=pl.col("value").sum().cast(pl.Float64) / count,
            difference_mean=pl.col("difference").sum().cast(pl.Float64) / count,
            difference_sd=pl.col("difference").cast(pl.Float64).std(),
            n=pl.len().cast(pl.Int64),
            p_greater=((pl.col("difference") > 0).sum() + (pl.col("difference") == 0).sum() / 2) / count,
        )
        .with_columns(se=pl.col("difference_sd") / pl.col("n").sqrt(), baseline=pl.lit(baseline))
        .join(order, on="metric")
        .sort("order", "year", "scenario")
    )
    bounds = {n: central_bound(CONFIDENCE, n - 1) for n in rows["n"].unique() if n > 1}
    half = pl.col("n").replace_strict(bounds, default=None, return_dtype=pl.Float64) * pl.col("se")
    return rows.with_columns(
        ci_low=pl.col("difference_mean") - half, ci_high=pl.col("difference_mean") + half
    ).select(COMPARISON_COLUMNS)


def _notes(sweep: Sweep, baseline: str) -> Iterator[str]:
    """Yield what makes the scenarios less comparable than they look."""
    runs = sweep.runs
    for column, said in _SHOULD_AGREE.items():
        if runs[column].n_unique() > 1:
            yield said
    for scenario, digests in (
        runs.group_by("scenario", maintain_order=True).agg("scenario_digest").iter_rows()
    ):
        if len(set(digests)) > 1:
            yield f"the runs of {scenario!r} were made from different versions of the scenario"
    seeds = dict(runs.group_by("scenario", maintain_order=True).agg("seed").iter_rows())
    for scenario in seeds.keys() - {baseline}:
        alone = sorted(set(seeds[scenario]) ^ set(seeds[baseline]))
        if alone:
            yield f"{scenario!r} and {baseline!r} do not share the seeds {', '.join(map(str, alone))}"
    for problem in sweep.problems:
        yield f"left out: {problem}"


_SHOULD_AGREE: Final = {
    "census_digest": "the runs start from different censuses",
    "start_year": "the runs begin in different years; only years that both have are compared",
    "end_year": "the runs end in different years; only years that both have are compared",
    "code_version": "the runs were made by different versions of PlanWise",
}
