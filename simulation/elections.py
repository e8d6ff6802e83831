"""Rates that people choose for themselves, and what their choices depend on: age, pay, and a draw for life.

Formulas that the engines of participation share; who chooses, and when, is theirs to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.dates import completed_years, year_start
from simulation.hazards import Floats, stepped, steps_of
from simulation.rng import Purpose, uniform
from simulation.state import KEYS
from simulation.units import BP, CENTS_PER_DOLLAR, basis_points

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.parameters.plan import Deferral
    from simulation.rules.rounding import Whole
    from simulation.state import State

FOR_LIFE: Final = 0
"""The year of draws that are made once: whenever they are asked for, they are the same."""

_LEVELS: Final = 4_096
"""Into so many even parts the normal distribution is cut: the mean and the spread keep four digits."""


def total_bp() -> pl.Expr:
    """Return the deferral in force, pre-tax and Roth together; nought for those who never chose."""
    return pl.col("deferral_bp").fill_null(0) + pl.col("roth_deferral_bp").fill_null(0)


def by_age(rows: Sequence[object], value: str, on: pl.Expr) -> pl.Expr:
    """Return a table's value at each person's age on a day."""
    return stepped(completed_years("birth_date", on), steps_of(rows, "from_age", value))


def by_pay(rows: Sequence[object]) -> pl.Expr:
    """Return a table's multiplier at each person's annual rate of pay, in whole dollars."""
    pay = (pl.col("compensation_cents") // CENTS_PER_DOLLAR).cast(pl.Int32)
    return stepped(pay, steps_of(rows, "from_pay", "multiplier"))


def chosen(context: YearContext, people: pl.DataFrame) -> pl.DataFrame:
    """Return people with the rates that they choose on their ``effective_date``.

    Adds ``pre_tax_rate_bp`` and ``roth_rate_bp``, one of them nought. A person's place among their like is
    drawn once, so that who chooses again is a high or a low saver again.
    """
    deferral = context.scenario.plan.deferral
    on = pl.col("effective_date")
    mean = by_age(deferral.rate_by_age, "rate", on) * by_pay(deferral.income_multiplier)
    rates = elected_bp(
        deferral, people.select(mean=mean)["mean"].to_numpy(), _drawn(people, Purpose.ELECTED_RATE)
    )
    roth = _drawn(people, Purpose.ROTH_CHOICE) < float(deferral.roth_share) * deferral.roth_feature
    return people.with_columns(
        pre_tax_rate_bp=pl.Series(np.where(roth, 0, rates), dtype=pl.Int32),
        roth_rate_bp=pl.Series(np.where(roth, rates, 0), dtype=pl.Int32),
    )


def elected_bp(deferral: Deferral, mean: Floats, draw: Floats) -> Whole:
    """Return elected rates in basis points: log-normal about the mean, in whole steps, within the plan.

    A log-normal distribution with the stated mean and standard deviation is skewed as elections are, whose
    median lies below their mean, and never negative: only the least step, one, moves the mean.
    """
    step, most = basis_points(deferral.step), basis_points(deferral.maximum_rate)
    about = np.maximum(mean, 1 / BP)
    variance = np.log1p((float(deferral.spread) / about) ** 2)
    normal = _normal()[(draw * _LEVELS).astype(np.int64)]
    rate = about * np.exp(np.sqrt(variance) * normal - variance / 2)
    steps = np.floor(rate * (BP / step) + 0.5).astype(np.int64)
    rates: Whole = np.minimum(np.maximum(steps, 1) * step, most // step * step or most)
    return rates


def shared_out(total: pl.Expr) -> dict[str, pl.Expr]:
    """Return ``pre_tax_rate_bp`` and ``roth_rate_bp`` of a changed total.

    All Roth stays all Roth; otherwise the Roth part is kept as far as the total reaches.
    """
    roth_now = pl.col("roth_deferral_bp").fill_null(0)
    only_roth = (pl.col("deferral_bp").fill_null(0) == 0) & (roth_now > 0)
    roth = pl.when(only_roth).then(total).otherwise(pl.min_horizontal(roth_now, total))
    return {"pre_tax_rate_bp": total - roth, "roth_rate_bp": roth}


def last_elections(state: State, year: int) -> pl.DataFrame:
    """Return the day of each person's last election after 1 January: ``last_election`` by person."""
    later = state.elections.filter(pl.col("effective_date") > pl.lit(year_start(year)))
    return later.group_by(KEYS).agg(last_election=pl.col("effective_date").max())


def _drawn(people: pl.DataFrame, purpose: Purpose) -> Floats:
    return uniform(people, purpose, FOR_LIFE).to_numpy()


@cache
def _normal() -> Floats:
    """Return the middle of each of the even parts of the standard normal distribution, ascending."""
    quantile = NormalDist().inv_cdf
    return np.array([quantile((part + 0.5) / _LEVELS) for part in range(_LEVELS)])
