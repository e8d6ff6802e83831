"""Proves that a store is as it was sealed: ids, digests, chain and manifest recomputed, promises kept.

Names the first year and event that differ. The digests show any change of a file; they are no signature:
who rewrites the log and every digest with it makes another consistent store.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from simulation.store.manifest import Manifest, YearEntry
from simulation.store.promises import PROMISES
from simulation.store.reader import Store, open_store
from simulation.store.relations import DERIVED, EVENTS, Relation, kept_tables
from simulation.store.report import Finding, VerifyReport, place_of

Numbers: TypeAlias = npt.NDArray[np.int64]

_AT_ONCE: Final = 2
"""Parts that are hashed side by side."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One relation of one year as the file has it now."""

    relation: Relation
    digest: Digest
    numbers: Numbers
    altered: Finding | None


def verify(path: str | Path, *, threads: int | None = None) -> VerifyReport:
    """Return whether a store is as it was sealed, and what differs if it is not.

    Raises:
        StoreError: it cannot be opened as a store at all.
    """
    with open_store(path, threads=threads) as store:
        manifest = store.manifest
        promises = PROMISES if manifest.keep == "full" else {}
        findings = [*_manifest_findings(manifest), *_content_findings(store)]
        if not any(finding.check == _READABLE for finding in findings):
            findings += [finding for name in promises for finding in _promise_findings(store, name)]
        return VerifyReport(
            store=Path(path),
            ok=not findings,
            digest=manifest.digest,
            events=manifest.events,
            checks=(*_CHECKS, *promises),
            findings=tuple(findings),
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


def _content_findings(store: Store) -> Iterator[Finding]:
    """Yield what differs from the manifest, year by year, and then over the whole log."""
    chain = ledger.opening(store.manifest.run_key)
    kept = [relation for relation in (*EVENTS.values(), *DERIVED) if _is_kept(store, relation)]
    seen = {relation.name: 0 for relation in kept}
    numbers: list[Numbers] = []
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        for entry in store.manifest.years:
            parts = list(pool.map(lambda relation, year=entry.year: _part(store, relation, year), kept))
            for part in parts:
                seen[part.relation.name] += part.digest.rows
            numbers += [part.numbers for part in parts if part.relation.ids]
            yield from _year_findings(entry, parts)
            found = _event_digests(entry, parts)
            chain = ledger.chain(chain, entry.year, found)
            if chain.hex() != entry.digest:
                yield Finding(check=_CHAIN, found="the chain breaks here", year=entry.year)
            chain = bytes.fromhex(entry.digest)
    yield from _number_findings(store, numbers)
    yield from _stray_findings(store, seen)


def _is_kept(store: Store, relation: Relation) -> bool:
    return relation.name in kept_tables(store.manifest.keep)


def _event_digests(entry: YearEntry, parts: list[_Part]) -> dict[str, Digest]:
    """Return each event type's digest: recomputed where events were kept, else as the manifest has it."""
    found = {part.relation.name: part.digest for part in parts}
    return {
        event_type: found.get(relation.name) or _recorded(entry, relation)
        for event_type, relation in EVENTS.items()
    }


def _recorded(entry: YearEntry, relation: Relation) -> Digest:
    part = entry.part(relation.name)
    return Digest(part.rows, bytes.fromhex(part.digest)) if part else Digest(0, b"")


def _part(store: Store, relation: Relation, year: int) -> _Part:
    """Return what one relation of one year is now: digest, event numbers, the first id that is wrong."""
    try:
        coded = store.coded_rows(relation, year)
        if relation.ids and not coded["event_sequence"].is_sorted():
            coded = coded.sort("event_sequence")
        digest = ledger.digest(store.digested(relation, coded))
        altered = _altered(store, relation, coded) if relation.ids else None
    except StoreError as error:
        unreadable = Finding(check=_READABLE, found=error.problems[0].found, year=year)
        return _Part(relation, Digest(0, b""), _NO_NUMBERS, unreadable)
    numbers = coded["event_sequence"].to_numpy() if relation.ids else _NO_NUMBERS
    return _Part(relation, digest, numbers, altered)


_NO_NUMBERS: Final = np.empty(0, dtype=np.int64)


def _altered(store: Store, relation: Relation, coded: pl.DataFrame) -> Finding | None:
    ids = ledger.identify(store.manifest.run_key, store.cells(relation, coded))
    same = (ids[:, 0] == coded["id_high"].to_numpy()) & (ids[:, 1] == coded["id_low"].to_numpy())
    if same.all():
        return None
    row = coded.row(int(np.argmin(same)), named=True)
    return Finding(
        check=_IDS,
        found=f"{int((~same).sum())} events were altered, this one first",
        year=row["simulation_year"],
        event_sequence=row["event_sequence"],
        employee_id=store.text("employee", row["employee_id"]),
        event_type=relation.name.removeprefix("event_"),
    )


def _year_findings(entry: YearEntry, parts: list[_Part]) -> Iterator[Finding]:
    altered = [part.altered for part in parts if part.altered]
    yield from sorted(altered, key=place_of)
    for part in parts:
        recorded = _recorded(entry, part.relation)
        if part.digest.rows != recorded.rows:
            found = f"{part.relation.name} has {part.digest.rows} rows, sealed were {recorded.rows}"
            yield Finding(check=_DIGESTS, found=found, year=entry.year)
        elif part.digest.rows and part.digest != recorded:
            found = f"{part.relation.name} is not as it was sealed"
            yield Finding(check=_DIGESTS, found=found, year=entry.year)


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


def _stray_findings(store: Store, seen: dict[str, int]) -> Iterator[Finding]:
    """Yield tables with rows of years that the run does not have."""
    for name, rows in seen.items():
        there = store.sql(f"SELECT count(*) AS rows FROM {name}")["rows"][0]  # noqa: S608  names of our own
        if there != rows:
            yield Finding(check=_DIGESTS, found=f"{name} has {there - rows} rows outside the run's years")


def _promise_findings(store: Store, name: str) -> Iterator[Finding]:
    offending = store.sql(PROMISES[name]).sort("simulation_year", "employee")
    if offending.height:
        first = offending.row(0, named=True)
        employee = first["employee"]
        yield Finding(
            check=name,
            found=f"{offending.height} exceptions",
            year=first["simulation_year"],
            event_sequence=first.get("event_sequence"),
            employee_id=None if employee is None else store.text("employee", employee),
        )
