"""Reads a sealed store: its manifest, its events as the engines made them, its relations.

Refuses what is not a store of a version it knows, and says what to do. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import duckdb
import numpy.typing as npt
import polars as pl
from pydantic import ValidationError

from simulation.errors import Problem, QueryError, StoreError, nearest
from simulation.lexicon import Lexicon
from simulation.quality.warnings import warnings_of
from simulation.store.attached import Attached
from simulation.store.closable import Closable
from simulation.store.engine import Engine
from simulation.store.files import unfinished
from simulation.store.manifest import Manifest
from simulation.store.relations import (
    EVENTS,
    LEXICONS,
    PARAMETERS,
    QUALITY,
    SCHEMA_VERSION,
    SNAPSHOT,
    SUMMARY,
    WORDS,
    Relation,
    kept_tables,
)

Parameters: TypeAlias = Sequence[Any] | Mapping[str, Any]

_MAGIC: Final = b"DUCK"
_MAGIC_OFFSET: Final = 8
"""Where a DuckDB file says that it is one."""

_BATCH_ROWS: Final = 1_000_000
"""Rows of a batch at most; DuckDB gives out a few tens of thousands at a time."""


class Store(Closable):
    """One sealed run, read-only. Frames have money in whole cents and rates in basis points.

    A store may be used from several threads: queries that run at once have a cursor each.
    """

    def __init__(self, path: Path, attached: Attached, manifest: Manifest) -> None:
        """Take what ``open_store`` opened."""
        self.path = path
        self.manifest = manifest
        self._attached = attached

    @property
    def alias(self) -> str:
        """Return the store's name in queries of another store that has its engine, too."""
        return self._attached.alias

    def close(self) -> None:
        """Close the file."""
        self._attached.close()

    def sql(
        self, query: str, parameters: Parameters = (), *, beside: Mapping[str, pl.DataFrame] | None = None
    ) -> pl.DataFrame:
        """Return the rows of a query; ``?`` or ``$name`` in it stand for the parameters.

        It may read frames ``beside`` the store's relations, by their names.

        Raises:
            StoreError: the file is damaged where the query reads it.
        """
        with self._asked() as cursor:
            return _rows(cursor, query, parameters, beside or {})

    def tuples(self, query: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query whose answer is short: it is planned once, where a frame's is twice.

        Raises:
            StoreError: the file is damaged where the query reads it.
        """
        with self._asked() as cursor:
            return cursor.execute(query, parameters or None).fetchall()

    def batches(self, query: str, parameters: Parameters = ()) -> Iterator[tuple[npt.NDArray[Any], ...]]:
        """Yield the rows of a query bit by bit, an array a column: more rows than a frame should hold.

        Columns are numbers, none of them null.

        Raises:
            StoreError: the file is damaged where the query reads it.
        """
        with self._asked() as cursor:
            for batch in cursor.sql(query, params=parameters or None).to_arrow_reader(_BATCH_ROWS):
                yield tuple(column.to_numpy() for column in pl.DataFrame(batch).get_columns())

    @contextmanager
    def _asked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a cursor that nobody else has now; what DuckDB cannot read becomes an error of the store."""
        try:
            with self._attached.cursor() as cursor:
                yield cursor
        except (duckdb.ProgrammingError, duckdb.DataError):  # the query's own mistake
            raise
        except (duckdb.Error, OSError) as error:  # an OSError comes out of a reader of batches
            self._attached.distrust()
            raise damaged(self.path, error) from error

    def events(self, event_type: str | None = None, year: int | None = None) -> pl.DataFrame:
        """Return one type's events as the engines made them, or all events as outside programs see them.

        With a type: ``seed``, ``person`` and the type's canonical columns. Without: the columns of
        ``fct_yearly_events``, the payload as JSON. In the order in which they happened, of all years or one.

        Raises:
            QueryError: there is no such event type, or the store keeps none of it.
        """
        if event_type is None:
            where, parameters = _year_filter(year)
            return self.sql(f"FROM fct_yearly_events {where} ORDER BY event_sequence", parameters)
        relation = EVENTS.get(event_type)
        if relation is None:
            problem = Problem(
                "event type", repr(event_type), ", ".join(EVENTS), nearest(event_type, [*EVENTS])
            )
            raise QueryError("there is no such event type", problems=[problem])
        coded = self.coded_rows(relation, year)
        seed = pl.lit(self.manifest.seed, dtype=pl.UInt64).alias("seed")
        events = self.decoded(relation, coded).select(seed, coded["employee_id"].alias("person"), pl.all())
        return events.sort("event_sequence")

    def snapshot_rows(self, year: int | None = None) -> pl.DataFrame:
        """Return the year-end workforce, sorted by year and employee (see ``simulation.snapshot``)."""
        return self.rows(SNAPSHOT, year).sort("simulation_year", "employee_id")

    def summary(self) -> pl.DataFrame:
        """Return one row a year and metric."""
        return self.rows(SUMMARY)

    def parameters(self) -> pl.DataFrame:
        """Return one row a year, parameter and job level (null: all levels) with the value used."""
        return self.rows(PARAMETERS)

    def warnings(self) -> pl.DataFrame:
        """Return what soft gates of data quality found, by year; see ``simulation.quality.warnings``."""
        found = self.sql(f"FROM {QUALITY.name} WHERE NOT passed")
        return warnings_of(found).sort("simulation_year", "gate")

    def rows(self, relation: Relation, year: int | None = None) -> pl.DataFrame:
        """Return a relation's rows as they were written, texts decoded.

        Raises:
            QueryError: the run kept summaries only.
        """
        return self.decoded(relation, self.coded_rows(relation, year))

    def decoded(self, relation: Relation, coded: pl.DataFrame) -> pl.DataFrame:
        """Return coded rows with their texts, canonical columns only."""
        return coded.select(*relation.columns).with_columns(
            self._texts(lexicon, relation.columns[name]).gather(coded[name]).alias(name)
            for lexicon in LEXICONS
            for name in relation.coded_by(lexicon)
        )

    def _texts(self, lexicon: str, dtype: pl.DataType) -> pl.Series:
        """Return a lexicon's texts by code, those that a column of this type may hold."""
        return self.lexicons[lexicon].texts().cast(dtype, strict=False)

    def text(self, lexicon: str, code: int | None) -> str | None:
        """Return the text of a code; a code that has none stands for itself, and nothing for none."""
        if code is None:
            return None
        known = self.lexicons[lexicon]
        return str(known.texts()[code]) if 0 <= code < len(known) else str(code)

    def coded_rows(self, relation: Relation, year: int | None = None) -> pl.DataFrame:
        """Return a relation's rows as they lie in the file: texts as codes, events with their ids."""
        self.require(relation.name)
        where, parameters = _year_filter(year)
        return self.sql(f"FROM {relation.name} {where}", parameters)

    def require(self, table: str) -> None:
        """Refuse a question for which the run kept too little.

        Raises:
            QueryError: the table was not kept.
        """
        if table not in kept_tables(self.manifest.keep):
            found = f"was kept as {self.manifest.keep!r}, without {table}"
            hint = "run it again with output.keep: full (planwise runs remake)"
            problem = Problem(str(self.path), found, hint=hint)
            raise QueryError("the store does not hold this", problems=[problem])

    def column_types(self, relation: str) -> dict[str, str]:
        """Return the columns of a table or view with their SQL types."""
        described = self.sql(f"SELECT column_name, column_type FROM (DESCRIBE {relation})")  # noqa: S608
        return dict(described.iter_rows())

    def lexicon_rows(self, lexicon: str) -> pl.DataFrame:
        """Return a lexicon as it lies in the file: ``code`` and ``text``, in the order of codes."""
        return self.sql(f"SELECT code, text FROM {lexicon} ORDER BY code")  # noqa: S608  names of our own

    @property
    def words(self) -> Sequence[str]:
        """Every word by its code: all texts but the numbers of people."""
        return self._attached.known(WORDS, self._words)

    def _words(self) -> tuple[str, ...]:
        return tuple(text for (text,) in self.tuples(f"SELECT text FROM {WORDS} ORDER BY code"))  # noqa: S608

    @cached_property
    def lexicons(self) -> dict[str, Lexicon]:
        """Every lexicon by name."""
        return {name: Lexicon(self.lexicon_rows(name)["text"]) for name in LEXICONS}


def open_store(
    path: str | Path, *, threads: int | None = None, engine: Engine | None = None, anew: bool = False
) -> Store:
    """Return a sealed store, opened read-only; an ``engine`` that may read it is lent, with its own threads.

    The store that was read last stays in memory for who asks it next, unless it was changed in the meantime;
    ``anew`` reads all from the file.

    Raises:
        StoreError: there is no such file, it is no store, it is damaged, being written or of a newer version.
    """
    file = Path(path)
    check_file(file)
    try:
        attached = Attached(file, threads=threads, engine=engine, keep=True, anew=anew)
    except duckdb.Error as error:
        raise unopened(file, error) from error
    try:
        return Store(file, attached, attached.known("manifest", partial(_manifest_of, attached, file)))
    except BaseException:
        attached.distrust()
        attached.close()
        raise


def _manifest_of(attached: Attached, path: Path) -> Manifest:
    with attached.cursor() as cursor:
        return read_manifest(cursor, path)


def read_manifest(database: duckdb.DuckDBPyConnection, path: Path, alias: str = "") -> Manifest:
    """Return the manifest of an open store, or of one that is attached under an alias.

    Raises:
        StoreError: there is none, it cannot be understood, or its version is another.
    """
    table = f"{alias}.run_manifest" if alias else "run_manifest"
    try:
        rows = database.execute(f"FROM {table}").fetchall()
        names = [column[0] for column in database.description or []]
    except duckdb.CatalogException as error:
        raise _no_store(path, "a DuckDB database without a run manifest") from error
    except duckdb.Error as error:
        raise damaged(path, error) from error
    if len(rows) != 1:
        raise _no_store(path, f"a run manifest of {len(rows)} rows, not one")
    return _manifest(path, dict(zip(names, rows[0], strict=True)))


def _manifest(path: Path, values: dict[str, Any]) -> Manifest:
    found = values.get("schema_version")
    if isinstance(found, int) and found != SCHEMA_VERSION:
        problem = Problem(
            str(path),
            f"schema version {found}, written by PlanWise {values.get('code_version')}",
            f"version {SCHEMA_VERSION}",
            "open it with the version that wrote it",
        )
        raise StoreError("the store is of another version", problems=[problem])
    try:
        return Manifest.model_validate(values)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise _no_store(path, f"a run manifest that cannot be understood: {fields}") from error


def _rows(
    cursor: duckdb.DuckDBPyConnection,
    query: str,
    parameters: Parameters,
    beside: Mapping[str, pl.DataFrame],
) -> pl.DataFrame:
    for name, frame in beside.items():
        cursor.register(name, frame.to_arrow())
    rows = pl.DataFrame(cursor.sql(query, params=parameters or None).to_arrow_table())
    for name in beside:
        cursor.unregister(name)
    return rows


def _year_filter(year: int | None) -> tuple[str, list[int]]:
    return ("", []) if year is None else ("WHERE simulation_year = ?", [year])


def check_file(path: Path) -> None:
    """Refuse what cannot be read or is no DuckDB file, before DuckDB says so in words of its own.

    Raises:
        StoreError: it is missing, unreadable, or something else.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_OFFSET + len(_MAGIC))
    except OSError as error:
        problem = Problem(str(path), error.strerror or "cannot be read", hint="check the path")
        if isinstance(error, FileNotFoundError) and unfinished(path):
            hint = "wait until it is, or go on with it by --resume if nobody writes it any more"
            found = "the run is not finished: a store is read once it is sealed"
            problem = Problem(str(path), found, hint=hint)
        raise StoreError("the store cannot be read", problems=[problem]) from error
    if head[_MAGIC_OFFSET:] != _MAGIC:
        raise _no_store(path, "an empty file" if not head else "not a DuckDB file")


def _no_store(path: Path, found: str) -> StoreError:
    hint = "name a seed_<n>.duckdb file that planwise simulate or sweep wrote"
    return StoreError("this is no store of a run", problems=[Problem(str(path), found, hint=hint)])


def damaged(path: Path, error: Exception) -> StoreError:
    """Return what to tell a person when a store's content cannot be read."""
    found = str(error).splitlines()[0]
    hint = "run planwise verify; make the run again from its scenario, census and seed"
    return StoreError("the store is damaged", problems=[Problem(str(path), found, hint=hint)])


def unopened(path: Path, error: duckdb.Error) -> StoreError:
    """Return what to tell a person when DuckDB does not open a store."""
    message = str(error)
    if "set lock on file" in message:
        hint = "close the other program; a sealed store should never be opened for writing"
        problem = Problem(str(path), "another program has it open for writing", hint=hint)
        return StoreError("the store is locked", problems=[problem])
    if "version" in message.lower():
        problem = Problem(str(path), message.splitlines()[0], hint="open it with the version that wrote it")
        return StoreError("the store is of another version", problems=[problem])
    return damaged(path, error)
