"""Many stores through one connection: attached read-only a batch at a time, each read once.

A store that cannot be read does not hide the others: it comes back as a problem. Nothing that a store says
becomes SQL; paths go in as parameters and aliases are numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from simulation.errors import Problem, StoreError
from simulation.store.connection import connect
from simulation.store.manifest import Manifest
from simulation.store.reader import check_file, damaged, read_manifest, unopened
from simulation.store.relations import PARAMETERS, QUALITY, STATUS_SUMMARY, SUMMARY, Relation

BATCH: Final = 50
"""Stores attached at once: few enough for any limit on open files."""

INDEXED: Final = (SUMMARY, STATUS_SUMMARY, PARAMETERS, QUALITY)
"""What a comparison needs of a store: the relations without a row a person."""

_ONLY: Final = {QUALITY.name: "WHERE NOT passed"}
"""Which rows are enough: of the gates, those that warn."""

Frames = dict[str, dict[str, pl.DataFrame]]
"""Rows by alias and relation."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read from one store: its manifest and the small relations by name."""

    path: Path
    manifest: Manifest
    relations: dict[str, pl.DataFrame]


def extracts(paths: Sequence[Path]) -> Iterator[Extract | Problem]:
    """Yield what each store says of its run, or what is wrong with it, in the order of the paths."""
    with connect() as database:
        # A file may hold views of anybody's making: they can reach the given files (DuckDB looks for a log
        # beside each) and no other.
        files = [str(path.resolve()) for path in paths]
        database.execute("SET allowed_paths = ?", [[*files, *(f"{file}.wal" for file in files)]])
        database.execute("SET enable_external_access = false")
        for first in range(0, len(paths), BATCH):
            yield from _batch(database, paths[first : first + BATCH])


def _batch(database: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> Iterator[Extract | Problem]:
    manifests: dict[str, Manifest] = {}
    problems: dict[str, Problem] = {}
    places = {f"s{number}": path for number, path in enumerate(paths)}
    for alias, path in places.items():
        try:
            manifests[alias] = _attach(database, alias, path)
        except StoreError as error:
            problems[alias] = error.problems[0]
    frames = _read(database, {alias: places[alias] for alias in manifests}, problems)
    for alias in manifests:
        database.execute(f"DETACH {alias}")
    for alias, path in places.items():
        yield problems.get(alias) or Extract(path, manifests[alias], frames[alias])


def _attach(database: duckdb.DuckDBPyConnection, alias: str, path: Path) -> Manifest:
    check_file(path)
    try:
        database.execute(f"ATTACH ? AS {alias} (READ_ONLY)", [str(path.resolve())])
    except duckdb.Error as error:
        raise unopened(path, error) from error
    try:
        return read_manifest(database, path, alias)
    except BaseException:
        database.execute(f"DETACH {alias}")
        raise


def _read(
    database: duckdb.DuckDBPyConnection, places: dict[str, Path], problems: dict[str, Problem]
) -> Frames:
    """Return the relations of attached stores, with one query for all unless one of them is damaged."""
    try:
        found = {relation.name: _rows(database, relation, list(places)) for relation in INDEXED}
    except duckdb.Error as error:
        if len(places) == 1:
            ((alias, path),) = places.items()
            problems[alias] = damaged(path, error).problems[0]
            return {}
        alone = (_read(database, {alias: path}, problems) for alias, path in places.items())
        return {alias: frames for each in alone for alias, frames in each.items()}
    return {alias: {name: rows[alias] for name, rows in found.items()} for alias in places}


def _rows(
    database: duckdb.DuckDBPyConnection, relation: Relation, aliases: Sequence[str]
) -> dict[str, pl.DataFrame]:
    if not aliases:
        return {}
    columns, only = ", ".join(f'"{name}"' for name in relation.columns), _ONLY.get(relation.name, "")
    each = " UNION ALL ".join(
        f"SELECT '{alias}' AS store, {columns} FROM {alias}.{relation.name} {only}"  # noqa: S608  names of our own
        for alias in aliases
    )
    rows = pl.DataFrame(database.sql(each).to_arrow_table())
    parts = rows.partition_by("store", include_key=False, as_dict=True)
    return {alias: parts.get((alias,), rows.clear().drop("store")) for alias in aliases}
