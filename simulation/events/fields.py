"""The field types of event payloads, and the frame column that each one becomes.

A payload speaks to people and other programs (dollars, rates); a frame speaks to the engines (cents, basis
points). This is the only place where the two are matched.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import polars as pl
from pydantic import AfterValidator, BaseModel, Field

from simulation.units import BASIS_POINT, MONEY


@dataclass(frozen=True, slots=True)
class Stored:
    """A mark on a field type: what its column is called beyond the field's name, and its type."""

    suffix: str
    dtype: pl.DataType


@dataclass(frozen=True, slots=True)
class Implied:
    """A mark on a field that has no column of its own: the common column or run value that says it."""

    by: str


def _quantised(step: Decimal) -> AfterValidator:
    return AfterValidator(lambda value: value.quantize(step))


Money = Annotated[
    Decimal, Field(max_digits=18, decimal_places=6), _quantised(MONEY), Stored("_cents", pl.Int64())
]
"""Dollars, eighteen digits with six decimal places; whole cents in a frame."""

Rate = Annotated[
    Decimal, Field(max_digits=10, decimal_places=4), _quantised(BASIS_POINT), Stored("_bp", pl.Int32())
]
"""A share of one with four decimal places: 0.0325 is 3.25 %; basis points in a frame."""

PlanId = Annotated[
    str,
    Field(min_length=1, description="The plan, which is the run's plan design."),
    Implied("plan_design_id"),
]
"""The plan design, which is one for a whole run."""

Amount = Annotated[Money, Field(gt=0, description="The event's amount."), Implied("amount_cents")]
"""The event's own amount, repeated in the payload for those who read payloads alone."""

Share = Annotated[Rate, Field(ge=0, le=1)]
"""A rate that is a part of a whole: from none of it to all of it."""

JobLevel = Annotated[int, Field(ge=1, le=5), Stored("", pl.Int8())]
Rating = Annotated[int, Field(ge=1, le=5), Stored("", pl.Int8())]
Hours = Annotated[int, Field(ge=0, le=8784)]
"""Hours of a year; 8,784 is every hour of a leap year."""


class Column(NamedTuple):
    """How one payload field stands in a frame: the field, the column's name and type."""

    field: str
    name: str
    dtype: pl.DataType
    nullable: bool


def columns_of(payload: type[BaseModel]) -> tuple[Column, ...]:
    """Return the frame columns of a payload, one a field that nothing else implies."""
    implied = {"event_type", *implied_of(payload)}
    return tuple(
        _column(name, [field.annotation, *field.metadata])
        for name, field in payload.model_fields.items()
        if name not in implied
    )


def implied_of(payload: type[BaseModel]) -> dict[str, str]:
    """Return the fields of a payload that have no column of their own, and what says them instead."""
    marks = {
        name: [mark for stated in (field.annotation, *field.metadata) for mark in walk(stated)]
        for name, field in payload.model_fields.items()
    }
    return {name: mark.by for name, found in marks.items() for mark in found if isinstance(mark, Implied)}


_PLAIN: dict[type, pl.DataType] = {
    str: pl.String(),
    int: pl.Int32(),
    bool: pl.Boolean(),
    date: pl.Date(),
}


def _column(name: str, annotation: list[Any]) -> Column:
    parts = [part for stated in annotation for part in walk(stated)]
    nullable = type(None) in parts
    stored = next((part for part in parts if isinstance(part, Stored)), None)
    if stored is None:
        kind = next(part for part in parts if isinstance(part, type) and part is not type(None))
        stored = Stored("", _choice(kind) if issubclass(kind, StrEnum) else _PLAIN[kind])
    return Column(name, f"{name}{stored.suffix}", stored.dtype, nullable)


def _choice(kind: type[StrEnum]) -> pl.Enum:
    """Return the column type of one text out of a few: numbers in memory, and nothing else can be said."""
    return pl.Enum([member.value for member in kind])


def walk(annotation: Any) -> Iterator[Any]:
    """Yield the types and marks of an annotation, through unions and ``Annotated``."""
    if get_origin(annotation) in {Union, types.UnionType, Annotated}:
        for part in get_args(annotation):
            yield from walk(part)
    else:
        yield annotation
