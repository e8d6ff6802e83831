"""Proves that a store is as it was sealed: ids, digests, chain and manifest recomputed, promises kept.

Names the first year and event that differ. The digests show any change of a file; they are no signature:
who rewrites the log and every digest with it makes another consistent store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation import ledger
from simulation.errors import StoreError
from simulation.ledger import Digest
from simulation.quality.warnings import sentence
from simulation.store.cells import coded_cells
from simulation.store.log import Log
from simulation.store.manifest import Manifest, YearEntry
from simulation.store.promises import PROMISES, Promise
from simulation.store.reader import Store, open_store
from simulation.store.relations import EVENTS, LEXICONS, PEOPLE, TABLES, Relation, kept_tables
from simulation.store.report import Finding, VerifyReport, place_of

Numbers: TypeAlias = npt.NDArray[np.int64]

_AT_ONCE: Final = 2
"""Parts that are hashed side by side, and promises that are asked for."""

_FIRST: Final = ("simulation_year", "employee", "event_sequence")
"""What the first exception of a promise comes first by."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One relation of one year as the file has it now."""

    relation: Relation
    digest: Digest
    numbers: Numbers
    altered: Finding | None


def verify(path: str | Path, *, threads: int | None = None) -> VerifyReport:
    """Return whether a store is as it was sealed, and what differs if it is not.

    All is read from the file, nothing that a reader before it has in memory.

    Raises:
        StoreError: it cannot be opened as a store at all.
    """
    with open_store(path, threads=threads, anew=True) as store:
        manifest = store.manifest
        promises = PROMISES if manifest.keep == "full" else {}
        log = Log(store)
        findings = [*_manifest_findings(manifest), *content_findings(store, log if promises else None)]
        if not any(finding.check == _READABLE for finding in findings):
            findings += _broken_promises(log, promises)
        return VerifyReport(
            store=Path(path),
            ok=not findings,
            digest=manifest.digest,
            events=manifest.events,
            checks=(*_CHECKS, *promises),
            findings=tuple(findings),
            warnings=() if findings else tuple(map(sentence, store.warnings().to_dicts())),
        )


_CHECKS: Final = (
    "manifest",
    "every block can be read",
    "event ids follow from the events",
    "events are numbered without gap",
    "digest of each year and relation",
    "chain of the years",
)
_MANIFEST, _READABLE, _IDS, _NUMBERS, _DIGESTS, _CHAIN = _CHECKS


def _manifest_findings(manifest: Manifest) -> Iterator[Finding]:
    if manifest.own_digest() != manifest.manifest_digest:
        yield Finding(check=_MANIFEST, found="it was edited: its own digest differs")
    if [entry.year for entry in manifest.years] != list(manifest.stored_years):
        yield Finding(check=_MANIFEST, found=f"its years are not those from {manifest.start_year - 1} on")
    if manifest.years and manifest.years[-1].digest != manifest.digest:
        yield Finding(check=_MANIFEST, found="the run's digest is not that of its last year")
    if sum(entry.events for entry in manifest.years) != manifest.events:
        yield Finding(check=_MANIFEST, found="the years' events do not add up to the run's")


