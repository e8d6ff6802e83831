"""What a sweep is asked to do: scenarios × points of a design × seeds over one census, checked in form.

The same fields come from a sweep file, the command line, a page and Python. Nothing here opens a scenario or
a census; ``inputs`` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
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
    model_validator,
)

from simulation.census import Census
from simulation.errors import Problem, SweepError, nearest
from simulation.parameters import Scenario
from simulation.sweep.design import Design
from simulation.sweep.names import name_problem
from simulation.sweep.refusal import carried, refused
from simulation.sweep.seeds import format_seeds, parse_seeds
from simulation.sweep.until import Until

_YEARS: Final = re.compile(r"\s*(\d{4})\s*(?:[-–]\s*(\d{4})\s*)?")
_YEARS_ALLOWED: Final = "first and last year, such as 2025-2029"

MOST_RUNS: Final = 1_000_000


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
    """A grid of runs: every scenario, at every point of the design if there is one, with every seed.

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
    block_size: int | None = Field(default=None, ge=1, le=256)
    """The most seeds of a scenario that a worker runs at once; none: more for small workforces."""
    design: Design | None = None
    """Points over levers that each scenario is run at."""
    until: Until | None = None
    """What has to be known before the sweep stops adding seeds."""

    @field_validator("name")
    @classmethod
    def _fit_for_a_directory(cls, name: str) -> str:
        problem = name_problem(name, "") if name else None
        if problem:
            raise ValueError(str(problem))
        return name

    @model_validator(mode="after")
    def _agree(self) -> Self:
        problems = [*self._size_problems(), *self._lever_problems()]
        if self.until and len(self.seeds) > self.until.maximum:
            found = f"{self.until.maximum}, and there are {len(self.seeds)} seeds already"
            problems.append(Problem("until.maximum", found, f"at least {len(self.seeds)}"))
        if problems:
            raise refused(problems)
        return self

    @property
    def first_seeds(self) -> tuple[int, ...]:
        """Return the seeds that are run in any case: until something is known others may follow."""
        if self.until is None:
            return self.seeds
        return self.until.first(self.seeds if "seeds" in self.model_fields_set else (1,))

    @property
    def most_seeds(self) -> int:
        """How many seeds there are at the most."""
        return len(self.seeds) if self.until is None else max(self.until.maximum, len(self.seeds))

    @property
    def variants(self) -> int:
        """How many runs there are of each scenario and seed."""
        return 1 if self.design is None else self.design.size + self.design.reference

    @property
    def runs(self) -> int:
        """How many runs there are at the most."""
        return len(self.scenarios) * self.variants * self.most_seeds

    def _size_problems(self) -> Iterator[Problem]:
        if self.runs > MOST_RUNS:
            factors = (
                f"{len(self.scenarios)} scenarios × {self.variants:,} points × {self.most_seeds:,} seeds"
            )
            found = f"{factors} make {self.runs:,} runs"
            yield Problem("design" if self.design else "seeds", found, f"at most {MOST_RUNS:,}")

    def _lever_problems(self) -> Iterator[Problem]:
        """Yield the levers that a setting sets as well."""
        levers = {lever.key for lever in self.design.levers} if self.design else set()
        own = [(f"scenarios[{at}].set", one) for at, one in enumerate(self.scenarios)]
        choices = [(where, one.set) for where, one in own if isinstance(one, ScenarioChoice)]
        for where, settings in [("set", self.set), *choices]:
            for key in sorted(levers & {setting.partition("=")[0].strip() for setting in settings}):
                yield Problem(where, f"{key} is a lever of the design as well", "each parameter once")

    @classmethod
    def of(cls, fields: Mapping[str, Any], where: Callable[[str], str] = str) -> Self:
        """Return the plan of a mapping; ``where`` says where a dotted key of it stands.

        Raises:
            SweepError: every field that is wrong, and for an unknown one the nearest that there is.
        """
        plan, problems = cls.checked(fields, where)
        if plan is None:
            raise SweepError("the plan of the sweep cannot be used", problems=problems)
        return plan

    @classmethod
    def checked(
        cls, fields: Mapping[str, Any], where: Callable[[str], str] = str
    ) -> tuple[Self | None, list[Problem]]:
        """Return the plan of a mapping or nothing, and every problem that stands in its way."""
        try:
            return cls.model_validate(fields), []
        except ValidationError as error:
            return None, [problem for one in error.errors() for problem in _problems(one, where)]


_FIELDS: Final = {
    ("", 1): tuple(SweepPlan.model_fields),
    ("scenarios", 3): tuple(ScenarioChoice.model_fields),
    ("design", 2): tuple(field.alias or name for name, field in Design.model_fields.items()),
    ("until", 2): tuple(Until.model_fields),
}
"""The names allowed inside each part of a plan, at each depth."""


def _problems(finding: Any, where: Callable[[str], str]) -> Iterator[Problem]:
    """Yield what is wrong, with the place of each thing."""
    for problem in carried(finding) or (_problem(finding),):
        place = where(problem.where)
        yield Problem(place, problem.found, problem.allowed, problem.hint)


def _problem(finding: Any) -> Problem:
    path = [part for part in finding["loc"] if part != "choice"]
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    if finding["type"] == "extra_forbidden":
        allowed = _FIELDS.get((str(path[0]) if len(path) > 1 else "", len(path)), ())
        return Problem(place, "unknown key", ", ".join(allowed), nearest(str(path[-1]), allowed))
    if finding["type"] == "missing":
        return Problem(place, "is missing")
    if finding["type"] == "value_error":
        return Problem(place, finding["msg"].removeprefix("Value error, "))
    if finding["type"] == "literal_error":
        allowed = tuple(re.findall(r"'([^']+)'", finding["ctx"]["expected"]))
        return Problem(
            place, repr(finding["input"]), ", ".join(allowed), nearest(str(finding["input"]), allowed)
        )
    return Problem(place, repr(finding["input"]), finding["msg"][0].lower() + finding["msg"][1:])
