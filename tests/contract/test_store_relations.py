"""What an analyst with a DuckDB shell relies on: names, columns and types of DESIGN section 4.

The shell is a plain connection here, without any code of the project.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from pydantic import TypeAdapter

from simulation.events import EVENT_TYPES, SimulationEvent
from simulation.events.factory import STATED_AMOUNT
from simulation.events.language import AnyPayload
from simulation.events.schema import event_schema
from simulation.store import open_store
from tests.stores import make_stores

MONEY = "DECIMAL(18,6)"

RELATIONS = {
    "fct_yearly_events": {
        "event_id": "UUID",
        "employee_id": "VARCHAR",
        "scenario_id": "VARCHAR",
        "plan_design_id": "VARCHAR",
        "simulation_year": "INTEGER",
        "event_type": "VARCHAR",
        "effective_date": "DATE",
        "event_sequence": "BIGINT",
        "amount": MONEY,
        "event_payload": "JSON",
        "cause": "JSON",
        "created_at": "TIMESTAMP",
    },
    "fct_workforce_snapshot": {
        "employee_id": "VARCHAR",
        "scenario_id": "VARCHAR",
        "simulation_year": "INTEGER",
        "snapshot_date": "DATE",
        "employment_status": "VARCHAR",
        "detailed_status_code": "VARCHAR",
        "job_level": "TINYINT",
        "department": "VARCHAR",
        "age": "INTEGER",
        "tenure_years": "INTEGER",
        "age_band": "VARCHAR",
        "tenure_band": "VARCHAR",
        "current_compensation": MONEY,
        "prorated_annual_compensation": MONEY,
        "full_year_equivalent_compensation": MONEY,
        "is_eligible": "BOOLEAN",
        "is_enrolled": "BOOLEAN",
        "deferral_rate": "DECIMAL(10,4)",
        "termination_date": "DATE",
    },
    "fct_participant_balance_snapshots": {
        "employee_id": "VARCHAR",
        "snapshot_date": "DATE",
        "balance_pre_tax": MONEY,
        "balance_roth": MONEY,
        "balance_match": MONEY,
        "balance_nonelective": MONEY,
        "balance_profit_sharing": MONEY,
        "total_balance": MONEY,
        "vested_percentage": "DECIMAL(10,4)",
        "vested_balance": MONEY,
        "loan_balance": MONEY,
        "event_count_since_last_snapshot": "BIGINT",
    },
    "fct_year_summary": {
        "scenario_id": "VARCHAR",
        "seed": "UBIGINT",
        "simulation_year": "INTEGER",
        "metric": "VARCHAR",
        "value": "DECIMAL(28,8)",
    },
    "int_effective_parameters": {
        "simulation_year": "INTEGER",
        "job_level": "TINYINT",
        "parameter": "VARCHAR",
        "value": "VARCHAR",
        "unit": "VARCHAR",
        "origin": "VARCHAR",
    },
    "fct_status_summary": {
        "simulation_year": "INTEGER",
        "detailed_status_code": "VARCHAR",
        "metric": "VARCHAR",
        "value": "DECIMAL(28,8)",
    },
    "fct_data_quality": {
        "scenario_id": "VARCHAR",
        "seed": "UBIGINT",
        "simulation_year": "INTEGER",
        "gate": "VARCHAR",
        "layer": "VARCHAR",
        "severity": "VARCHAR",
        "passed": "BOOLEAN",
        "value": "DECIMAL(28,8)",
        "threshold": "DECIMAL(28,8)",
        "rows": "BIGINT",
        "detail": "VARCHAR",
    },
    "run_manifest": {
        "scenario_digest": "VARCHAR",
        "census_digest": "VARCHAR",
        "seed": "UBIGINT",
        "code_version": "VARCHAR",
        "dependency_versions": "MAP(VARCHAR, VARCHAR)",
        "events": "BIGINT",
        "started": "TIMESTAMP",
        "finished": "TIMESTAMP",
        "host": "VARCHAR",
        "user": "VARCHAR",
    },
}

EVERYWHERE = {"scenario_id", "plan_design_id", "seed", "simulation_year", "snapshot_date", "metric", "value"}
"""Columns that say which run and year a row is of."""

EVENTS_TRIED = 25
"""Of each type: the validator is slow, and one type's events differ little."""

PAYLOAD: TypeAdapter[Any] = TypeAdapter(AnyPayload)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_stores(tmp_path_factory.mktemp("relations"))[0].store


