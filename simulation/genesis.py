"""The census as events, so that the log alone rebuilds everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from simulation import summary
from simulation.balance_snapshot import NO_BALANCES
from simulation.events import columns
from simulation.evolve import empty, evolve
from simulation.phases import GENESIS
from simulation.quality.inspect import inspect_census
from simulation.quality.subjects import Taken
from simulation.stamp import following, stamp
from simulation.used import NO_PARAMETERS
from simulation.year import YearRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from simulation.state import State


class Genesis(NamedTuple):
    """The census of a batch as events in total order, the state that they make, and the next event numbers.

    ``next_sequence`` has one row a seed (``seed``, ``next``).
    """

    census: pl.DataFrame
    year: int
    seeds: Sequence[int]
    events: Mapping[str, pl.DataFrame]
    state: State
    next_sequence: pl.DataFrame

    def record(self) -> YearRecord:
        """Return the record of the year before the first.

        Raises:
            InvariantError: the log or the state is not the census.
        """
        taken = Taken(self.census, len(self.seeds), self.events, self.state)
        quality = inspect_census(taken, self.year, self.seeds)
        return YearRecord(
            self.year, self.events, self.state, summary.empty(), NO_BALANCES, NO_PARAMETERS, quality
        )


def genesis(census: pl.DataFrame, as_of: date, year: int, seeds: Sequence[int]) -> Genesis:
    """Return the census as the events of the year before the first."""
    batch = pl.DataFrame({"seed": pl.Series(seeds, dtype=pl.UInt64)})
    numbered = census.sort("employee_id").with_row_index("person")
    people = batch.join(numbered, how="cross").with_columns(
        effective_date=pl.lit(as_of),
        annual_compensation_cents="compensation_cents",
        amount_cents="compensation_cents",
        cause_rule=pl.lit("census"),
        cause_probability=pl.lit(None, dtype=pl.Float64),
        cause_draw=pl.lit(None, dtype=pl.Float64),
    )
    events = people.select(pl.col(name).cast(dtype) for name, dtype in columns("census").items())
    first = batch.with_columns(next=pl.lit(1, dtype=pl.Int64))
    batches = [(GENESIS, {"census": events})]
    stamped = stamp(batches, year, first)
    state = evolve(empty(), stamped, year)
    return Genesis(census, year, seeds, stamped, state, following(batches, first))
