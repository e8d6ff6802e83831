"""An event's payload and cause as JSON, made from one row of its table.

The views of ``schema`` say the same in SQL for millions of rows at once; planning that for the dozens of one
person takes longer than reading them. A test holds the two together, text by text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from simulation.events import EVENT_TYPES
from simulation.events.fields import Column
from simulation.store.relations import is_text
from simulation.units import dollars, rate


def payload_json(event_type: str, row: Mapping[str, Any], words: Sequence[str], plan_design_id: str) -> str:
    """Return what an event says.

    Args:
        event_type: the event's type.
        row: the row as it lies in the table, in values of JSON: texts are codes.
        words: the texts by code.
        plan_design_id: the run's.
    """
    kind = EVENT_TYPES[event_type]
    said = {column.field: _value(column, row[column.name], words) for column in kind.columns}
    said |= {field: _IMPLIED[by](row, plan_design_id) for field, by in kind.implied.items()}
    fields = {field: said[field] for field in kind.payload.model_fields if field in said}
    return _json({"event_type": event_type, **fields})


def cause_json(rule: str, probability: str | None, draw: str | None) -> str:
    """Return why an event happened, from its rule and its two numbers as they are written in JSON."""
    return f'{{"rule":{_json(rule)},"probability":{probability or "null"},"draw":{draw or "null"}}}'


def _value(column: Column, stored: Any, words: Sequence[str]) -> Any:
    if stored is None:
        return None
    if is_text(column.dtype):
        return words[stored]
    if column.name.endswith("_cents"):
        return _money(stored)
    return f"{rate(stored):.4f}" if column.name.endswith("_bp") else stored


def _money(cents: int | None) -> str | None:
    return None if cents is None else f"{dollars(cents):.6f}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_IMPLIED: Final[Mapping[str, Callable[[Mapping[str, Any], str], str | None]]] = {
    "plan_design_id": lambda _, plan_design_id: plan_design_id,
    "amount_cents": lambda row, _: _money(row["amount_cents"]),
}
"""What stands in a payload for fields that have no column of their own."""
