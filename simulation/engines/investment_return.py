"""What accounts earn in a year: the return of a mix of equities and bonds by age, on each day's balance."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.balances import BALANCES, amounts, by_source
from simulation.dates import days_in_year, year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.rng import Purpose, uniform_array
from simulation.rules.rounding import half_up
from simulation.units import BP, basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from simulation.context import YearContext
    from simulation.parameters.plan import Accounts
    from simulation.rules.rounding import Whole, Wholes
    from simulation.state import State

_CENT_DAYS: Final = tuple(f"cent_days_{source}" for source in SOURCES)
_NAMED: Final = ("seed", "person", "employee_id")
_READ: Final = (*_NAMED, "birth_date", *BALANCES, *_CENT_DAYS)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the year's return of every account that held money on some day, dated 31 December."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled or plan.accounts.returns == "none":
        return {}
    days = amounts(state.people, _CENT_DAYS)
    held = state.people[_READ][np.flatnonzero(days.any(axis=1))]
    rate_bp = _rate_bp(context, plan.accounts, held)
    cents = [_earned(held, source, rate_bp, days_in_year(year)) for source in SOURCES]
    earned = np.stack(cents, axis=1)
    rows = np.flatnonzero(earned.any(axis=1))
    return {
        "investment_return": decided(
            held[_NAMED][rows].hstack(by_source(earned[rows])),
            "investment_return",
            rule="plan.accounts.returns",
            amount=earned[rows].sum(axis=1),
            effective_date=year_end(year),
            rate_bp=rate_bp[rows],
        )
    }


def _earned(held: pl.DataFrame, source: str, rate_bp: Whole, days: int) -> Whole:
    """Return a source's return: rate x cent-days over the days of the year, half-up, and no more than all."""
    amount = half_up(rate_bp * held[f"cent_days_{source}"].to_numpy(), BP * days)
    everything: Whole = held[f"balance_{source}_cents"].to_numpy()
    return np.maximum(amount, -everything)


def _rate_bp(context: YearContext, accounts: Accounts, held: pl.DataFrame) -> Whole:
    """Return the return of each account's mix, in whole basis points: what the event states is applied."""
    shares = np.array([basis_points(step.equity_share) for step in accounts.glide_path], dtype=np.int64)
    in_equities = shares[_step(accounts, held, context.year)]
    equities = _market_bp(context, accounts, held, 0)
    bonds = _market_bp(context, accounts, held, 1)
    return half_up(equities * in_equities + bonds * (BP - in_equities), BP)


def _step(accounts: Accounts, held: pl.DataFrame, year: int) -> Whole:
    """Return the place of each account's step by completed years of age on 1 January.

    An age is reached by those born on that day so many years before, or earlier.
    """
    born_by = [year_start(year - step.from_age) for step in reversed(accounts.glide_path)]
    above = np.searchsorted(np.array(born_by, dtype="datetime64[D]"), held["birth_date"].to_numpy())
    return np.maximum(len(born_by) - 1 - above, 0)


def _market_bp(context: YearContext, accounts: Accounts, held: pl.DataFrame, k: int) -> Wholes:
    """Return the year's return of one market: as expected, or drawn once for each seed.

    Equities are market 0, bonds 1.
    """
    expected, volatility = (
        (accounts.equity_return, accounts.equity_volatility),
        (accounts.bond_return, accounts.bond_volatility),
    )[k]
    if accounts.returns == "deterministic":
        return basis_points(expected)
    rates = _drawn_bp(context.seeds, context.year, k, float(expected), float(volatility))
    by_seed = dict(zip(context.seeds, rates, strict=True))
    return held["seed"].replace_strict(by_seed, return_dtype=pl.Int64).to_numpy()


def _drawn_bp(seeds: Sequence[int], year: int, k: int, expected: float, volatility: float) -> list[int]:
    """Return normal returns in basis points by seed; nobody loses more than everything."""
    draws = uniform_array([*seeds], Purpose.MARKET_RETURN, year, 0, k)
    normal = NormalDist()
    return [
        max(round((expected + volatility * normal.inv_cdf(max(float(draw), _SMALLEST))) * BP), -BP)
        for draw in draws
    ]


_SMALLEST: Final = 2.0**-54
"""Stands for a draw of nought, which has no normal deviate."""
