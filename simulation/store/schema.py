"""The store's DDL: tables for the relations, and the views that outside programs know by name.

Every statement is made of names from ``relations``; nothing that a user typed comes near.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from simulation.events import EVENT_TYPES
from simulation.events.fields import Column
from simulation.events.sources import SOURCES
from simulation.store.relations import EVENTS, LEXICONS, SNAPSHOT, TABLES, is_text, lexicon_of

SQL_TYPES: Final[Mapping[pl.DataType, str]] = {
    pl.Int8(): "TINYINT",
    pl.Int16(): "SMALLINT",
    pl.Int32(): "INTEGER",
    pl.Int64(): "BIGINT",
    pl.UInt64(): "UBIGINT",
    pl.Float64(): "DOUBLE",
    pl.Date(): "DATE",
    pl.Boolean(): "BOOLEAN",
    pl.String(): "VARCHAR",
    pl.Decimal(28, 8): "DECIMAL(28,8)",
}

ID_HALVES: Final = ("id_high", "id_low")
"""An event id as two numbers, which nothing makes shorter."""

COMPRESSION: Final[Mapping[str, str]] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UBIGINT", "DATE"), "bitpacking"),
    "DOUBLE": "uncompressed",
}
"""How columns lie, by their SQL type. DuckDB would try every way on every column: a fifth of the writing,
for a file smaller by a twentieth."""

MANIFEST_TABLE: Final = """
CREATE TABLE run_manifest (
    schema_version INTEGER, scenario_id VARCHAR, plan_design_id VARCHAR, seed UBIGINT,
    start_year INTEGER, end_year INTEGER, keep VARCHAR, balance_snapshots VARCHAR,
    scenario_digest VARCHAR, scenario_json JSON,
    census_digest VARCHAR, census_as_of DATE, census_source VARCHAR, census_rows BIGINT,
    code_version VARCHAR, dependency_versions MAP(VARCHAR, VARCHAR),
    digest VARCHAR, events BIGINT,
    years STRUCT(
        "year" INTEGER, events BIGINT, digest VARCHAR,
        parts STRUCT("name" VARCHAR, "rows" BIGINT, digest VARCHAR)[]
    )[],
    started TIMESTAMP, finished TIMESTAMP, host VARCHAR, "user" VARCHAR,
    manifest_digest VARCHAR
)"""
"""Times are in UTC."""

YEARLY_EVENTS_VIEW: Final = """
CREATE VIEW fct_yearly_events AS
SELECT e.event_id, person.text AS employee_id, m.scenario_id, m.plan_design_id, e.simulation_year,
    e.event_type, e.effective_date, e.event_sequence, e.phase, e.amount, e.event_payload,
    json_object('rule', rule.text, 'probability', e.cause_probability, 'draw', e.cause_draw) AS cause,
    m.started AS created_at
FROM event_log AS e
JOIN employee AS person ON person.code = e.employee
JOIN lexicon AS rule ON rule.code = e.cause_rule
CROSS JOIN run_manifest AS m
"""

BALANCE_VIEW: Final = """
CREATE VIEW fct_participant_balance_snapshots AS
WITH opening AS (
    SELECT employee_id, simulation_year, effective_date AS snapshot_date, balance_pre_tax_cents,
        balance_roth_cents, balance_match_cents, balance_nonelective_cents,
        CAST(0 AS BIGINT) AS balance_profit_sharing_cents, balance_pre_tax_cents + balance_roth_cents
        + balance_match_cents + balance_nonelective_cents AS total_balance_cents
    FROM event_census
    WHERE total_balance_cents > 0 OR deferral_bp > 0 OR roth_deferral_bp > 0
),
snapshots AS (FROM opening UNION ALL BY NAME FROM balance_snapshot)
SELECT person.text AS employee_id, m.scenario_id, m.plan_design_id, e.simulation_year, e.snapshot_date,
    {balances}, {total} AS total_balance, {vested_share} AS vested_percentage,
    {vested} AS vested_balance, {owed} AS loan_balance,
    CAST(coalesce(e.event_count_since_last_snapshot, 0) AS BIGINT) AS event_count_since_last_snapshot
