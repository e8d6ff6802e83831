"""A year of a batch as its stores keep it: texts as codes, a digest a relation, all seeds at once.

What is asked of a column is asked once, however many seeds have rows in it; each seed's rows, codes and
digests are those that it would have alone. Knows relations and lexicons, no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import polars as pl

from simulation import ledger
from simulation.ledger import Columns, Content, Digest
from simulation.lexicon import Lexicon, Ranks, codes_by_owner
from simulation.quality.inspect import inspect_kept
from simulation.quality.subjects import Kept
from simulation.quality.warnings import NO_WARNINGS, warnings_of
from simulation.snapshot import status_totals, workforce_snapshot
from simulation.state import State
from simulation.store.cells import content_of
from simulation.store.employee_events import index_of
from simulation.store.manifest import RunIdentity
from simulation.store.relations import (
    ARRIVALS,
    BALANCES,
    EVENTS,
    INDEX,
    LEXICONS,
    PARAMETERS,
    PEOPLE,
    QUALITY,
    SNAPSHOT,
    STATUS_SUMMARY,
    SUMMARY,
    WORDS,
    Relation,
    kept_tables,
)
from simulation.year import YearRecord

Lexicons: TypeAlias = Mapping[str, Lexicon]
"""Those of a run, by name."""

_NO_ROWS: Final = pl.DataFrame()
"""The rows of what is digested only."""

_NO_RANKS: Final = np.zeros(0, dtype=np.int64)
"""Whose each row is, where nobody asks."""


class KeptRows(NamedTuple):
    """Coded rows of a relation, and of events what their ids follow from."""

    relation: Relation
    rows: pl.DataFrame
    content: Content | None


@dataclass(frozen=True, slots=True)
class CodedYear:
    """A year of one seed: the coded rows of each relation that is kept, and what is new in its lexicons.

    ``digests`` are those of every relation, kept or not, and of the lexicons. ``summary`` and ``warnings``
    are not coded; ``closed`` is the state of the whole batch.
    """

    year: int
    seed: int
    digests: Mapping[str, Digest]
    kept: Sequence[KeptRows]
    new: Mapping[str, pl.DataFrame]
    summary: pl.DataFrame
    warnings: pl.DataFrame
    closed: State

    @property
    def state(self) -> State:
        """Return the seed's state at the end of the year."""
        return self.closed.for_seed(self.seed)


