"""The year summary's metrics as tables: totals counted over the people, and what is made of them.

A total is a whole number of people or cents for one seed and year. A metric is an exact fraction of totals,
rounded once when it is stored, so that no number depends on threads, on order or on the batch.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from simulation.metrics import plan, workforce
from simulation.metrics.metric import Metric, Totals, Unit
from simulation.roll import Roll
from simulation.state import State, paid_cents

METRICS: Final = (*workforce.WORKFORCE, *plan.PLAN)
"""Every metric that a store of this version holds."""

BY_NAME: Final = {metric.name: metric for metric in METRICS}

_COUNTED: Final = {**workforce.PEOPLE, **plan.PEOPLE}
_SUMMED: Final = {**workforce.CENTS, **plan.CENTS}
_COLUMNS: Final = {column for columns, _ in _SUMMED.values() for column in columns} - {workforce.PAID}
_AMOUNTS: Final = pl.col(sorted(_COLUMNS)).fill_null(0).cast(pl.Int64)


def counted(state: State, year: int) -> pl.DataFrame:
    """Return every total, one row a seed, sorted."""
    roll = Roll.of(state.people)
    asked = {name: who(year) for name, who in _COUNTED.items()}
    facts = state.people.select(_AMOUNTS, **asked, **{workforce.PAID: paid_cents(year)})
    whom = {name: facts[name].to_numpy() for name in _COUNTED}
    totals = {name: np.add.reduceat(who, roll.first[:-1], dtype=np.int64) for name, who in whom.items()}
    for name, (columns, who) in _SUMMED.items():
        of_each = sum(facts[column].to_numpy() for column in columns)
        totals[name] = np.add.reduceat(of_each * whom[who], roll.first[:-1])
    for name, column in plan.LOANS.items():
        totals[name] = np.zeros(len(roll.seeds), dtype=np.int64)
        np.add.at(totals[name], roll.seeds_of(state.loans), state.loans[column].to_numpy())
    return pl.DataFrame({"seed": roll.seeds, **totals})


def as_markdown() -> str:
    """Return the table of metrics as the documentation prints it."""
    rows = [
        f"| `{metric.name}` | {metric.title} | {metric.unit} | {metric.definition} |" for metric in METRICS
    ]
    return "\n".join(["| metric | title | unit | definition |", "|---|---|---|---|", *rows])


__all__ = ["BY_NAME", "METRICS", "Metric", "Totals", "Unit", "as_markdown", "counted"]
