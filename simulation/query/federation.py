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
from simulation.store.engine import Engine
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


def extracts(paths: Sequence[Path], relations: Sequence[Relation] = INDEXED) -> Iterator[Extract | Problem]:
    """Yield what each store says of its run, or what is wrong with it, in the order of the paths.

    Read are some of the ``INDEXED`` relations, or all of them.
    """
    with Engine(paths) as engine:
        for first in range(0, len(paths), BATCH):
            yield from _batch(engine, paths[first : first + BATCH], relations)


def _batch(
    engine: Engine, paths: Sequence[Path], relations: Sequence[Relation]
) -> Iterator[Extract | Problem]:
    opened: dict[str, tuple[Path, Manifest]] = {}
    problems: dict[str, Problem] = {}
    with engine.cursor() as database:
        order = [_attach(engine, database, path, opened) for path in paths]
        frames = _read(database, {alias: path for alias, (path, _) in opened.items()}, relations, problems)
    for alias in opened:
        engine.detach(alias)
    for each in order:
        yield (
            each if isinstance(each, Problem) else problems.get(each) or Extract(*opened[each], frames[each])
        )


def _attach(
    engine: Engine,
    database: duckdb.DuckDBPyConnection,
    path: Path,
    opened: dict[str, tuple[Path, Manifest]],
) -> str | Problem:
    """Return a store's alias and add it to those that are open, or return what is wrong with it."""
    try:
        check_file(path)
        alias = _opened(engine, path)
    except StoreError as error:
        return error.problems[0]
    try:
        opened[alias] = path, read_manifest(database, path, alias)
    except StoreError as error:
        engine.detach(alias)
        return error.problems[0]
    return alias


def _opened(engine: Engine, path: Path) -> str:
    try:
        return engine.attach(path)
    except duckdb.Error as error:
        raise unopened(path, error) from error


def _read(
    database: duckdb.DuckDBPyConnection,
    places: dict[str, Path],
    relations: Sequence[Relation],
    problems: dict[str, Problem],
) -> Frames:
    """Return the relations of attached stores, with one query for all unless one of them is damaged."""
    try:
        found = {relation.name: _rows(database, relation, list(places)) for relation in relations}
    except duckdb.Error as error:
        if len(places) == 1:
            ((alias, path),) = places.items()
            problems[alias] = damaged(path, error).problems[0]
            return {}
        alone = (_read(database, {alias: path}, relations, problems) for alias, path in places.items())
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
