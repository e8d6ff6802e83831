"""The year summary's metrics as tables: totals counted over the people, and what is made of them.

A total is a whole number of people or cents for one seed and year. A metric is an exact fraction of totals,
rounded once when it is stored, so that no number depends on threads, on order or on the batch.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from simulation.metrics import plan, workforce
from simulation.metrics.metric import Metric, Totals, Unit
from simulation.state import State

METRICS: Final = (*workforce.WORKFORCE, *plan.PLAN)
"""Every metric that a store of this version holds."""

BY_NAME: Final = {metric.name: metric for metric in METRICS}

_COUNTED: Final = {**workforce.PEOPLE, **plan.PEOPLE}
_SUMMED: Final = {**workforce.CENTS, **plan.CENTS}


def counted(state: State, year: int) -> pl.DataFrame:
    """Return every total, one row a seed, sorted."""
    facts = state.people.select(
        "seed",
        *(who(year).alias(name) for name, who in _COUNTED.items()),
        *(what(year).alias(f"{name} of each") for name, (what, _) in _SUMMED.items()),
    )
    people = facts.group_by("seed").agg(
        *(pl.col(name).sum().cast(pl.Int64) for name in _COUNTED),
        *(
            pl.col(f"{name} of each").filter(who).sum().cast(pl.Int64).alias(name)
            for name, (_, who) in _SUMMED.items()
        ),
    )
    loans = state.loans.group_by("seed").agg(**{name: what.sum() for name, what in plan.LOANS.items()})
    totals = people.join(loans, on="seed", how="left")
    return totals.with_columns(pl.col(*plan.LOANS).fill_null(0)).sort("seed")


def as_markdown() -> str:
    """Return the table of metrics as the documentation prints it."""
    rows = [
        f"| `{metric.name}` | {metric.title} | {metric.unit} | {metric.definition} |" for metric in METRICS
    ]
    return "\n".join(["| metric | title | unit | definition |", "|---|---|---|---|", *rows])


__all__ = ["BY_NAME", "METRICS", "Metric", "Totals", "Unit", "as_markdown", "counted"]
