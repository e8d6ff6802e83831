"""What was in accounts on 1 January, and what of it this year's loans have left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.events.sources import SOURCES
from simulation.state import KEYS

if TYPE_CHECKING:
    from simulation.context import YearContext
    from simulation.state import State


def with_kept(context: YearContext, state: State, people: pl.DataFrame) -> pl.DataFrame:
    """Return some of the people with ``kept_{source}_cents``: what of the opening balance no loan took."""
    lent = (
        state.loans.filter(pl.col("start_date").dt.year() == context.year)
        .group_by(KEYS)
        .agg(**{f"lent_{source}": pl.col(f"{source}_cents").sum() for source in SOURCES})
    )
    joined = people.join(lent, on=KEYS, how="left", maintain_order="left")
    return joined.with_columns(
        **{
            f"kept_{source}_cents": pl.col(f"opening_{source}_cents") - pl.col(f"lent_{source}").fill_null(0)
            for source in SOURCES
        }
    ).drop(lent.columns[len(KEYS) :])
