"""Layoffs that the scenario orders: a share or a number, by department, level and date.

Who goes is drawn among those who are there; the order says how many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.engines.decided import decided
from simulation.rng import Purpose, uniform
from simulation.state import IDENTITY, KEYS, employed
from simulation.units import BP, basis_points, divide_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters import ReductionInForce
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the terminations that this year's orders make; an order takes nobody twice."""
    orders = enumerate(context.scenario.workforce.reduction_in_force)
    of_year = [(position, order) for position, order in orders if order.date.year == context.year]
    if not of_year:
        return {}
    left = state.people[_READ].filter(employed() & pl.col("opened_year"))
    laid_off = []
    for position, order in of_year:
        chosen = _chosen(context, left, order, position)
        laid_off.append(chosen)
        left = left.join(chosen, on=KEYS, how="anti")
    return {"termination": pl.concat(laid_off)}


_READ = [*IDENTITY, "department", "job_level", "termination_date", "opened_year"]
"""What is read of the people: only this is copied when they are filtered."""


def _chosen(
    context: YearContext, people: pl.DataFrame, order: ReductionInForce, position: int
) -> pl.DataFrame:
    """Return the people of one order: those with the lowest draws of the ones it names."""
    named = people.filter(_names(order))
    size = pl.len().cast(pl.Int64)
    wanted = (
        pl.lit(order.count, dtype=pl.Int64)
        if order.count is not None
        else divide_half_up(size * basis_points(order.share or 0), BP)
    )
    drawn = named.with_columns(draw=uniform(named, Purpose.LAYOFF, context.year, k=position))
    ranked = drawn.sort("seed", "draw", "employee_id").filter(
        pl.int_range(pl.len()).over("seed") < wanted.over("seed")
    )
    return decided(
        ranked,
        "termination",
        rule=f"workforce.reduction_in_force.{position}",
        draw=ranked["draw"],
        effective_date=order.date,
        reason="layoff",
    )


def _names(order: ReductionInForce) -> pl.Expr:
    department = pl.lit(value=True) if order.department is None else pl.col("department") == order.department
    level = pl.lit(value=True) if order.job_level is None else pl.col("job_level") == order.job_level
    return department & level
