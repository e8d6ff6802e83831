"""The JSON Schema of scenario files, made from the records, so that editors complete and check the YAML.

Overlays are sparse, so nothing is required but the columns of tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from simulation.parameters.canonical import plain
from simulation.parameters.record import Group, Record, group_of, records
from simulation.parameters.scenario import Scenario

Schema = dict[str, Any]


def scenario_schema() -> Schema:
    """Return the JSON Schema of a scenario or overlay."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "PlanWise scenario"}
    return head | group_schema(Scenario, records(Scenario))


def schema_text() -> str:
    """Return the JSON Schema as the file that ships."""
    return json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"


def group_schema(group: type[Group], known: Mapping[str, Record], prefix: str = "") -> Schema:
    """Return the schema of a group, with the groups inside it; an empty group says nothing and is allowed."""
    properties: Schema = {}
    for name, info in group.model_fields.items():
        inner = group_of(info)
        key = f"{prefix}{name}"
        properties[name] = parameter_schema(known[key]) if inner is None else _inner(inner, known, key)
    return {
        "description": (group.__doc__ or "").strip().splitlines()[0],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _inner(group: type[Group], known: Mapping[str, Record], key: str) -> Schema:
    schema = group_schema(group, known, f"{key}.")
    return {**schema, "type": ["object", "null"]}


def parameter_schema(record: Record) -> Schema:
    """Return the schema of one parameter, with its title, unit, source, default and bounds."""
    kind = _bounded(_kind(record), record)
    head: Schema = {
        "title": record.title,
        "description": f"{record.description} Unit: {record.unit}. Source: {record.source}.",
    }
    if not record.required:
        head["default"] = _default(record.default)
    return head | ({"anyOf": [kind, {"type": "null"}]} if record.optional else kind)


def _kind(record: Record) -> Schema:
    json_of: Any = record.form.json
    if not callable(json_of):
        return dict(json_of)
    made: Callable[[Mapping[str, Any]], Mapping[str, Any]] = json_of
    return dict(made(row_schema(record.form.row) if record.form.row else {}))


def row_schema(row: type[Group]) -> Schema:
    """Return the schema of one entry of a table; what has no default is required."""
    known = records(row)
    required = [name for name, record in known.items() if record.required]
    return {**group_schema(row, known), "required": required}


def _bounded(schema: Schema, record: Record) -> Schema:
    """Return the schema with the record's bounds on its numbers; a percentage is checked when it is read."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_bounded(dict(arm), record) for arm in schema["anyOf"]]}
    if schema.get("type") not in {"number", "integer"} or record.minimum is None:
        return schema
    return {**schema, "minimum": _json_number(record.minimum), "maximum": _json_number(record.maximum)}


def _json_number(value: Any) -> int | float:
    return value if isinstance(value, int) else float(value)


def _default(value: Any) -> Any:
    """Return a default as a YAML file would write it: decimals as numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Group):
        return _default(value.model_dump())
    if isinstance(value, Mapping):
        return {str(key): _default(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_default(item) for item in value]
    return plain(value)