class Coder:
    """Codes the years of a batch, one after the other."""

    def __init__(self, identity: RunIdentity, lexicons: Mapping[int, Lexicons]) -> None:
        """Take what the runs are made from, one's for all, and each seed's lexicons, which it extends."""
        self._scenario_id = identity.scenario_id
        self._first_year = identity.start_year
        self._kept = kept_tables(identity.keep)
        self._seeds = sorted(lexicons)
        self._ranked = np.array(self._seeds, dtype=np.uint64)
        self._lexicons = [lexicons[seed] for seed in self._seeds]

    def code(self, record: YearRecord) -> Iterator[tuple[int, CodedYear]]:
        """Yield each seed and its part of a year.

        Raises:
            InvariantError: what is to be kept breaks a hard gate.
        """
        met = [{name: len(lexicon) for name, lexicon in mine.items()} for mine in self._lexicons]
        self._enrol(record)
        relations, frames = zip(*self._parts(record), strict=True)
        parted = [self._parted(frame) for frame in frames]
        coded = [
            self._digested(relation, part, columns)
            for relation, part, columns in zip(relations, parted, self._coded(relations, parted), strict=True)
        ]
        coded.append(self._indexed(record.year, relations, parted))
        new = {name: self._new(name, [before[name] for before in met]) for name in LEXICONS}
        summary, failed = self._parted(record.summary), self._parted(record.quality.filter(~pl.col("passed")))
        for rank, seed in enumerate(self._seeds):
            learnt = {name: (part.of(rank), digests[rank]) for name, (part, digests) in new.items()}
            yield (
                seed,
                CodedYear(
                    year=record.year,
                    seed=seed,
                    digests={
                        **{each.relation.name: each.digests[rank] for each in coded if each.has(rank)},
                        **{name: digest for name, (_, digest) in learnt.items() if digest.rows},
                    },
                    kept=[
                        each.of(rank, self._lexicons[rank])
                        for each in coded
                        if each.relation.name in self._kept and each.has(rank)
                    ],
                    new={name: rows for name, (rows, digest) in learnt.items() if digest.rows},
                    summary=summary.of(rank),
                    warnings=warnings_of(mine) if (mine := failed.of(rank)).height else NO_WARNINGS,
                    closed=record.state,
                ),
            )

    def _new(self, name: str, since: Sequence[int]) -> tuple[_Parted, list[Digest]]:
        """Return the rows of every seed's lexicon from a code onwards, and their digests."""
        rows = [mine[name].rows(first) for mine, first in zip(self._lexicons, since, strict=True)]
        bounds = [0, *accumulate(frame.height for frame in rows)]
        together = pl.concat(rows)
        cells = ledger.cells_of(together.iter_columns())
        return _Parted(together, bounds, _NO_RANKS), ledger.digests(cells, bounds)

    def _parts(self, record: YearRecord) -> Iterator[tuple[Relation, pl.DataFrame]]:
        """Yield each relation's rows, with people's numbers; genesis has events and their quality."""
        for event_type, frame in record.events.items():
            yield EVENTS[event_type], frame
        quality = [record.quality]
        if record.year >= self._first_year:
            snapshot = workforce_snapshot(record.state, record.year)
            totals = status_totals(snapshot)
            yield SNAPSHOT, snapshot
            yield BALANCES, record.balances
            yield SUMMARY, self._of_run(SUMMARY, record.summary.drop_nulls("value"))
            yield STATUS_SUMMARY, self._of_run(STATUS_SUMMARY, totals)
            yield PARAMETERS, self._of_run(PARAMETERS, record.parameters)
            quality.append(inspect_kept(self._subject(record, snapshot, totals)))
        yield QUALITY, self._of_run(QUALITY, pl.concat(quality))

    def _subject(self, record: YearRecord, snapshot: pl.DataFrame, totals: pl.DataFrame) -> Kept:
        """Return what the gates look at before a year is written."""
        return Kept(
            seeds=self._seeds,
            state=record.state,
            events=record.events,
            year=record.year,
            snapshot=snapshot,
            balances=record.balances,
            totals=totals,
            summary=record.summary,
        )

    def _of_run(self, relation: Relation, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the run's name, cast to the relation's types, which most have already."""
        columns = {column.name: column for column in rows.iter_columns()}
        columns["scenario_id"] = pl.Series("scenario_id", [self._scenario_id]).new_from_index(0, rows.height)
        return pl.DataFrame([columns[name].cast(dtype) for name, dtype in relation.columns.items()])

    def _coded(self, relations: Sequence[Relation], parted: Sequence[_Parted]) -> list[list[pl.Series]]:
        """Return the relations' columns with texts as codes, people by their numbers."""
        columns: list[pl.Series] = []
        owners: list[Ranks] = []
        for relation, part in zip(relations, parted, strict=True):
            texts = [part.rows[name] for name in relation.coded_by(WORDS)]
            columns += texts
            owners += [part.ranks] * len(texts)
        codes = iter(codes_by_owner([mine[WORDS] for mine in self._lexicons], columns, owners))
        found = []
        for relation, part in zip(relations, parted, strict=True):
            coded = {name: next(codes).alias(name) for name in relation.coded_by(WORDS)}
            for name in relation.coded_by(PEOPLE):
                coded[name] = part.rows["person"].alias(name)
            found.append([coded[name] if name in coded else part.rows[name] for name in relation.columns])
        return found

    def _digested(self, relation: Relation, part: _Parted, columns: Sequence[pl.Series]) -> _Coded:
        """Return coded columns with the digest of each seed's rows; as a frame only if they are kept."""
        cells = ledger.cells_of(columns)
        rows = pl.DataFrame(columns) if relation.name in self._kept else _NO_ROWS
        return _Coded(relation, part.with_rows(rows), cells, ledger.digests(cells, part.bounds))

    def _indexed(self, year: int, relations: Sequence[Relation], parted: Sequence[_Parted]) -> _Coded:
        """Return who has events of which types."""
        people = [len(mine[PEOPLE]) for mine in self._lexicons]
        events = (
            (relation, part.rows["person"], part.ranks)
            for relation, part in zip(relations, parted, strict=True)
            if relation.ids
        )
        rows, bounds = index_of(year, people, events)
        return self._digested(INDEX, _Parted(rows, bounds, _NO_RANKS), rows.get_columns())

    def _enrol(self, record: YearRecord) -> None:
        """Write down who comes with a year's events, in the order of their numbers."""
        arrived = [
            record.events[name].select("seed", "person", "employee_id")
            for name in ARRIVALS
            if name in record.events
        ]
        if arrived:
            people = self._parted(pl.concat(arrived).sort("seed", "person"))
            for rank, lexicons in enumerate(self._lexicons):
                lexicons[PEOPLE].add(people.of(rank)["employee_id"].alias("text"))

    def _parted(self, rows: pl.DataFrame) -> _Parted:
        """Return rows in the order of seeds, and where each seed's begin."""
        if len(self._seeds) == 1:
            return _Parted(rows, [0, rows.height], _NO_RANKS)
        ranks = np.searchsorted(self._ranked, rows["seed"].to_numpy())
        if np.any(ranks[1:] < ranks[:-1]):
            order = np.argsort(ranks, kind="stable")
            rows, ranks = rows[order], ranks[order]
        bounds = np.searchsorted(ranks, np.arange(len(self._seeds) + 1))
        return _Parted(rows, bounds.tolist(), ranks)


@dataclass(frozen=True, slots=True)
class _Parted:
    """Rows of several seeds one after the other, where each one's begin, and whose each row is."""

    rows: pl.DataFrame
    bounds: list[int]
    ranks: Ranks

    def of(self, rank: int) -> pl.DataFrame:
        """Return a seed's rows."""
        first, end = self.bounds[rank], self.bounds[rank + 1]
        return self.rows.slice(first, end - first)

    def with_rows(self, rows: pl.DataFrame) -> _Parted:
        """Return other rows in the same order."""
        return _Parted(rows, self.bounds, self.ranks)


@dataclass(frozen=True, slots=True)
class _Coded:
    """A relation's rows of a year with texts as codes, if they are kept, their cells, each seed's digest."""

    relation: Relation
    part: _Parted
    cells: Columns
    digests: Sequence[Digest]

    def of(self, rank: int, lexicons: Lexicons) -> KeptRows:
        """Return a seed's rows, and what the ids of its events follow from."""
        first, end = self.part.bounds[rank : rank + 2]
        ids = self.relation.ids
        content = content_of(self.relation, self.cells, lexicons, first, end) if ids else None
        return KeptRows(self.relation, self.part.of(rank), content)

    def has(self, rank: int) -> bool:
        """Return whether a year of a seed tells of the relation: of events, if it has any."""
        return bool(self.digests[rank].rows) or not self.relation.ids
