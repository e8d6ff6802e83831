"""Proves that a store is as it was sealed: ids, digests, chain and manifest recomputed, promises kept.

Names the first year and event that differ. The digests show any change of a file; they are no signature:
who rewrites the log and every digest with it makes another consistent store.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from simulation import ledger
from simulation.errors import StoreError
from simulation.ledger import Digest
from simulation.quality.warnings import sentence
from simulation.store.log import Log
from simulation.store.manifest import Manifest, YearEntry
from simulation.store.parts import IDS, NO_NUMBERS, NOTHING, READABLE, Part, parts_of, together
from simulation.store.promises import PROMISES, Promise
from simulation.store.reader import Store, open_store
from simulation.store.relations import EVENTS, LEXICONS, PEOPLE, TABLES, kept_tables
from simulation.store.report import Finding, VerifyReport, place_of

_AT_ONCE: Final = 2
"""Parts that are hashed side by side, and promises that are asked for."""

_FIRST: Final = ("simulation_year", "employee", "event_sequence")
"""What the first exception of a promise comes first by."""


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
        if not any(finding.check == READABLE for finding in findings):
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
    READABLE,
    IDS,
    "events are numbered without gap",
    "digest of each year and relation",
    "chain of the years",
)
_MANIFEST, _, _, _NUMBERS, _DIGESTS, _CHAIN = _CHECKS


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
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        asked = [
            pool.submit(parts_of, store, relation, years, log)
            for relation in kept
            for years in together(rows[relation.name])
        ]
        texts = {name: _Texts.of(store, name) for name in LEXICONS}
        parts = [part for some in asked for part in some.result()]
    for entry in manifest.years:
        here = [part for part in parts if part.year == entry.year]
        found = {relation.name: NOTHING for relation in kept}
        found |= {part.relation.name: part.digest for part in here}
        found |= {name: each.next(_recorded(entry, name).rows) for name, each in texts.items()}
        yield from sorted((part.finding for part in here if part.finding), key=place_of)
        yield from _year_findings(entry, found)
        chain = ledger.chain(chain, entry.year, _links(entry, found))
        if chain.hex() != entry.digest:
            yield Finding(check=_CHAIN, found="the chain breaks here", year=entry.year)
        chain = bytes.fromhex(entry.digest)
    yield from _number_findings(manifest, parts)
    yield from _stray_findings(manifest, rows)
    for each in texts.values():
        yield from each.findings()


_NO_YEAR: Final = -1


def _rows_by_year(store: Store, tables: Sequence[str]) -> dict[str, dict[int, int]]:
    """Return how many rows each table has of each year that is to be read; of a damaged one that is all."""
    year = f"coalesce(simulation_year, {_NO_YEAR})"
    each = (f"SELECT '{name}', {year}, count(*) FROM {name} GROUP BY ALL" for name in tables)  # noqa: S608
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
            yield Finding(check=READABLE, found=self.unreadable)
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
    return Digest(part.rows, bytes.fromhex(part.digest)) if part else NOTHING


def _year_findings(entry: YearEntry, found: dict[str, Digest]) -> Iterator[Finding]:
    for name, digest in found.items():
        recorded = _recorded(entry, name)
        if digest.rows != recorded.rows:
            said = f"{name} has {digest.rows} rows, sealed were {recorded.rows}"
            yield Finding(check=_DIGESTS, found=said, year=entry.year)
        elif digest.rows and digest != recorded:
            yield Finding(check=_DIGESTS, found=f"{name} is not as it was sealed", year=entry.year)


def _number_findings(manifest: Manifest, parts: Sequence[Part]) -> Iterator[Finding]:
    if manifest.keep != "full":
        return
    total = manifest.events
    found = [part.numbers for part in parts if part.year in manifest.stored_years]
    inside = np.clip(np.concatenate([NO_NUMBERS, *found]), 0, total + 1)
    times = np.bincount(inside, minlength=total + 2)[1:-1]
    for said, wrong in (("is missing", times == 0), ("is there more than once", times > 1)):
        if wrong.any():
            first = int(np.argmax(wrong)) + 1
            count = int(wrong.sum())
            yield Finding(
                check=_NUMBERS,
                found=f"number {first} {said}" + (f", and {count - 1} more" if count > 1 else ""),
                event_sequence=first,
                year=_year_of(manifest, first),
            )


def _year_of(manifest: Manifest, sequence: int) -> int | None:
    last = 0
    for entry in manifest.years:
        last += entry.events
        if sequence <= last:
            return entry.year
    return None


def _stray_findings(manifest: Manifest, rows: dict[str, dict[int, int]]) -> Iterator[Finding]:
    """Yield tables with rows of years that the run does not have."""
    for name, by_year in rows.items():
        stray = sum(count for year, count in by_year.items() if year not in manifest.stored_years)
        if stray:
            yield Finding(check=_DIGESTS, found=f"{name} has {stray} rows outside the run's years")


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
    broken = Finding(
        check=name,
        found=f"{offending.height} exceptions",
        year=first["simulation_year"],
        event_sequence=first.get("event_sequence"),
        employee_id=store.text(PEOPLE, first["employee"]),
    )
    return [broken]
