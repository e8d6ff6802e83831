"""What accounts earn in a year: the return of a mix of equities and bonds by age, on each day's balance."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, Final

import polars as pl

from simulation.balances import BALANCES, balance
from simulation.dates import days_in_year, year_end, year_start
from simulation.engines.decided import decided
from simulation.events.sources import SOURCES
from simulation.rng import Purpose, uniform_array
from simulation.state import age
from simulation.units import BP, basis_points, divide_half_up

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from simulation.context import YearContext
    from simulation.parameters.plan import Accounts
    from simulation.state import State

_CENT_DAYS: Final = tuple(f"cent_days_{source}" for source in SOURCES)
_EARNED: Final = tuple(f"{source}_cents" for source in SOURCES)
_READ: Final = ("seed", "person", "employee_id", "birth_date", *BALANCES, *_CENT_DAYS)


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the year's return of every account that held money on some day, dated 31 December."""
    plan, year = context.scenario.plan, context.year
    if not plan.enabled or plan.accounts.returns == "none":
        return {}
    held = state.people.select(_READ).filter(pl.any_horizontal(pl.col(name) != 0 for name in _CENT_DAYS))
    earned = (
        held.with_columns(rate_bp=_rate_bp(context, plan.accounts))
        .with_columns(
            effective_date=pl.lit(year_end(year)),
            **{f"{source}_cents": _earned(source, days_in_year(year)) for source in SOURCES},
        )
        .filter(pl.any_horizontal(pl.col(name) != 0 for name in _EARNED))
    )
    return {
        "investment_return": decided(
            earned, "investment_return", rule="plan.accounts.returns", amount=pl.sum_horizontal(_EARNED)
        )
    }


def _earned(source: str, days: int) -> pl.Expr:
    """Return a source's return: rate x cent-days over the days of the year, half-up, and no more than all."""
    amount = divide_half_up(pl.col("rate_bp").cast(pl.Int64) * pl.col(f"cent_days_{source}"), BP * days)
    return pl.max_horizontal(amount, -balance(source))


def _rate_bp(context: YearContext, accounts: Accounts) -> pl.Expr:
    """Return the return of each account's mix, in whole basis points: what the event states is applied."""
    path = accounts.glide_path
    starts = pl.Series([step.from_age for step in path], dtype=pl.Int32)
    shares = pl.Series([basis_points(step.equity_share) for step in path], dtype=pl.Int64)
    reached = pl.lit(starts).search_sorted(age(year_start(context.year)), side="right") - 1
    in_equities = pl.lit(shares).gather(reached)
    equities = _market_bp(context, accounts, 0, accounts.equity_return, accounts.equity_volatility)
    bonds = _market_bp(context, accounts, 1, accounts.bond_return, accounts.bond_volatility)
    return divide_half_up(equities * in_equities + bonds * (BP - in_equities), BP)


def _market_bp(
    context: YearContext, accounts: Accounts, k: int, expected: Decimal, volatility: Decimal
) -> pl.Expr:
    """Return the year's return of one market: as expected, or drawn once for each seed."""
    if accounts.returns == "deterministic":
        return pl.lit(basis_points(expected), dtype=pl.Int64)
    rates = _drawn_bp(context.seeds, context.year, k, float(expected), float(volatility))
    by_seed = dict(zip(context.seeds, rates, strict=True))
    return pl.col("seed").replace_strict(by_seed, return_dtype=pl.Int64)


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
