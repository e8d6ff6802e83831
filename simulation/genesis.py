"""The census as events, so that the log alone rebuilds everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation import summary
from simulation.errors import CensusError, Problem
from simulation.events import columns
from simulation.evolve import empty, evolve
from simulation.ids import SLOT_PATTERN, person_keys
from simulation.phases import GENESIS
from simulation.stamp import stamp
from simulation.year import YearRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NO_PARAMETERS = pl.DataFrame(
    schema={
        "seed": pl.UInt64,
        "simulation_year": pl.Int32,
        "job_level": pl.Int8,
        "parameter": pl.String,
        "value": pl.String,
        "unit": pl.String,
        "origin": pl.String,
    }
)
"""The columns of a year's parameters, without rows: genesis uses none."""


def genesis(
    census: pl.DataFrame, as_of: date, year: int, seeds: Sequence[int]
) -> tuple[YearRecord, pl.DataFrame]:
    """Return the record of the year before the first, and the next event sequence of each seed.

    Raises:
        CensusError: an id looks like a requisition slot's, or two ids cannot be told apart by their key.
    """
    _refuse_unusable_ids(census["employee_id"])
    batch = pl.DataFrame({"seed": pl.Series(seeds, dtype=pl.UInt64)})
    people = batch.join(census, how="cross").with_columns(
        effective_date=pl.lit(as_of),
        annual_compensation_cents="compensation_cents",
        amount_cents="compensation_cents",
        cause_rule=pl.lit("census"),
        cause_probability=pl.lit(None, dtype=pl.Float64),
        cause_draw=pl.lit(None, dtype=pl.Float64),
    )
    events = people.select(pl.col(name).cast(dtype) for name, dtype in columns("census").items())
    first = batch.with_columns(next=pl.lit(1, dtype=pl.Int64))
    stamped = stamp([(GENESIS, {"census": events})], year, first)
    state = evolve(empty(), stamped.events, year)
    record = YearRecord(year, stamped.events, state, summary.empty(), NO_PARAMETERS)
    return record, stamped.next_sequence


def _refuse_unusable_ids(employee_ids: pl.Series) -> None:
    slots = employee_ids.filter(employee_ids.str.contains(SLOT_PATTERN.pattern))
    keys = person_keys(employee_ids)
    twins = employee_ids.filter(keys.is_duplicated())
    problems = [
        Problem("employee_id", f"{name!r} has the form of a future hire's id", "any other form")
        for name in slots.head(5)
    ] + [
        Problem("employee_id", f"{name!r} cannot be told apart from another id", "unique ids")
        for name in twins.head(5)
    ]
    if problems:
        message = "the census has employee ids that cannot be used"
        raise CensusError(message, problems=problems)