def content_findings(store: Store, log: Log | None = None) -> Iterator[Finding]:
    """Yield what differs from the manifest, year by year, and then over the whole log.

    A ``log`` takes what was read, rows outside the run's years among it.
    """
    manifest, chain = store.manifest, ledger.opening(store.manifest.run_key)
    kept = [relation for relation in TABLES if relation.name in kept_tables(manifest.keep)]
    rows = _rows_by_year(store, [relation.name for relation in kept])
    texts = {name: _Texts.of(store, name) for name in LEXICONS}
    numbers: list[Numbers] = []
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        awaited = {
            year: [pool.submit(_part, store, each, year, log) for each in kept if year in rows[each.name]]
            for year in manifest.stored_years
        }
        for entry in manifest.years:
            parts = [part.result() for part in awaited.get(entry.year, [])]
            found = {relation.name: _NOTHING for relation in kept}
            found |= {part.relation.name: part.digest for part in parts}
            found |= {name: each.next(_recorded(entry, name).rows) for name, each in texts.items()}
            numbers += [part.numbers for part in parts if part.relation.ids]
            yield from sorted((part.altered for part in parts if part.altered), key=place_of)
            yield from _year_findings(entry, found)
            chain = ledger.chain(chain, entry.year, _links(entry, found))
            if chain.hex() != entry.digest:
                yield Finding(check=_CHAIN, found="the chain breaks here", year=entry.year)
            chain = bytes.fromhex(entry.digest)
    yield from _number_findings(store, numbers)
    yield from _stray_findings(store, rows, log)
    for each in texts.values():
        yield from each.findings()


def _rows_by_year(store: Store, tables: Sequence[str]) -> dict[str, dict[int, int]]:
    """Return how many rows each table has of each year that is to be read; of a damaged one that is all."""
    each = (
        f"SELECT '{name}', simulation_year, count(*) FROM {name} GROUP BY simulation_year"  # noqa: S608
        for name in tables
    )
    rows: dict[str, dict[int, int]] = {name: {} for name in tables}
    try:
        for name, year, count in store.tuples(" UNION ALL ".join(each)):
            rows[name][year] = count
    except StoreError:
        if len(tables) == 1:
            return {tables[0]: dict.fromkeys(store.manifest.stored_years, 0)}
        return {name: by_year for table in tables for name, by_year in _rows_by_year(store, [table]).items()}
    return rows


@dataclass(slots=True)
class _Texts:
    """A lexicon as the file has it, how many of its texts were seen, and why it cannot be read if so."""

    name: str
    rows: pl.DataFrame
    seen: int = 0
    unreadable: str | None = None

    @classmethod
    def of(cls, store: Store, name: str) -> _Texts:
        try:
            return cls(name, store.lexicon_rows(name))
        except StoreError as error:
            return cls(name, pl.DataFrame(), unreadable=error.problems[0].found)

    def next(self, count: int) -> Digest:
        """Return the digest of the next so many texts, those that were new in a year."""
        rows = self.rows.slice(self.seen, count)
        self.seen += rows.height
        return ledger.digest(rows)

    def findings(self) -> Iterator[Finding]:
        """Yield that it cannot be read, or has texts that no year brought."""
        if self.unreadable:
            yield Finding(check=_READABLE, found=self.unreadable)
        if self.rows.height > self.seen:
            found = f"{self.name} has {self.rows.height - self.seen} rows that no year brought"
            yield Finding(check=_DIGESTS, found=found)


def _links(entry: YearEntry, found: dict[str, Digest]) -> dict[str, Digest]:
    """Return what the year's link covers: recomputed where it was kept, else as the manifest has it."""
    tables = {event_type: relation.name for event_type, relation in EVENTS.items()}
    tables |= {lexicon: lexicon for lexicon in LEXICONS}
    return {name: found.get(table) or _recorded(entry, table) for name, table in tables.items()}


def _recorded(entry: YearEntry, name: str) -> Digest:
    part = entry.part(name)
    return Digest(part.rows, bytes.fromhex(part.digest)) if part else _NOTHING


def _part(store: Store, relation: Relation, year: int, log: Log | None) -> _Part:
    """Return what one relation of one year is now: digest, event numbers, the first id that is wrong."""
    try:
        coded = store.coded_rows(relation, year)
        if relation.ids and not coded["event_sequence"].is_sorted():
            coded = coded.sort("event_sequence")
        digest = ledger.digest(coded.select(*relation.columns))
        altered = _altered(store, relation, coded) if relation.ids else None
    except StoreError as error:
        unreadable = Finding(check=_READABLE, found=error.problems[0].found, year=year)
        return _Part(relation, _NOTHING, _NO_NUMBERS, unreadable)
    if log is not None:
        log.take(relation, year, coded)
    numbers = coded["event_sequence"].to_numpy() if relation.ids else _NO_NUMBERS
    return _Part(relation, digest, numbers, altered)


