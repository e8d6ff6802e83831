"""The JSON Schema of the log (draft 2020-12), for programs in any language that read or write events.

It describes events as they are written: money and rates are texts with all their decimal places, every
field is there, and what is not known is null. Its patterns need no more than what every dialect of regular
expressions has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from simulation.events.catalogue import EVENT_TYPES
from simulation.events.description import FieldNote, notes_of
from simulation.events.envelope import Cause, SimulationEvent

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_DATE: Final = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"

_PATTERNS: Final[Mapping[str, str]] = {
    "date": f"^{_DATE}$",
    "time": rf"^{_DATE}T([01][0-9]|2[0-3])(:[0-5][0-9]){{2}}(\.[0-9]+)?Z$",
    "id": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
}

_FORMATS: Final[Mapping[str, str]] = {"date": "date", "time": "date-time", "id": "uuid"}

_PLACES: Final[Mapping[str, tuple[int, int]]] = {"money": (12, 6), "rate": (6, 4)}
"""Digits before and after the point."""

_NOT_ZERO: Final[Schema] = {"pattern": "[1-9]"}


def event_schema(event_type: str | None = None) -> Schema:
    """Return the JSON Schema of an event: of any, or of one type.

    ``$defs`` has the schema of each payload by its event type, and that of ``cause``.

    Raises:
        KeyError: there is no such event type.
    """
    kinds = EVENT_TYPES if event_type is None else {event_type: EVENT_TYPES[event_type]}
    payloads = {name: _object(kind.payload, {"event_type": {"const": name}}) for name, kind in kinds.items()}
    inner = {"payload": _payload(list(payloads)), "cause": {"$ref": "#/$defs/cause"}}
    return {
        "$schema": DIALECT,
        "title": "PlanWise event" if event_type is None else f"PlanWise event: {event_type}",
        **_object(SimulationEvent, inner),
        "$defs": {"cause": _object(Cause, {}), **payloads},
    }


def schema_text(event_type: str | None = None) -> str:
    """Return the JSON Schema as the text of a file.

    Raises:
        KeyError: there is no such event type.
    """
    return json.dumps(event_schema(event_type), indent=2, ensure_ascii=False) + "\n"


def _object(model: type[BaseModel], stated: Mapping[str, Schema]) -> Schema:
    """Return the schema of a model; ``stated`` are those of the fields that are more than one value."""
    fields = {note.name: _field(note) for note in notes_of(model) if note.name not in stated}
    properties = {name: {**stated, **fields}[name] for name in model.model_fields}
    return {
        "description": " ".join((model.__doc__ or "").split()),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _payload(names: list[str]) -> Schema:
    """Return the schema of a payload of one of these types: its type decides what else it has to be."""
    return {
        "description": "What happened.",
        "type": "object",
        "properties": {"event_type": {"enum": names}},
        "required": ["event_type"],
        "allOf": [
            {
                "if": {"properties": {"event_type": {"const": name}}},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in names
        ],
    }


def _field(note: FieldNote) -> Schema:
    schema: Schema = {"description": f"{note.text} Unit: {note.unit}.", **_value(note)}
    if not note.nullable:
        return schema
    if "enum" in schema:
        schema["enum"] = [*schema["enum"], None]
    return {**schema, "type": [schema["type"], "null"]}


def _value(note: FieldNote) -> Schema:
    if note.kind == "choice":
        return {"type": "string", "enum": list(note.choices)}
    if note.kind in _PLACES:
        return {"type": "string", **_decimal(note)}
    if note.kind in _PATTERNS:
        return {"type": "string", "format": _FORMATS[note.kind], "pattern": _PATTERNS[note.kind]}
    if note.kind == "text":
        return {"type": "string", **({"minLength": 1} if note.filled else {})}
    return {"type": note.kind, **_limits(note)}


def _limits(note: FieldNote) -> Schema:
    return {
        name.replace("m", "exclusiveM", 1) if end.open else name: end.value
        for name, end in (("minimum", note.least), ("maximum", note.most))
        if end is not None
    }


def _decimal(note: FieldNote) -> Schema:
    """Return the pattern of a decimal number as text, with its bounds as far as a text shows them."""
    whole, places = _PLACES[note.kind]
    sign = "-?" if note.least is None else ""
    number = rf"(0|[1-9][0-9]{{0,{whole - 1}}})\.[0-9]{{{places}}}"
    if note.most is not None:
        # The only upper bound that a rate or an amount has: the whole of something.
        number = rf"(0\.[0-9]{{{places}}}|{note.most.value}\.0{{{places}}})"
    pattern = {"pattern": f"^{sign}{number}$"}
    return {**pattern, "allOf": [_NOT_ZERO]} if note.least is not None and note.least.open else pattern
