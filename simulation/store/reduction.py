"""A sealed store made smaller: a new file with less of the log, put in the place of the old one in one step.

Run, digests and times stay as they were sealed; ``keep`` alone is another. The rows that stay are proved
before the old file goes. What the rows mean is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from simulation.errors import Problem, StoreError
from simulation.store.draft import Draft
from simulation.store.files import remove_abandoned, supplant, temporary_path, write_error
from simulation.store.manifest import Manifest
from simulation.store.reader import Store, open_store
from simulation.store.relations import LEXICONS, TABLES, kept_tables
from simulation.store.verification import verify

KEPT: Final = ("full", "lifecycle", "summary")
"""What a store may keep, the most first."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """What became of a store: how much it kept and keeps, its bytes, and the rows that went by relation."""

    store: Path
    digest: str
    before: str
    after: str
    bytes_before: int
    bytes_after: int
    dropped: dict[str, int]


def dropped_rows(manifest: Manifest, keep: str | None = None) -> dict[str, int]:
    """Return the rows by relation that a store does not hold, or would not if it kept so much, and did once.

    What was sealed stands in the manifest whatever is kept of it.
    """
    kept = kept_tables(keep or manifest.keep) | {*LEXICONS}
    rows: dict[str, int] = {}
    for part in (part for year in manifest.years for part in year.parts):
        if part.name not in kept and part.rows:
            rows[part.name] = rows.get(part.name, 0) + part.rows
    return rows


def reduce_store(path: Path, keep: str, *, threads: int | None = None) -> Reduction:
    """Keep less of a sealed run, which nobody writes, and return what went; nothing if it keeps no more.

    Raises:
        StoreError: it cannot be opened, is not as it was sealed, or keeps less than asked for.
        WriteError: the disk or the directory refused; the store is as it was.
    """
    size = path.stat().st_size if path.exists() else 0
    with open_store(path, threads=threads) as store:
        manifest = store.manifest
        _refuse_more(path, manifest.keep, keep)
        dropped = dropped_rows(manifest, keep)
        before = dropped_rows(manifest)
        if manifest.keep != keep:
            _replace(store, keep, threads)
    return Reduction(
        store=path,
        digest=manifest.digest,
        before=manifest.keep,
        after=keep,
        bytes_before=size,
        bytes_after=path.stat().st_size,
        dropped={name: rows for name, rows in dropped.items() if name not in before},
    )


def _refuse_more(path: Path, has: str, keep: str) -> None:
    if KEPT.index(keep) < KEPT.index(has):
        problem = Problem(
            str(path),
            f"keeps {has} only",
            f"{', '.join(KEPT[KEPT.index(has) :])}",
            "make the whole log again with planwise runs remake",
        )
        raise StoreError("what was dropped cannot be kept", problems=[problem])


def _replace(store: Store, keep: str, threads: int | None) -> None:
    path, manifest = store.path, store.manifest
    if manifest.own_digest() != manifest.manifest_digest:
        raise _altered(path, "the manifest was edited: its own digest differs")
    aside = temporary_path(path)
    try:
        remove_abandoned(path)
        draft = Draft(path, manifest.census_rows, threads)
        try:
            _copy(store, draft, kept_tables(keep))
            draft.finish(("run_manifest", manifest.model_copy(update={"keep": keep}).sealed().model_dump()))
            report = verify(aside, threads=threads)
            if report.first is not None:
                raise _altered(path, str(report.first))
            supplant(aside, path)
        finally:
            draft.abandon()
    except (OSError, duckdb.Error) as error:
        raise write_error(path, error) from error


def _copy(store: Store, draft: Draft, kept: frozenset[str]) -> None:
    """Give a draft the rows that stay, as they lie in the file, year by year."""
    for lexicon in LEXICONS:
        draft.append(lexicon, store.lexicon_rows(lexicon))
    for relation in TABLES:
        if relation.name in kept:
            for year in store.manifest.stored_years:
                rows = store.coded_rows(relation, year)
                if not rows.is_empty():
                    draft.append(relation.name, rows)


def _altered(path: Path, found: str) -> StoreError:
    hint = "run planwise verify; nothing was dropped"
    return StoreError("the store is not as it was sealed", problems=[Problem(str(path), found, hint=hint)])
