"""A design: which combinations of its levers' values a sweep runs each scenario with.

A grid has every combination; Latin hypercubes and Sobol's sequence spread a chosen number of points evenly. A
begun sweep keeps its points in a table, so that no later version of a generator can change them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product
from typing import Annotated, Any, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from simulation.errors import Problem
from simulation.parameters.canonical import plain
from simulation.sweep.lever import Lever, read_levers
from simulation.sweep.refusal import refused
from simulation.sweep.spread import spread

MOST_POINTS: Final = 4_096
"""Each is a scenario that every worker has in its memory."""
SEED: Final = 1

Point: TypeAlias = Mapping[str, Any]
"""A value for each lever, by its dotted key."""


def _levers(given: Any) -> tuple[Lever, ...]:
    levers, problems = read_levers(given)
    if problems:
        raise refused(problems)
    return levers


def _written(levers: tuple[Lever, ...]) -> dict[str, Any]:
    return {lever.key: lever.written() for lever in levers}


class Design(BaseModel):
    """Points over levers: a scenario is run at each of them, with every seed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    method: Literal["grid", "latin_hypercube", "sobol"] = "grid"
    levers: Annotated[tuple[Lever, ...], PlainValidator(_levers), PlainSerializer(_written, when_used="json")]
    number: int | None = Field(default=None, alias="points", ge=1)
    """How many points a Latin hypercube or Sobol's sequence has; a grid's follow from its values."""
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1)
    """Chooses the points of a Latin hypercube, and the scrambling of Sobol's sequence."""
    reference: bool = False
    """Whether each scenario is run as it is, too."""
    table: tuple[Annotated[dict[str, Any], PlainSerializer(plain, when_used="json")], ...] | None = None
    """The points themselves, as a begun sweep keeps them."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        problems = [*self._number_problems(), *self._size_problems()]
        if problems:
            raise refused(problems)
        return self

    @cached_property
    def points(self) -> Mapping[str, Point]:
        """Return the points by name, ``p001`` first; one more of them changes no name."""
        table = self.table if self.table is not None else tuple(self._drawn())
        return {f"p{number:03d}": point for number, point in enumerate(table, 1)}

    @property
    def size(self) -> int:
        """How many points there are, found without making them."""
        if self.table is not None:
            return len(self.table)
        return self.number or math.prod(lever.count for lever in self.levers)

    def _drawn(self) -> Iterator[Point]:
        keys = [lever.key for lever in self.levers]
        if self.method == "grid":
            places = product(*(range(lever.count) for lever in self.levers))
            values = ([lever[at] for lever, at in zip(self.levers, place, strict=True)] for place in places)
        else:
            shares = spread(
                self.method, len(keys), self.number or 1, SEED if self.seed is None else self.seed
            )
            values = (
                [lever.at(share) for lever, share in zip(self.levers, row, strict=True)] for row in shares
            )
        yield from (dict(zip(keys, row, strict=True)) for row in values)

    def _number_problems(self) -> Iterator[Problem]:
        if self.method == "grid":
            for name, given in (("points", self.number), ("seed", self.seed)):
                if given is not None:
                    hint = "leave it out, or choose latin_hypercube or sobol"
                    yield Problem(f"design.{name}", "a grid has every combination of its values", hint=hint)
            for lever in self.levers:
                if not lever.stepped:
                    hint = f"such as step: {lever.unit}"
                    yield Problem(f"design.levers.{lever.key}.step", "is missing", "the step of a grid", hint)
        elif self.number is None:
            yield Problem("design.points", "is missing", f"how many points the {self.method} has")
        elif self.method == "sobol" and self.number & (self.number - 1):
            near = (1 << self.number.bit_length() - 1, 1 << self.number.bit_length())
            hint = f"{near[0]} or {near[1]}: only then is Sobol's sequence balanced"
            yield Problem("design.points", str(self.number), "a power of two", hint)

    def _size_problems(self) -> Iterator[Problem]:
        combinations = math.prod(lever.count for lever in self.levers)
        shown = " × ".join(str(lever.count) for lever in self.levers)
        if self.size > MOST_POINTS:
            found = f"{shown} values make {self.size:,}" if self.method == "grid" else f"{self.size:,}"
            hint = "fewer values, or latin_hypercube or sobol with a number of `points`"
            yield Problem("design", f"{found} points", f"at most {MOST_POINTS:,}", hint)
        elif self.size > combinations:
            found = f"{self.size:,} points of {shown} = {combinations:,} combinations"
            yield Problem(
                "design.points", found, f"at most {combinations:,}", "or method: grid, which has each once"
            )
