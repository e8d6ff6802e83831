"""The state on 1 January, before anything of the year has happened."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Final

import polars as pl

from simulation.dates import days_in_year, year_start
from simulation.events.sources import SOURCES
from simulation.evolve.beside import with_sums
from simulation.evolve.cleared import CLEARED
from simulation.state import KEYS, State, deferring, employed, paid_cents, rows_of

YEARS_OF_WITHDRAWALS: Final = 5
"""Years of payments in service that are remembered, for the top-heavy ratio: IRC 416(g)(3)(B)."""

BEFORE: Final = -1
"""The rank of elections of earlier years: before every one of 1 January."""


def open_year(state: State, year: int) -> State:
    """Return the state on 1 January: last year's pay is put by and the year's accounts start anew.

    Everybody employed is entered for the whole year at today's rate; later events take off or add.
    """
    owed = {"owed_before_cents": state.loans["balance_cents"].to_numpy()}
    begun = state.people.with_columns(_opening(year))
    people = with_sums(begun, rows_of(begun, state.loans), owed)
    return replace(state, people=people, raises=state.raises.clear(), elections=_in_force(people, year))


@cache
def _opening(year: int) -> tuple[pl.Expr, ...]:
    """Return the columns that a year begins with."""
    here = employed()
    days = days_in_year(year)
    columns = {
        "prior_year_compensation_cents": pl.when(pl.col("employed_days") > 0)
        .then(paid_cents(year - 1))
        .when(~here)
        .then(0)
        .otherwise(pl.col("prior_year_compensation_cents")),
        "prior_full_year": pl.col("opened_year") & (pl.col("employed_days") == days_in_year(year - 1))
        | (pl.col("employed_days") == 0) & pl.col("prior_full_year") & here,
        "paid_last_year": pl.col("employed_days") > 0,
        "was_hce": pl.col("is_hce"),
        "is_hce": pl.lit(value=False),
        "ever_key": pl.col("ever_key") | pl.col("is_key"),
        "is_key": pl.lit(value=False),
        "owed_before_cents": pl.lit(0, dtype=pl.Int64),
        "distributed_before_cents": pl.col("year_distributed_cents"),
        "withdrawn_1_ago_cents": pl.col("year_withdrawn_cents"),
        **{
            f"withdrawn_{ago}_ago_cents": pl.col(f"withdrawn_{ago - 1}_ago_cents")
            for ago in range(2, YEARS_OF_WITHDRAWALS + 1)
        },
        "opened_year": here,
        "start_date": pl.when(here).then(pl.lit(year_start(year))),
        "opening_compensation_cents": pl.when(here).then(pl.col("compensation_cents")),
        "day_cents": pl.when(here).then(pl.col("compensation_cents") * days).otherwise(0),
        "employed_days": pl.when(here).then(days).otherwise(0).cast(pl.Int64),
        **{f"opening_{source}_cents": pl.col(f"balance_{source}_cents") for source in SOURCES},
        **{f"cent_days_{source}": pl.col(f"balance_{source}_cents") * days for source in SOURCES},
        **CLEARED,
    }
    return tuple(column.alias(name) for name, column in columns.items())


def _in_force(people: pl.DataFrame, year: int) -> pl.DataFrame:
    """Return the elections that hold on 1 January, one row a participant who defers."""
    rates = people[[*KEYS, "deferral_bp", "roth_deferral_bp"]]
    return rates.filter(deferring()).select(_held(year))


@cache
def _held(year: int) -> tuple[pl.Expr, ...]:
    """Return an election of an earlier year as the year has it."""
    return (
        *(pl.col(key) for key in KEYS),
        pl.lit(year_start(year)).alias("effective_date"),
        pl.col("deferral_bp").fill_null(0).alias("pre_tax_bp"),
        pl.col("roth_deferral_bp").fill_null(0).alias("roth_bp"),
        pl.lit(None, dtype=pl.String).alias("election"),
        pl.lit(BEFORE, dtype=pl.Int8).alias("rank"),
    )