@pytest.fixture
def shell(store: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(store), read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_has_its_columns(shell: duckdb.DuckDBPyConnection, relation: str) -> None:
    described = shell.execute(f"DESCRIBE {relation}").fetchall()
    types = {name: kind for name, kind, *_ in described}
    assert RELATIONS[relation].items() <= types.items()


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_relation_has_rows(shell: duckdb.DuckDBPyConnection, relation: str) -> None:
    found = shell.execute(f"SELECT count(*) FROM {relation}").fetchone()
    assert found is not None
    assert found[0] > 0


def test_relations_can_be_asked_through_attach(store: Path) -> None:
    with duckdb.connect() as database:
        database.execute("ATTACH ? AS one (READ_ONLY)", [str(store)])
        for relation in RELATIONS:
            assert database.execute(f"FROM one.{relation} LIMIT 1").fetchall()


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_payload_validates_and_says_what_the_frame_says(store: Path, event_type: str) -> None:
    kind = EVENT_TYPES[event_type]
    query = "FROM fct_yearly_events WHERE event_type = ? ORDER BY event_sequence"
    with open_store(store) as opened:
        events = opened.sql(query, [event_type]).to_dicts()
        frame = opened.events(event_type).to_dicts()
        implied = {"plan_design_id": opened.manifest.plan_design_id}
    assert len(events) == len(frame) > 0
    for event, row in zip(events, frame, strict=True):
        payload = PAYLOAD.validate_json(event["event_payload"])
        assert payload.event_type == event_type
        for column in kind.columns:
            assert _stored(getattr(payload, column.field), column.name) == row[column.name], column.field
        for field, by in kind.implied.items():
            assert _stored(getattr(payload, field), by) == {**row, **implied}[by], field
        assert event["amount"] == payload.implied_amount or event_type in STATED_AMOUNT
        assert _stored(event["amount"], "amount_cents") == row["amount_cents"]
        assert payload.model_dump(mode="json") == json.loads(event["event_payload"])


def _stored(value: Any, column: str) -> Any:
    """Return a payload's value as its frame column has it."""
    if value is None or not column.endswith(("_cents", "_bp")):
        return value
    whole = value * (100 if column.endswith("_cents") else 10_000)
    assert whole == int(whole)
    return int(whole)


@pytest.fixture(scope="module")
def exported(store: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the log as docs/store.md exports it for other languages."""
    target = tmp_path_factory.mktemp("exported") / "events.jsonl"
    statement = "COPY" + _page().partition("```sql\nCOPY")[2].partition("```")[0]
    with duckdb.connect() as database:
        database.execute("ATTACH ? AS run (READ_ONLY)", [str(store)])
        database.execute(statement.replace("events.jsonl", str(target)))
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_an_exported_log_fits_the_schema_and_the_language(exported: list[dict[str, Any]]) -> None:
    validator = jsonschema.Draft202012Validator(event_schema())
    assert {event["payload"]["event_type"] for event in exported} == set(EVENT_TYPES)
    tried: Counter[str] = Counter()
    for event in exported:
        event_type = event["payload"]["event_type"]
        if tried[event_type] < EVENTS_TRIED:
            tried[event_type] += 1
            assert next(validator.iter_errors(event), None) is None
        assert SimulationEvent.model_validate_json(json.dumps(event)).model_dump(mode="json") == event


@pytest.mark.parametrize(
    ("event_type", "field", "value"),
    [
        ("raise", "new_compensation", 61_920.0),
        ("forfeiture", "amount", "-0.010000"),
        ("vesting", "vested_match", "1.2000"),
        ("hce_status", "determination_method", "guess"),
        ("compliance", "current_amount", None),
        ("contribution", "note", "checked"),
    ],
)
def test_a_tampered_event_of_an_exported_log_is_refused(
    exported: list[dict[str, Any]], event_type: str, field: str, value: Any
) -> None:
    validator = jsonschema.Draft202012Validator(event_schema())
    event = next(event for event in exported if event["payload"]["event_type"] == event_type)
    assert validator.is_valid(event)
    assert not validator.is_valid({**event, "payload": {**event["payload"], field: value}})


def test_money_in_a_payload_is_text_with_six_places(shell: duckdb.DuckDBPyConnection) -> None:
    query = """
        SELECT event_payload ->> 'new_compensation', event_payload ->> 'rate', amount,
            json_type(event_payload, '$.new_compensation')
        FROM fct_yearly_events WHERE event_type = 'raise'
    """
    for pay, rate, amount, kind in shell.execute(query).fetchall():
        assert kind == "VARCHAR"
        assert (len(pay.partition(".")[2]), len(rate.partition(".")[2])) == (6, 4)
        assert isinstance(amount, Decimal)


def test_balances_are_those_of_the_census(shell: duckdb.DuckDBPyConnection) -> None:
    query = (
        "SELECT count(*), bool_and(total_balance = balance_pre_tax + balance_roth + balance_match"
        " + balance_nonelective), count(vested_balance) FROM fct_participant_balance_snapshots"
    )
    participants, adds_up, vested = shell.execute(f"{query} WHERE simulation_year = 2024").fetchall()[0]
    assert 0 < participants <= 80
    assert adds_up
    assert vested == 0


@pytest.mark.parametrize("relation", RELATIONS)
def test_every_relation_and_column_is_described(shell: duckdb.DuckDBPyConnection, relation: str) -> None:
    described = _page().partition(f"**`{relation}`**")[2].partition("\n\n")[0]
    names = {name for name, *_ in shell.execute(f"DESCRIBE {relation}").fetchall()} - EVERYWHERE
    assert names <= set(re.findall(r"`(\w+)`", described))


def _page() -> str:
    return (Path(__file__).parents[2] / "docs" / "store.md").read_text(encoding="utf-8")
