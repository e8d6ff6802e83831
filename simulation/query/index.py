"""The summary index of a sweep: what a comparison needs of every store, in one file beside them.

Disposable: made from the manifests and summaries, brought up to date when stores come or change, ignored
where it cannot be read or written. A store counts as unchanged while its size and time of change are.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from simulation.errors import Problem
from simulation.query.federation import INDEXED, Extract, extracts

INDEX_NAME: Final = "summary_index.parquet"

VERSION: Final = "2"
"""Part of the key of every row, so that an index of another layout is made anew."""

_MANIFEST_FIELDS: Final[dict[str, pl.DataType]] = {
    "scenario_id": pl.String(),
    "seed": pl.UInt64(),
    "digest": pl.String(),
    "manifest_digest": pl.String(),
    "scenario_digest": pl.String(),
    "census_digest": pl.String(),
    "start_year": pl.Int32(),
    "end_year": pl.Int32(),
    "events": pl.Int64(),
    "keep": pl.String(),
    "code_version": pl.String(),
    "started": pl.Datetime("us"),
    "finished": pl.Datetime("us"),
}

_KEPT_COLUMNS: Final = {
    relation.name: {
        name: dtype for name, dtype in relation.columns.items() if name not in {"scenario_id", "seed"}
    }
    for relation in INDEXED
}

_STORE_SCHEMA: Final[dict[str, pl.DataType]] = {"key": pl.String(), "store": pl.String(), **_MANIFEST_FIELDS}

SCHEMA: Final[dict[str, pl.DataType]] = {
    **_STORE_SCHEMA,
    **{name: pl.List(pl.Struct(columns)) for name, columns in _KEPT_COLUMNS.items()},
}


@dataclass(frozen=True, slots=True)
class Index:
    """One row a store that could be read, nested rows of its relations within; and what could not be read."""

    frame: pl.DataFrame
    problems: tuple[Problem, ...] = ()

    def runs(self) -> pl.DataFrame:
        """Return one row a run: ``scenario``, ``seed``, ``store``, ``status``, digests, horizon, times (UTC).

        A run that can be read is ``done``; what became of the others is for the sweep to say.
        """
        return self.frame.select(
            pl.col("scenario_id").alias("scenario"),
            "seed",
            "store",
            pl.lit("done").alias("status"),
            pl.exclude(_HIDDEN),
        )

    def rows(self, relation: str) -> pl.DataFrame:
        """Return a relation's rows of every store, with ``scenario`` and ``seed`` in front."""
        nested = self.frame.select(pl.col("scenario_id").alias("scenario"), "seed", relation)
        return nested.explode(relation, empty_as_null=False).unnest(relation)


_HIDDEN: Final = ("key", "scenario_id", "seed", "store", *_KEPT_COLUMNS)


def index_of(stores: Sequence[Path], directory: Path | None = None) -> Index:
    """Return the index of stores; with a directory, its index file is used and brought up to date."""
    keys = {_key(store): store for store in stores if store.is_file()}
    known = _load(directory).filter(pl.col("key").is_in(list(keys)))
    have = set(known["key"])
    new = {store: key for key, store in keys.items() if key not in have}
    if not new:
        return Index(known.sort("scenario_id", "seed", "store"))
    found = list(extracts(list(new)))
    read = [extract for extract in found if isinstance(extract, Extract)]
    problems = tuple(problem for problem in found if isinstance(problem, Problem))
    frame = pl.concat([known, _frame(read, new)]).sort("scenario_id", "seed", "store")
    if directory is not None and read:
        _save(frame, directory)
    return Index(frame, problems)


def _key(store: Path) -> str:
    """Return what changes when a file does: its place, size and time of change."""
    state = store.stat()
    return f"{VERSION}:{store.resolve()}:{state.st_size}:{state.st_mtime_ns}"


def _load(directory: Path | None) -> pl.DataFrame:
    empty = pl.DataFrame(schema=SCHEMA)
    if directory is None:
        return empty
    try:
        frame = pl.read_parquet(directory / INDEX_NAME)
    except (OSError, pl.exceptions.PolarsError):
        return empty
    return frame if frame.schema == empty.schema else empty


def _save(frame: pl.DataFrame, directory: Path) -> None:
    """Write the index whole, so that a reader sees the old one or the new one; a sweep may be read-only."""
    temporary = directory / f".{INDEX_NAME}.{os.getpid()}-{threading.get_ident()}.tmp"
    with contextlib.suppress(OSError):
        try:
            frame.write_parquet(temporary)
            temporary.replace(directory / INDEX_NAME)
        finally:
            temporary.unlink(missing_ok=True)


def _frame(read: Iterable[Extract], keys: dict[Path, str]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(_row(extract, keys[extract.path]) for extract in read)])


def _row(extract: Extract, key: str) -> pl.DataFrame:
    manifest = {name: getattr(extract.manifest, name) for name in _MANIFEST_FIELDS}
    row = pl.DataFrame({"key": key, "store": str(extract.path), **manifest}, schema=_STORE_SCHEMA)
    return row.with_columns(
        extract.relations[name].select(*columns).to_struct(name).implode().cast(SCHEMA[name])
        for name, columns in _KEPT_COLUMNS.items()
    )