_NOTHING: Final = Digest(0, b"")

_NO_NUMBERS: Final = np.empty(0, dtype=np.int64)


def _altered(store: Store, relation: Relation, coded: pl.DataFrame) -> Finding | None:
    ids = ledger.identify(store.manifest.run_key, coded_cells(relation, coded, store.lexicons))
    same = (ids[:, 0] == coded["id_high"].to_numpy()) & (ids[:, 1] == coded["id_low"].to_numpy())
    if same.all():
        return None
    row = coded.row(int(np.argmin(same)), named=True)
    return Finding(
        check=_IDS,
        found=f"{int((~same).sum())} events were altered, this one first",
        year=row["simulation_year"],
        event_sequence=row["event_sequence"],
        employee_id=store.text(PEOPLE, row["employee_id"]),
        event_type=relation.name.removeprefix("event_"),
    )


def _year_findings(entry: YearEntry, found: dict[str, Digest]) -> Iterator[Finding]:
    for name, digest in found.items():
        recorded = _recorded(entry, name)
        if digest.rows != recorded.rows:
            said = f"{name} has {digest.rows} rows, sealed were {recorded.rows}"
            yield Finding(check=_DIGESTS, found=said, year=entry.year)
        elif digest.rows and digest != recorded:
            yield Finding(check=_DIGESTS, found=f"{name} is not as it was sealed", year=entry.year)


def _number_findings(store: Store, numbers: list[Numbers]) -> Iterator[Finding]:
    if store.manifest.keep != "full":
        return
    total = store.manifest.events
    found = np.concatenate([_NO_NUMBERS, *numbers])
    inside = found[(found >= 1) & (found <= total)]
    times = np.bincount(inside, minlength=total + 1)[1:]
    for said, wrong in (("is missing", times == 0), ("is there more than once", times > 1)):
        if wrong.any():
            first = int(np.argmax(wrong)) + 1
            count = int(wrong.sum())
            yield Finding(
                check=_NUMBERS,
                found=f"number {first} {said}" + (f", and {count - 1} more" if count > 1 else ""),
                event_sequence=first,
                year=_year_of(store.manifest, first),
            )


def _year_of(manifest: Manifest, sequence: int) -> int | None:
    last = 0
    for entry in manifest.years:
        last += entry.events
        if sequence <= last:
            return entry.year
    return None


def _stray_findings(store: Store, rows: dict[str, dict[int, int]], log: Log | None) -> Iterator[Finding]:
    """Yield tables with rows of years that the run does not have."""
    for relation in TABLES:
        by_year = rows.get(relation.name, {})
        stray = by_year.keys() - {*store.manifest.stored_years}
        if stray:
            count = sum(by_year[year] for year in stray)
            yield Finding(check=_DIGESTS, found=f"{relation.name} has {count} rows outside the run's years")
        for year in stray - {None} if log else ():
            _part(store, relation, year, log)


def _broken_promises(log: Log, promises: Mapping[str, Promise]) -> Iterator[Finding]:
    """Yield what breaks each promise; the last one takes longest, so it is begun first."""
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found = {name: pool.submit(promise, log) for name, promise in reversed([*promises.items()])}
        for name in promises:
            yield from _promise_findings(log.store, name, found[name].result())


def _promise_findings(store: Store, name: str, offending: pl.DataFrame) -> list[Finding]:
    if offending.is_empty():
        return []
    first = offending.sort([column for column in _FIRST if column in offending.columns]).row(0, named=True)
    employee = first["employee"]
    broken = Finding(
        check=name,
        found=f"{offending.height} exceptions",
        year=first["simulation_year"],
        event_sequence=first.get("event_sequence"),
        employee_id=None if employee is None else store.text(PEOPLE, employee),
    )
    return [broken]
