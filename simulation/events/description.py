"""What each field of a model may hold, as data: the source of JSON Schema, reference and docstrings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulation.events.fields import Stored, walk

_UNITS: Final = {
    "money": "dollars, 6 places",
    "rate": "share of one, 4 places",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "date": "date",
    "time": "time, UTC",
    "id": "UUID",
    "text": "text",
    "choice": "choice",
    "model": "object",
}

_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (StrEnum, "choice"),
    (str, "text"),
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (datetime, "time"),
    (date, "date"),
    (UUID, "id"),
    (BaseModel, "model"),
)
"""The kind of a type; the first that fits counts."""

_DECIMAL_KINDS: Final = {"_cents": "money", "_bp": "rate"}


@dataclass(frozen=True, slots=True)
class Bound:
    """An end of what a number may be; ``open`` says that the end itself is not allowed."""

    value: float
    open: bool = False


@dataclass(frozen=True, slots=True)
class FieldNote:
    """One field: what it means, its kind and unit, what it may be; a ``filled`` text is not empty."""

    name: str
    text: str
    kind: str
    choices: tuple[str, ...]
    least: Bound | None
    most: Bound | None
    nullable: bool
    required: bool
    default: Any
    type: Any
    filled: bool

    @property
    def unit(self) -> str:
        """Return the unit in words."""
        return _UNITS[self.kind]

    @property
    def allowed(self) -> str:
        """Return what it may be, in words."""
        return ", ".join(_allowed(self)) or "any"


def notes_of(model: type[BaseModel]) -> tuple[FieldNote, ...]:
    """Return a note a field of a payload or of the envelope; the discriminator is no field of its own."""
    return tuple(_note(name, field) for name, field in model.model_fields.items() if name != "event_type")


def _note(name: str, field: FieldInfo) -> FieldNote:
    parts = [part for stated in (field.annotation, *field.metadata) for part in _parts(stated)]
    types = [part for part in parts if isinstance(part, type) and part is not type(None)]
    return FieldNote(
        name=name,
        text=field.description or "",
        kind=_kind(types[0], parts),
        choices=tuple(types[0]) if issubclass(types[0], StrEnum) else (),
        least=_bound(parts, "ge", "gt"),
        most=_bound(parts, "le", "lt"),
        nullable=type(None) in parts,
        required=field.is_required(),
        default=None if field.is_required() else field.get_default(),
        type=types[0] | None if type(None) in parts else types[0],
        filled=any(hasattr(part, "min_length") for part in parts),
    )


def _parts(stated: Any) -> Iterator[Any]:
    """Yield the types and marks of an annotation, those of a ``Field`` inside it too."""
    for part in walk(stated):
        if isinstance(part, FieldInfo):
            yield from part.metadata
        else:
            yield part


def _kind(found: type, parts: list[Any]) -> str:
    if found is Decimal:
        return next(_DECIMAL_KINDS[part.suffix] for part in parts if isinstance(part, Stored))
    return next(kind for base, kind in _KINDS if issubclass(found, base))


def _bound(parts: list[Any], shut: str, open_: str) -> Bound | None:
    """Return the end that one of the marks sets; a mark's attribute is named for what it asks."""
    ends = ((name, mark) for mark in parts for name in (shut, open_) if hasattr(mark, name))
    return next((Bound(getattr(mark, name), open=name == open_) for name, mark in ends), None)


def _allowed(note: FieldNote) -> Iterator[str]:
    if note.choices:
        yield f"one of {', '.join(note.choices)}"
    if note.filled:
        yield "not empty"
    if note.least is not None:
        yield f"more than {note.least.value}" if note.least.open else f"at least {note.least.value}"
    if note.most is not None:
        yield f"less than {note.most.value}" if note.most.open else f"at most {note.most.value}"
    if note.nullable:
        yield "may be null"
