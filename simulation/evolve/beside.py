"""Changes brought to the rows that they are about, by place, and to no column but those they change.

No join is needed, and none is made. People have some ninety columns: those that stay are shared, not copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from simulation.dates import day_number, year_end
from simulation.rules.rounding import Whole, Wholes


def days_left(events: pl.DataFrame, year: int) -> Whole:
    """Return the days from each event's own to 31 December, both included; nought after it."""
    days = day_number(year_end(year)) + 1 - events["effective_date"].to_physical().to_numpy()
    return np.asarray(np.maximum(days, 0), dtype=np.int64)


def replaced(frame: pl.DataFrame, columns: Iterable[pl.Series]) -> pl.DataFrame:
    """Return a frame with columns in the place of those of their names."""
    changed = frame.clone()
    for column in columns:
        changed.replace_column(changed.get_column_index(column.name), column)
    return changed


def put(frame: pl.DataFrame, rows: Whole, values: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Return a frame with values, null ones too, at rows of columns; rows are named once."""
    places = pl.Series(rows)
    return replaced(frame, (frame[name].scatter(places, values[name]) for name in values))


def with_sums(people: pl.DataFrame, rows: Whole, amounts: Mapping[str, Wholes]) -> pl.DataFrame:
    """Return people with amounts of any number of events each added to columns of whole numbers."""
    sums = []
    for name, amount in amounts.items():
        if not np.any(amount):
            continue
        column = people[name].to_numpy().copy()
        np.add.at(column, rows, np.asarray(amount, dtype=column.dtype))
        sums.append(pl.Series(name, column))
    return replaced(people, sums)
