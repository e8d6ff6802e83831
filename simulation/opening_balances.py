"""What was in accounts on 1 January, worked back from what has been put in and lent since.

Right until something else of the year is taken out or earned: up to the phase of withdrawals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.balances import balance, spread
from simulation.dates import year_end
from simulation.events.sources import SOURCES
from simulation.loan_ledger import Calendar, Loans
from simulation.state import KEYS

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.state import State


def with_opening(context: YearContext, state: State, people: pl.DataFrame) -> pl.DataFrame:
    """Return some of the people with two amounts in cents for each source.

    ``opening_{source}_cents`` was there on 1 January, what a rehire restored included;
    ``kept_{source}_cents`` is what of it this year's loans have left.
    """
    moved = _lent_and_repaid(context, state.loans.join(people.select(KEYS), on=KEYS, how="semi"))
    joined = people.join(moved, on=KEYS, how="left", maintain_order="left")
    kept = {
        source: balance(source)
        - pl.col(f"year_{source}_cents")
        - pl.col(f"repaid_{source}_cents").fill_null(0)
        for source in SOURCES
    }
    return joined.with_columns(
        **{f"kept_{source}_cents": left for source, left in kept.items()},
        **{
            f"opening_{source}_cents": left + pl.col(f"lent_{source}_cents").fill_null(0)
            for source, left in kept.items()
        },
    ).drop(moved.columns[len(KEYS) :])


def _lent_and_repaid(context: YearContext, loans: pl.DataFrame) -> pl.DataFrame:
    """Return what this year's loans took and its payments brought back, by person and source."""
    begin = np.datetime64(year_end(context.year - 1))
    calendar = Calendar.since(loans, context.scenario.payroll.frequency, context.year)
    payments = loans["payments"].cast(pl.Int64).to_numpy()
    made = loans["payments_made"].cast(pl.Int64).to_numpy()
    before = np.minimum(calendar.due(loans["start_date"].to_numpy(), begin), made)
    settled = (made == payments) & (before < made)
    return (
        loans.with_columns(
            level=pl.Series(made - before - settled),
            settled=pl.Series(settled),
            last=pl.Series(_last_amounts(loans, settled, calendar.per_year)),
        )
        .with_columns(**{f"lent_{source}_cents": _lent(context.year, source) for source in SOURCES})
        .with_columns(**_repaid())
        .group_by(KEYS)
        .agg(pl.col(f"{kind}_{source}_cents").sum() for kind in ("lent", "repaid") for source in SOURCES)
    )


def _lent(year: int, source: str) -> pl.Expr:
    return pl.when(pl.col("start_date").dt.year() == year).then(f"{source}_cents").otherwise(0)


def _repaid() -> dict[str, pl.Expr]:
    weights = {source: pl.col(f"{source}_cents") for source in SOURCES}
    level, last = spread(pl.col("payment_cents"), weights), spread(pl.col("last"), weights)
    return {
        f"repaid_{source}_cents": level[f"{source}_cents"] * pl.col("level") + last[f"{source}_cents"]
        for source in SOURCES
    }


def _last_amounts(loans: pl.DataFrame, settled: np.ndarray, per_year: int) -> np.ndarray:
    amounts = np.zeros(loans.height, dtype=np.int64)
    if settled.any():
        amounts[settled] = Loans.as_lent(loans.filter(pl.Series(settled)), per_year).last_amount()
    return amounts
