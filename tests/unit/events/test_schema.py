"""The JSON Schema of events takes what the models write and refuses what they refuse."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from simulation.events import EVENT_TYPES, SimulationEvent
from simulation.events.examples import EXAMPLES
from simulation.events.schema import event_schema

VALIDATOR = jsonschema.Draft202012Validator(event_schema())


def written(event_type: str) -> dict[str, Any]:
    """Return an example as a program in another language finds it."""
    document: dict[str, Any] = json.loads(EXAMPLES[event_type].model_dump_json())
    return document


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(event_schema())
    assert set(event_schema()["$defs"]) == {"cause", *EVENT_TYPES}


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_it_takes_what_a_model_writes(event_type: str) -> None:
    assert not list(VALIDATOR.iter_errors(written(event_type)))


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_schema_of_one_type_takes_no_other(event_type: str) -> None:
    schema = event_schema(event_type)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert [name for name in EVENT_TYPES if validator.is_valid(written(name))] == [event_type]


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_missing_and_an_unknown_field_are_refused(event_type: str) -> None:
    for name in written(event_type)["payload"]:
        event = written(event_type)
        del event["payload"][name]
        assert not VALIDATOR.is_valid(event), name
    event = written(event_type)
    event["payload"]["note"] = "x"
    assert not VALIDATOR.is_valid(event)


WRONG = [
    ("raise", "new_compensation", "0.000000"),
    ("raise", "new_compensation", "-61920.000000"),
    ("raise", "kind", "bonus"),
    ("forfeiture", "amount", "0.000000"),
    ("forfeiture", "vested_percentage", "1.0001"),
    ("forfeiture", "vested_percentage", "-0.0001"),
    ("forfeiture", "reason", "theft"),
    ("hce_status", "is_hce", "yes and no"),
    ("hce_status", "determination_date", "2026-13-01"),
    ("compliance", "applicable_limit", "-1.000000"),
    ("compliance", "compliance_type", "close"),
    ("contribution", "pay_period", 54),
    ("hire", "job_level", 6),
    ("enrollment", "pre_tax_rate", "1.0001"),
    ("vesting", "vested_match", None),
    ("opt_out", "plan_id", ""),
    ("fee", "match", "-0.010000"),
    ("census", "ownership", "1.0001"),
    ("census", "balance_roth", "-0.010000"),
]


@pytest.mark.parametrize(("event_type", "field", "value"), WRONG)
def test_it_refuses_what_the_model_refuses(event_type: str, field: str, value: Any) -> None:
    event = written(event_type)
    event["payload"][field] = value
    assert not VALIDATOR.is_valid(event)
    with pytest.raises(ValidationError, match=field):
        SimulationEvent.model_validate(event)


@pytest.mark.parametrize("value", [61920, 61920.0, "61920", "61920.00", "61,920.000000", "061920.000000", ""])
def test_money_is_text_with_six_places(value: Any) -> None:
    event = written("raise")
    event["payload"]["new_compensation"] = value
    assert not VALIDATOR.is_valid(event)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_id", "37687788"),
        ("employee_id", ""),
        ("simulation_year", 1492),
        ("effective_date", "15 July 2025"),
        ("event_sequence", 0),
        ("amount", 1920.0),
        ("cause", {"rule": "stated", "probability": 1.5, "draw": None}),
        ("cause", {"rule": "stated", "probability": None, "draw": 1}),
        ("created_at", "yesterday"),
        ("payload", {"event_type": "party"}),
        ("payload", {}),
    ],
)
def test_the_envelope_has_bounds_too(field: str, value: Any) -> None:
    event = {**written("raise"), field: value}
    assert not VALIDATOR.is_valid(event)
    if field != "amount":
        with pytest.raises(ValidationError):
            SimulationEvent.model_validate(event)


def test_a_loss_is_negative() -> None:
    event = written("investment_return")
    event["payload"] |= {"match": "-570.600000", "rate": "-0.0634"}
    assert VALIDATOR.is_valid(event)


def test_an_unknown_type_has_no_schema() -> None:
    with pytest.raises(KeyError):
        event_schema("party")
