"""What a sweep is asked to do: scenarios × seeds over one census, checked in form.

The same fields come from a sweep file, the command line, a page and Python. Nothing here opens a scenario or
a census; ``inputs`` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    InstanceOf,
    PlainSerializer,
    Tag,
    ValidationError,
    field_validator,
)

from simulation.census import Census
from simulation.errors import Problem, SweepError, nearest
from simulation.parameters import Scenario
from simulation.sweep.names import name_problem
from simulation.sweep.seeds import format_seeds, parse_seeds

_YEARS: Final = re.compile(r"\s*(\d{4})\s*(?:[-–]\s*(\d{4})\s*)?")
_YEARS_ALLOWED: Final = "first and last year, such as 2025-2029"


class ScenarioChoice(BaseModel):
    """A scenario by the name of a shipped one or the path of a file, and what to change in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: str = Field(min_length=1)
    set: tuple[str, ...] = ()
    name: str | None = None
    """What it is called in this sweep; needed when one scenario appears twice with other settings."""

    @property
    def settings(self) -> tuple[str, ...]:
        """Its own settings in the form of ``--set``."""
        return (*self.set, f"name={self.name}") if self.name else self.set


def parse_years(given: Any) -> tuple[int, int]:
    """Return first and last year of ``2025-2029``, ``2025`` or a pair.

    Raises:
        SweepError: this is no span of years.
    """
    match = _YEARS.fullmatch(str(given)) if isinstance(given, str | int) else None
    pair = (match[1], match[2] or match[1]) if match else given
    try:
        first, last = (int(year) for year in pair)
    except (TypeError, ValueError):
        raise _no_years(f"{given!r}") from None
    if first > last:
        raise _no_years(f"{given!r} runs backwards")
    return first, last


def _no_years(found: str) -> SweepError:
    return SweepError("these years cannot be used", problems=[Problem("years", found, _YEARS_ALLOWED)])


def _as_value_error(read: Any) -> Any:
    """Return a reader whose refusal Pydantic gathers with the others."""

    def reader(given: Any) -> Any:
        try:
            return None if given is None else read(given)
        except SweepError as error:
            raise ValueError("; ".join(_without_place(problem) for problem in error.problems)) from None

    return reader


def _without_place(problem: Problem) -> str:
    return str(Problem("", problem.found, problem.allowed, problem.hint))


def _kind(given: Any) -> str:
    return "resolved" if isinstance(given, Scenario) else "choice"


def _as_choice(given: Any) -> Any:
    return {"scenario": str(given)} if isinstance(given, str | Path) else given


Seeds = Annotated[
    tuple[int, ...],
    BeforeValidator(_as_value_error(parse_seeds)),
    PlainSerializer(format_seeds, when_used="json"),
]
Years = Annotated[tuple[int, int], BeforeValidator(_as_value_error(parse_years))]
Chosen = Annotated[
    Annotated[ScenarioChoice, BeforeValidator(_as_choice), Tag("choice")]
    | Annotated[InstanceOf[Scenario], Tag("resolved")],
    Discriminator(_kind),
]


class SweepPlan(BaseModel):
    """A grid of runs: every scenario with every seed.

    A scenario is a shipped name, a path, a choice with settings, or a `Scenario` that was loaded before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str = ""
    """A directory under the output; by default made of the scenarios' names."""
    scenarios: tuple[Chosen, ...] = Field(min_length=1)
    seeds: Seeds = (42,)
    census: Path | InstanceOf[Census] | None = None
    """Path of a census, or one that was read before; none: the demo census."""
    years: Years | None = None
    keep: Literal["full", "lifecycle", "summary"] | None = None
    set: tuple[str, ...] = ()
    """Settings for every scenario, in the form of ``--set``."""
    workers: int | None = Field(default=None, ge=1, le=4096)

    @field_validator("name")
    @classmethod
    def _fit_for_a_directory(cls, name: str) -> str:
        problem = name_problem(name, "") if name else None
        if problem:
            raise ValueError(str(problem))
        return name

    @classmethod
    def of(cls, fields: Mapping[str, Any], source: str = "") -> Self:
        """Return the plan of a mapping.

        Raises:
            SweepError: every field that is wrong, and for an unknown one the nearest that there is.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            problems = [_problem(one, source) for one in error.errors()]
            raise SweepError("the plan of the sweep cannot be used", problems=problems) from None


_FIELDS: Final = {1: tuple(SweepPlan.model_fields), 3: tuple(ScenarioChoice.model_fields)}
"""The names allowed at each depth of a plan."""


def _problem(error: Any, source: str) -> Problem:
    path = [str(part) for part in error["loc"] if part != "choice"]
    where = ".".join(path)
    place = f"{source}: {where}" if source and where else source or where
    if error["type"] == "extra_forbidden":
        allowed = _FIELDS.get(len(path), ())
        return Problem(place, "unknown key", ", ".join(allowed), nearest(path[-1], allowed))
    if error["type"] == "missing":
        return Problem(place, "is missing")
    if error["type"] == "value_error":
        return Problem(place, error["msg"].removeprefix("Value error, "))
    return Problem(place, repr(error["input"]), error["msg"][0].lower() + error["msg"][1:])
