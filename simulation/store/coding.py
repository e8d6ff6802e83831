"""A year of a batch as its stores keep it: texts as codes, a digest a relation, all seeds at once.

What is asked of a column is asked once, however many seeds have rows in it; each seed's rows, codes and
digests are those that it would have alone. Knows relations and lexicons, no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import polars as pl

from simulation import ledger
from simulation.ledger import Digest, Lexicon, Ranks, codes_by_owner
from simulation.quality.inspect import inspect_kept
from simulation.quality.subjects import Kept
from simulation.quality.warnings import warnings_of
from simulation.snapshot import status_totals, workforce_snapshot
from simulation.state import State
from simulation.store.relations import (
    ARRIVALS,
    BALANCES,
    EVENTS,
    LEXICONS,
    PARAMETERS,
    PEOPLE,
    QUALITY,
    SNAPSHOT,
    STATUS_SUMMARY,
    SUMMARY,
    WORDS,
    Relation,
)
from simulation.year import YearRecord

Lexicons: TypeAlias = Mapping[str, Lexicon]
"""Those of a run, by name."""


@dataclass(frozen=True, slots=True)
class CodedYear:
    """A year of one seed: each relation's coded rows and digest, and what is new in its lexicons.

    ``state``, ``summary`` and ``warnings`` are not coded.
    """

    year: int
    parts: Sequence[tuple[Relation, pl.DataFrame, Digest]]
    new: Mapping[str, pl.DataFrame]
    state: State
    summary: pl.DataFrame
    warnings: pl.DataFrame


class Coder:
    """Codes the years of a batch, one after the other."""

    def __init__(self, scenario_id: str, first_year: int, lexicons: Mapping[int, Lexicons]) -> None:
        """Take the run's name, its first year after genesis, and each seed's lexicons, which it extends."""
        self._scenario_id = scenario_id
        self._first_year = first_year
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
        coded = self._coded(relations, parted)
        digests = [ledger.digests(rows, part.bounds) for rows, part in zip(coded, parted, strict=True)]
        summary, quality = self._parted(record.summary), self._parted(record.quality)
        for rank, seed in enumerate(self._seeds):
            parts = [
                (relation, part.of(rank, rows), digest[rank])
                for relation, rows, part, digest in zip(relations, coded, parted, digests, strict=True)
                if digest[rank].rows or not relation.ids
            ]
            lexicons, before = self._lexicons[rank], met[rank]
            yield (
                seed,
                CodedYear(
                    year=record.year,
                    parts=parts,
                    new={name: lexicons[name].rows(since=before[name]) for name in LEXICONS},
                    state=record.state.for_seed(seed),
                    summary=summary.of(rank),
                    warnings=warnings_of(quality.of(rank)),
                ),
            )

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
            quality += self._inspected(record, snapshot, totals)
        yield QUALITY, self._of_run(QUALITY, pl.concat(quality))

    def _inspected(
        self, record: YearRecord, snapshot: pl.DataFrame, totals: pl.DataFrame
    ) -> Iterator[pl.DataFrame]:
        """Yield what the gates say of a year as each seed keeps it."""
        events = {kind: self._parted(frame) for kind, frame in record.events.items()}
        snapshots, sums = self._parted(snapshot), self._parted(totals)
        balances, summary = self._parted(record.balances), self._parted(record.summary)
        for rank, seed in enumerate(self._seeds):
            kept = Kept(
                record.state.for_seed(seed),
                {kind: rows for kind, part in events.items() if (rows := part.of(rank)).height},
                record.year,
                snapshots.of(rank),
                balances.of(rank),
                sums.of(rank),
                summary.of(rank),
            )
            yield inspect_kept(kept, seed)

    def _of_run(self, relation: Relation, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the run's name, cast to the relation's types."""
        named = rows.with_columns(scenario_id=pl.lit(self._scenario_id))
        return named.select(pl.col(name).cast(dtype) for name, dtype in relation.columns.items())

    def _coded(self, relations: Sequence[Relation], parted: Sequence[_Parted]) -> list[pl.DataFrame]:
        """Return the relations' rows with texts as codes, people by their numbers."""
        pairs = list(zip(relations, parted, strict=True))
        columns: list[pl.Series] = []
        owners: list[Ranks] = []
        for relation, part in pairs:
            texts = [part.rows[name] for name in relation.coded_by(WORDS)]
            columns += texts
            owners += [part.ranks] * len(texts)
        codes = iter(codes_by_owner([mine[WORDS] for mine in self._lexicons], columns, owners))
        found = []
        for relation, part in pairs:
            rows = part.rows
            coded = {name: next(codes) for name in relation.coded_by(WORDS)}
            for name in relation.coded_by(PEOPLE):
                coded[name] = rows["person"]
            kept = [coded[name].alias(name) if name in coded else rows[name] for name in relation.columns]
            found.append(pl.DataFrame(kept))
        return found

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
            return _Parted(rows, [0, rows.height], np.zeros(0, dtype=np.int64))
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

    def of(self, rank: int, rows: pl.DataFrame | None = None) -> pl.DataFrame:
        """Return a seed's rows, of these or of others in the same order."""
        first, end = self.bounds[rank], self.bounds[rank + 1]
        return (self.rows if rows is None else rows)[first:end]
