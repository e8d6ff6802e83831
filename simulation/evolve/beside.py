"""Changes laid beside the people that they change, by place.

People are numbered without gaps within a seed and stand in that order, so that a person's row is known: no
join is needed, and none is made.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from simulation.state import rows_of


def beside(people: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Return people with the columns of at most one change each beside them, null where there is none."""
    place = np.full(people.height, -1, dtype=np.int64)
    place[rows_of(people, changes)] = np.arange(changes.height)
    places = pl.Series(place)
    taken = changes.drop("seed", "person").select(pl.all().gather(places.set(places < 0, None)))
    return people.hstack(taken)


def with_sums(people: pl.DataFrame, events: pl.DataFrame, amounts: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Return people with amounts of any number of events each added to columns of whole numbers."""
    if events.is_empty():
        return people
    rows = rows_of(people, events)
    parts = events.select(**amounts)
    sums = []
    for name in amounts:
        column = people[name].to_numpy().copy()
        np.add.at(column, rows, parts[name].to_numpy())
        sums.append(pl.Series(name, column))
    return people.with_columns(sums)