FROM snapshots AS e
JOIN employee AS person ON person.code = e.employee_id
CROSS JOIN run_manifest AS m
"""
"""Opening balances, as the census has them, and those of each year end; what is vested or lent at the
opening is unknown."""


def create_tables() -> Iterator[str]:
    """Yield the statements that make every table of an empty store."""
    for lexicon in LEXICONS:
        yield f"CREATE TABLE {lexicon} (code INTEGER, text VARCHAR)"
    for relation in TABLES:
        columns = [f'"{name}" {_lying(SQL_TYPES[dtype])}' for name, dtype in relation.stored.items()]
        if relation.ids:
            columns += [f"{half} UBIGINT USING COMPRESSION uncompressed" for half in ID_HALVES]
        yield f"CREATE TABLE {relation.name} ({', '.join(columns)})"
    yield MANIFEST_TABLE


def _lying(sql_type: str) -> str:
    return f"{sql_type} USING COMPRESSION {COMPRESSION[sql_type]}" if sql_type in COMPRESSION else sql_type


def create_views() -> Iterator[str]:
    """Yield the statements that make the views; they need the tables."""
    yield f"CREATE VIEW event_log AS {_event_log()}"
    yield YEARLY_EVENTS_VIEW
    yield f"CREATE VIEW fct_workforce_snapshot AS {_workforce_snapshot()}"
    yield BALANCE_VIEW.format(
        balances=", ".join(f"{money(f'e.balance_{source}_cents')} AS balance_{source}" for source in SOURCES),
        total=money("e.total_balance_cents"),
        vested_share=rate("e.vested_bp"),
        vested=money("e.vested_balance_cents"),
        owed=money("e.loan_balance_cents"),
    )


def money(cents: str) -> str:
    """Return the SQL of an amount in dollars from whole cents, exact."""
    return f"CAST(CAST({cents} AS DECIMAL(18,0)) * 0.010000 AS DECIMAL(18,6))"


def rate(basis_points: str) -> str:
    """Return the SQL of a rate from basis points, exact."""
    return f"CAST(CAST({basis_points} AS DECIMAL(18,0)) * 0.0001 AS DECIMAL(10,4))"


def _event_log() -> str:
    return " UNION ALL ".join(_event_rows(event_type) for event_type in EVENTS)


def _event_rows(event_type: str) -> str:
    """Return the query of one type's events; people and rules stay codes, to be decoded once for all."""
    kind = EVENT_TYPES[event_type]
    stated = {column.field: _payload_value(column) for column in kind.columns}
    stated |= {field: IMPLIED[by] for field, by in kind.implied.items()}
    payload = ", ".join(
        f"'{field}', {stated[field]}" for field in kind.payload.model_fields if field in stated
    )
    texts = [column.name for column in kind.columns if is_text(column.dtype)]
    return (
        "SELECT CAST((CAST(e.id_high AS UHUGEINT) << 64) | CAST(e.id_low AS UHUGEINT) AS UUID) AS event_id, "  # noqa: S608
        f"e.employee_id AS employee, e.simulation_year, '{event_type}' AS event_type, e.effective_date, "
        f"e.event_sequence, e.phase, {money('e.amount_cents')} AS amount, "
        f"json_object('event_type', '{event_type}', {payload}) AS event_payload, "
        "e.cause_rule, e.cause_probability, e.cause_draw "
        f"FROM {_decoding(EVENTS[event_type].name, texts)} CROSS JOIN run_manifest AS m"
    )


IMPLIED: Final = {
    "plan_design_id": "m.plan_design_id",
    "amount_cents": f"CAST({money('e.amount_cents')} AS VARCHAR)",
}
"""What stands in a payload for fields that have no column of their own."""


def _payload_value(column: Column) -> str:
    if is_text(column.dtype):
        return f"{column.name}_.text"
    value = f"e.{column.name}"
    if column.name.endswith("_cents"):
        return f"CAST({money(value)} AS VARCHAR)"
    if column.name.endswith("_bp"):
        return f"CAST({rate(value)} AS VARCHAR)"
    return value


def _workforce_snapshot() -> str:
    columns = ", ".join(_snapshot_column(name, dtype) for name, dtype in SNAPSHOT.columns.items())
    texts = [name for lexicon in LEXICONS for name in SNAPSHOT.coded_by(lexicon)]
    return (
        f"SELECT m.scenario_id, m.seed, {columns} "  # noqa: S608  names of our own
        f"FROM {_decoding(SNAPSHOT.name, texts)} CROSS JOIN run_manifest AS m"
    )


def _snapshot_column(name: str, dtype: pl.DataType) -> str:
    if is_text(dtype):
        return f"{name}_.text AS {name}"
    if name.endswith("_cents"):
        return f"{money(f'e.{name}')} AS {name.removesuffix('_cents')}"
    if name.endswith("_bp"):
        return f"{rate(f'e.{name}')} AS {name.removesuffix('_bp')}_rate"
    return f"e.{name}"


def _decoding(table: str, texts: Sequence[str]) -> str:
    """Return the FROM clause of a coded table ``e`` with the text of column ``x`` in ``x_.text``."""
    joins = [f"LEFT JOIN {lexicon_of(name)} AS {name}_ ON {name}_.code = e.{name}" for name in texts]
    return " ".join([f"{table} AS e", *joins])
