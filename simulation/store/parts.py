"""The parts of a store as the file has them now: each relation of each year, its digest and its event ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation import ledger
from simulation.errors import StoreError
from simulation.ledger import Columns, Digest
from simulation.store.cells import content_of
from simulation.store.log import Log
from simulation.store.reader import Store
from simulation.store.relations import PEOPLE, Relation
from simulation.store.report import Finding

Numbers: TypeAlias = npt.NDArray[np.int64]

READABLE: Final = "every block can be read"
IDS: Final = "event ids follow from the events"

NOTHING: Final = Digest(0, b"")
"""What stands for a part without rows."""

NO_NUMBERS: Final = np.empty(0, dtype=np.int64)

_AT_ONCE: Final = 200_000
"""Rows up to which years of a table are read together: to ask for them costs as much as thousands of rows."""


@dataclass(frozen=True, slots=True)
class Part:
    """One relation of one year: its digest, the numbers of its events, and what is wrong with it."""

    relation: Relation
    year: int
    digest: Digest
    numbers: Numbers
    finding: Finding | None


def together(rows: Mapping[int, int]) -> Iterator[list[int]]:
    """Yield years to be read together, given the rows of each."""
    years: list[int] = []
    for year in sorted(rows):
        if years and sum(rows[each] for each in (*years, year)) > _AT_ONCE:
            yield years
            years = []
        years.append(year)
    if years:
        yield years


def parts_of(store: Store, relation: Relation, years: Sequence[int], log: Log | None) -> list[Part]:
    """Return what a relation of some years in a row is now; a ``log`` takes what was read.

    Where something of it cannot be read, each year is read alone, so that the others are known.
    """
    try:
        coded = _rows(store, relation, years)
        return [_part(store, relation, year, rows, log) for year, rows in _by_year(coded, years)]
    except StoreError as error:
        if len(years) > 1:
            return [part for year in years for part in parts_of(store, relation, [year], log)]
        unreadable = Finding(check=READABLE, found=error.problems[0].found, year=years[0])
        return [Part(relation, years[0], NOTHING, NO_NUMBERS, unreadable)]


def _rows(store: Store, relation: Relation, years: Sequence[int]) -> pl.DataFrame:
    query = f"FROM {relation.name} WHERE simulation_year BETWEEN ? AND ?"
    coded = store.sql(query, [years[0], years[-1]])
    return coded.sort("event_sequence") if relation.ids and not coded["event_sequence"].is_sorted() else coded


def _by_year(rows: pl.DataFrame, years: Sequence[int]) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield each year's rows, in the order in which they are."""
    if not rows["simulation_year"].is_sorted():
        rows = rows.sort("simulation_year", maintain_order=True)
    bounds = np.searchsorted(rows["simulation_year"].to_numpy(), [*years, years[-1] + 1])
    for year, (first, end) in zip(years, pairwise(bounds.tolist()), strict=True):
        yield year, rows.slice(first, end - first)


def _part(store: Store, relation: Relation, year: int, coded: pl.DataFrame, log: Log | None) -> Part:
    cells = ledger.cells_of(coded[name] for name in relation.columns)
    (digest,) = ledger.digests(cells, [0, coded.height])
    if log is not None and relation.coded:
        log.take(relation, year, cells)
    if not relation.ids:
        return Part(relation, year, digest, NO_NUMBERS, None)
    numbers = coded["event_sequence"].to_numpy()
    return Part(relation, year, digest, numbers, _altered(store, relation, coded, cells))


def _altered(store: Store, relation: Relation, coded: pl.DataFrame, cells: Columns) -> Finding | None:
    content = content_of(relation, cells, store.lexicons, 0, coded.height)
    (ids,) = ledger.identify(store.manifest.run_key, [content])
    same = (ids[:, 0] == coded["id_high"].to_numpy()) & (ids[:, 1] == coded["id_low"].to_numpy())
    if same.all():
        return None
    row = coded.row(int(np.argmin(same)), named=True)
    return Finding(
        check=IDS,
        found=f"{int((~same).sum())} events were altered, this one first",
        year=row["simulation_year"],
        event_sequence=row["event_sequence"],
        employee_id=store.text(PEOPLE, row["employee_id"]),
        event_type=relation.name.removeprefix("event_"),
    )
