"""The summary index of a sweep: what a comparison needs of every store, in one file beside them.

Disposable: made from the manifests and summaries, brought up to date when stores come or change, ignored
where it cannot be read or written. A store counts as unchanged while its size and time of change are.
"""

from __future__ import annotations

import contextlib
import io
import os
import stat
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from simulation.errors import Problem
from simulation.query.federation import INDEXED, Extract, extracts
from simulation.store.relations import PARAMETERS

INDEX_NAME: Final = "summary_index.parquet"

VERSION: Final = "4"
"""Part of the key of every row, so that an index of another layout is made anew."""

_MANIFEST_FIELDS: Final[dict[str, pl.DataType]] = {
    "scenario_id": pl.String(),
    "seed": pl.UInt64(),
    "digest": pl.String(),
    "manifest_digest": pl.String(),
    "scenario_digest": pl.String(),
    "census_digest": pl.String(),
    "census_source": pl.String(),
    "census_as_of": pl.Date(),
    "census_rows": pl.Int64(),
    "start_year": pl.Int32(),
    "end_year": pl.Int32(),
    "events": pl.Int64(),
    "keep": pl.String(),
    "code_version": pl.String(),
    "started": pl.Datetime("us"),
    "finished": pl.Datetime("us"),
    "host": pl.String(),
    "user": pl.String(),
}

_KEPT_COLUMNS: Final = {
    relation.name: {
        name: dtype for name, dtype in relation.columns.items() if name not in {"scenario_id", "seed"}
    }
    for relation in INDEXED
}

_STORE_SCHEMA: Final[dict[str, pl.DataType]] = {"key": pl.String(), **_MANIFEST_FIELDS}

SCHEMA: Final[dict[str, pl.DataType]] = {
    **_STORE_SCHEMA,
    **{name: pl.List(pl.Struct(columns)) for name, columns in _KEPT_COLUMNS.items()},
}


LATE: Final = PARAMETERS.name
"""The relation that is read when somebody asks for it: nine tenths of an index, which no comparison needs."""


@dataclass(frozen=True, slots=True)
class Index:
    """One row a store that could be read, nested rows of its relations within; and what could not be read.

    ``store`` is its path as the asker named it. ``files`` are contents of index files: they hold what the
    frame has no column for.
    """

    frame: pl.DataFrame
    problems: tuple[Problem, ...] = ()
    files: tuple[bytes, ...] = ()

    def runs(self) -> pl.DataFrame:
        """Return one row a run: ``scenario``, ``seed``, ``store``, ``status``, and what its manifest says.

        Digests, census, horizon, times (UTC), host and user. A run that can be read is ``done``; what became
        of the others is for the sweep to say.
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
        frame = self.frame if relation in self.frame.columns else self._with(relation)
        nested = frame.select(pl.col("scenario_id").alias("scenario"), "seed", relation)
        return nested.explode(relation, empty_as_null=False).unnest(relation)

    def _with(self, relation: str) -> pl.DataFrame:
        """Return the frame with a relation out of the index files, or else out of the stores."""
        columns, keys = ["key", relation], self.frame["key"]
        held = pl.concat([_known(content, columns, keys) for content in (b"", *self.files)]).unique("key")
        absent = self.frame.filter(~pl.col("key").is_in(held["key"].implode()))
        if not absent.is_empty():
            again = index_of([Path(store) for store in absent["store"]])
            held = pl.concat([held, *(_known(content, columns, keys) for content in again.files)])
        return self.frame.join(held, on="key", maintain_order="left")


_HIDDEN: Final = ("key", "scenario_id", "seed", "store", *_KEPT_COLUMNS)


def index_of(stores: Sequence[Path], directory: Path | None = None) -> Index:
    """Return the index of stores; with a directory, its index file is used and brought up to date."""
    keys = {key: store for store, key in _keys(stores)}
    content = _content(directory)
    known = _known(content, _EARLY, keys)
    if known.height == len(keys):
        return Index(_placed(known, keys), files=(content,))
    known = _known(content, list(SCHEMA), keys)
    have = set(known["key"])
    new = {store: key for key, store in keys.items() if key not in have}
    found = list(extracts(list(new)))
    read = [extract for extract in found if isinstance(extract, Extract)]
    problems = tuple(problem for problem in found if isinstance(problem, Problem))
    frame = pl.concat([known, _frame(read, new)])
    content = _packed(frame)
    if directory is not None and read:
        _save(content, directory)
    return Index(_placed(frame.select(_EARLY), keys), problems, (content,))


_PLACES: Final = {"key": pl.String(), "store": pl.String()}


def _placed(frame: pl.DataFrame, keys: Mapping[str, Path]) -> pl.DataFrame:
    """Return rows in order, with the path of each store as the asker names it: an index file keeps none."""
    stores = pl.DataFrame([(key, str(store)) for key, store in keys.items()], schema=_PLACES, orient="row")
    return frame.join(stores, on="key").sort("scenario_id", "seed", "store")


_EARLY: Final = [column for column in SCHEMA if column != LATE]


def _keys(stores: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """Yield stores that are there with what changes when a file does: its place, size and time of change."""
    places = {parent: parent.resolve() for parent in {store.parent for store in stores}}
    for store in stores:
        with contextlib.suppress(OSError):
            state = store.stat()
            if stat.S_ISREG(state.st_mode):
                place = places[store.parent] / store.name
                yield store, f"{VERSION}:{place}:{state.st_size}:{state.st_mtime_ns}"


def _content(directory: Path | None) -> bytes:
    """Return an index file as it is now, whoever replaces it later; nothing where there is none."""
    try:
        return b"" if directory is None else (directory / INDEX_NAME).read_bytes()
    except OSError:
        return b""


def _known(content: bytes, columns: Sequence[str], keys: Iterable[str]) -> pl.DataFrame:
    """Return columns of the stores that an index file knows as they are now."""
    try:
        if pl.read_parquet_schema(io.BytesIO(content)) == SCHEMA:
            frame = pl.read_parquet(io.BytesIO(content), columns=list(columns))
            return frame.filter(pl.col("key").is_in(list(keys)))
    except (OSError, pl.exceptions.PolarsError):
        pass
    return pl.DataFrame(schema={column: SCHEMA[column] for column in columns})


def _packed(frame: pl.DataFrame) -> bytes:
    """Return the content of an index file."""
    content = io.BytesIO()
    frame.write_parquet(content)
    return content.getvalue()


def _save(content: bytes, directory: Path) -> None:
    """Write the index whole, so that a reader sees the old one or the new one; a sweep may be read-only."""
    temporary = directory / f".{INDEX_NAME}.{os.getpid()}-{threading.get_ident()}.tmp"
    with contextlib.suppress(OSError):
        try:
            temporary.write_bytes(content)
            temporary.replace(directory / INDEX_NAME)
        finally:
            temporary.unlink(missing_ok=True)


def _frame(read: Iterable[Extract], keys: dict[Path, str]) -> pl.DataFrame:
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(_row(extract, keys[extract.path]) for extract in read)])


def _row(extract: Extract, key: str) -> pl.DataFrame:
    manifest = {name: getattr(extract.manifest, name) for name in _MANIFEST_FIELDS}
    row = pl.DataFrame({"key": key, **manifest}, schema=_STORE_SCHEMA)
    return row.with_columns(
        extract.relations[name].select(*columns).to_struct(name).implode().cast(SCHEMA[name])
        for name, columns in _KEPT_COLUMNS.items()
    )
