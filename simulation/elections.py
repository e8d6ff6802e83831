"""Rates that people choose for themselves, and what their choices depend on: age, pay, and a draw for life.

Formulas that the engines of participation share; who chooses, and when, is theirs to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import polars as pl

from simulation.dates import year_start
from simulation.hazards import Floats, Steps, steps_of
from simulation.rng import Purpose, Words, uniform_array
from simulation.rules.bands import band_of
from simulation.rules.days import Days, completed_years
from simulation.rules.rounding import Truths, Whole
from simulation.state import rows_of
from simulation.units import BP, CENTS_PER_DOLLAR, basis_points

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.parameters.plan import Deferral
    from simulation.state import State

FOR_LIFE: Final = 0
"""The year of draws that are made once: whenever they are asked for, they are the same."""

_LEVELS: Final = 4_096
"""Into so many even parts the normal distribution is cut: the mean and the spread keep four digits."""


def total_bp() -> pl.Expr:
    """Return the deferral in force, pre-tax and Roth together; nought for those who never chose."""
    return pl.col("deferral_bp").fill_null(0) + pl.col("roth_deferral_bp").fill_null(0)


IN_FORCE: Final = pl.col("deferral_bp", "roth_deferral_bp").fill_null(0).cast(pl.Int64)
"""The rates in force, pre-tax and Roth; nought for those who never chose."""


class Choosers(NamedTuple):
    """Some people as columns: whose draws they are, and what their choices depend on."""

    seed: Words
    person_key: Words
    birth: Days
    pay_cents: Whole

    @classmethod
    def of(cls, people: pl.DataFrame) -> Self:
        """Return people with a ``birth_date`` and ``compensation_cents`` as columns."""
        names = ("seed", "person_key", "birth_date", "compensation_cents")
        return cls(*(people[name].to_numpy() for name in names))

    def at(self, rows: Whole | Truths) -> Self:
        """Return some of the people."""
        return type(self)(self.seed[rows], self.person_key[rows], self.birth[rows], self.pay_cents[rows])

    def draw(self, purpose: Purpose, year: int, k: int = 0) -> Floats:
        """Return one number in [0, 1) a person."""
        return uniform_array(self.seed, purpose, year, self.person_key, k)

    def by_age(self, rows: Sequence[object], value: str, on: Days) -> Floats:
        """Return a table's value at each person's age on a day."""
        return _looked_up(steps_of(rows, "from_age", value), completed_years(self.birth, on))

    def by_pay(self, rows: Sequence[object]) -> Floats:
        """Return a table's multiplier at each person's annual rate of pay, in whole dollars."""
        return _looked_up(steps_of(rows, "from_pay", "multiplier"), self.pay_cents // CENTS_PER_DOLLAR)


def _looked_up(steps: Steps, reached: Whole) -> Floats:
    """Return a table's value at each age or pay; nought below its first step."""
    values = np.array([0.0, *(value for _, value in steps)])
    return np.asarray(values[band_of([start for start, _ in steps], reached) + 1], dtype=np.float64)


def chosen(context: YearContext, people: Choosers, on: Days) -> Rates:
    """Return the rates that people choose on a day, either pre-tax or Roth.

    A person's place among their like is drawn once, so that who chooses again is a high or a low saver again.
    """
    deferral = context.scenario.plan.deferral
    mean = people.by_age(deferral.rate_by_age, "rate", on) * people.by_pay(deferral.income_multiplier)
    rates = elected_bp(deferral, mean, people.draw(Purpose.ELECTED_RATE, FOR_LIFE))
    if not deferral.roth_feature:
        return Rates(rates, np.zeros_like(rates))
    roth = people.draw(Purpose.ROTH_CHOICE, FOR_LIFE) < float(deferral.roth_share)
    return Rates(np.where(roth, 0, rates), np.where(roth, rates, 0))


class Rates(NamedTuple):
    """Deferral rates of some people in basis points."""

    pre_tax_bp: Whole
    roth_bp: Whole

    def at(self, places: Whole | Truths) -> Rates:
        """Return those of some of the people."""
        return Rates(self.pre_tax_bp[places], self.roth_bp[places])


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


def shared_out(now: Rates, total: Whole) -> Rates:
    """Return the rates of a changed total.

    All Roth stays all Roth; otherwise the Roth part is kept as far as the total reaches.
    """
    only_roth = (now.pre_tax_bp == 0) & (now.roth_bp > 0)
    roth = np.where(only_roth, total, np.minimum(now.roth_bp, total))
    return Rates(total - roth, roth)


def last_elections(state: State, year: int) -> Days:
    """Return the day of each person's last election of the year, 1 January where there is none."""
    last = np.full(state.people.height, np.datetime64(year_start(year)))
    days = state.elections["effective_date"].to_numpy()
    later = np.flatnonzero(days > np.datetime64(year_start(year)))
    np.maximum.at(last, rows_of(state.people, state.elections)[later], days[later])
    return last


@cache
def _normal() -> Floats:
    """Return the middle of each of the even parts of the standard normal distribution, ascending."""
    quantile = NormalDist().inv_cdf
    return np.array([quantile((part + 0.5) / _LEVELS) for part in range(_LEVELS)])
