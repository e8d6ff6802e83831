"""What a parameter is: a record with title, description, unit, bounds, default and source.

Groups are frozen Pydantic models; ``records`` reads every record back out of them, which is how messages,
the JSON Schema, the reference and the tests know what there is. Knows no particular parameter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from simulation.parameters.form import Form

Bound = int | str | None


class Conflict(NamedTuple):
    """Values that do not go together: their keys inside the group, what was found, what is allowed."""

    keys: tuple[str, ...]
    found: str
    allowed: str
    hint: str = ""


class Group(BaseModel):
    """A set of parameters that are about one thing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what does not go together although each value is allowed by itself."""
        yield from ()

    @model_validator(mode="after")
    def _agree(self) -> Group:
        found = tuple(self.conflicts())
        if found:
            summary = "; ".join(f"{conflict.found} (allowed: {conflict.allowed})" for conflict in found)
            raise PydanticCustomError("conflict", "{summary}", {"summary": summary, "conflicts": found})
        return self


def parameter(  # noqa: PLR0913 - a record has this many parts, each given by name
    default: Any,
    *,
    title: str,
    unit: str,
    description: str,
    source: str,
    ge: Bound = None,
    le: Bound = None,
    identity: bool = False,
) -> Any:
    """Return the field of one parameter; an ``identity`` names the scenario and changes no result."""
    extra: dict[str, Any] = {"unit": unit, "source": source, "identity": identity}
    return Field(
        default, title=title, description=description, ge=_number(ge), le=_number(le), json_schema_extra=extra
    )


def _number(bound: Bound) -> Any:
    return Decimal(bound) if isinstance(bound, str) else bound


class Record(NamedTuple):
    """All that is declared about one parameter; ``key`` is dotted from the scenario's root."""

    key: str
    title: str
    description: str
    unit: str
    source: str
    default: Any
    required: bool
    form: Form
    minimum: Any
    maximum: Any
    optional: bool
    identity: bool

    @property
    def bounds(self) -> str:
        """Return the bounds in words, or nothing."""
        if self.minimum is None and self.maximum is None:
            return ""
        if self.maximum is None:
            return f"at least {self.minimum}"
        return f"from {self.minimum} to {self.maximum}"

    @property
    def allowed(self) -> str:
        """Return what may be written, in words."""
        words = " ".join(part for part in (self.form.words, self.bounds and f"({self.bounds})") if part)
        return f"{words}, or null" if self.optional else words


def _form(info: FieldInfo) -> Form:
    """Return the outermost form of a field; for ``X | None`` it stands on X."""
    arms = [argument for argument in get_args(info.annotation) if argument is not type(None)]
    candidates = [*info.metadata, *(part for arm in arms for part in get_args(arm)[1:])]
    return next(part for part in candidates if isinstance(part, Form))


def _bound(info: FieldInfo, side: str) -> Any:
    return next((getattr(part, side) for part in info.metadata if hasattr(part, side)), None)


def _record(key: str, info: FieldInfo) -> Record:
    extra: Mapping[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    return Record(
        key=key,
        title=info.title or "",
        description=info.description or "",
        unit=str(extra["unit"]),
        source=str(extra["source"]),
        default=None if info.is_required() else info.default,
        required=info.is_required(),
        form=_form(info),
        minimum=_bound(info, "ge"),
        maximum=_bound(info, "le"),
        optional=type(None) in get_args(info.annotation),
        identity=bool(extra["identity"]),
    )


def group_of(info: FieldInfo) -> type[Group] | None:
    """Return the group that a field holds, or nothing where the field is a parameter itself."""
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Group) else None


@cache
def records(group: type[Group], prefix: str = "") -> Mapping[str, Record]:
    """Return the records of a group and the groups inside it, by dotted key in declared order."""
    found: dict[str, Record] = {}
    for name, info in group.model_fields.items():
        inner = group_of(info)
        if inner is None:
            found[prefix + name] = _record(prefix + name, info)
        else:
            found |= records(inner, f"{prefix}{name}.")
    return found


@cache
def groups(group: type[Group], prefix: str = "") -> Mapping[str, type[Group]]:
    """Return the groups inside a group by dotted key, the group itself under the empty key."""
    found: dict[str, type[Group]] = {prefix.rstrip("."): group}
    for name, info in group.model_fields.items():
        inner = group_of(info)
        if inner is not None:
            found |= groups(inner, f"{prefix}{name}.")
    return found
