"""When a sweep may stop: once the difference in a metric between two scenarios is known closely enough.

Knows the wish and what makes it one that these scenarios can fulfil; not how it is fulfilled.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from simulation.errors import Problem, SweepError, nearest
from simulation.metrics import BY_NAME
from simulation.parameters import Scenario
from simulation.parameters.canonical import decimal_text
from simulation.sweep.refusal import refused

MINIMUM: Final = 8
"""Seeds before the first look: a deviation of fewer says too little of how many are needed."""


def _read_width(given: Any) -> Any:
    """Return a number, exactly; a percentage is the share that it is."""
    text = str(given).strip()
    try:
        return Decimal(text.removesuffix("%").strip()).scaleb(-2 if text.endswith("%") else 0)
    except InvalidOperation:
        return given


Width = Annotated[
    Decimal, BeforeValidator(_read_width), Field(gt=0), PlainSerializer(decimal_text, when_used="json")
]


class Until(BaseModel):
    """Add seeds until the difference in a metric is known within plus or minus a width, at 95 %."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    within: Width
    """Half the width of the interval, in the unit of the metric: dollars, people, a share of one."""
    between: tuple[str, str] | None = None
    """The scenario that the other is compared with, and the other; none: the only two there are."""
    year: int | None = None
    """None: the last year that both have."""
    minimum: int = Field(default=MINIMUM, ge=2)
    """Seeds before the first look."""
    every: int = Field(default=8, ge=1)
    """Seeds between two looks."""
    maximum: int = Field(default=256, ge=2, le=100_000)
    """Seeds after which it stops whatever is known."""

    @model_validator(mode="after")
    def _agree(self) -> Self:
        problems = []
        if self.metric not in BY_NAME:
            hint = nearest(self.metric, list(BY_NAME))
            problems.append(Problem("until.metric", repr(self.metric), ", ".join(BY_NAME), hint))
        if self.maximum < self.minimum:
            found = f"{self.maximum}, and the first look is after {self.minimum}"
            problems.append(Problem("until.maximum", found, f"at least {self.minimum}"))
        if problems:
            raise refused(problems)
        return self

    def first(self, seeds: tuple[int, ...]) -> tuple[int, ...]:
        """Return the seeds before the first look: those asked for, and as many more as it takes."""
        return (*seeds, *self.further(seeds, self.minimum - len(seeds)))

    def further(self, seeds: tuple[int, ...], count: int | None = None) -> tuple[int, ...]:
        """Return the seeds of the next block: those after the greatest one, as far as the maximum allows."""
        wanted = min(self.every if count is None else count, self.maximum - len(seeds))
        return tuple(range(max(seeds) + 1, max(seeds) + 1 + max(wanted, 0)))


@dataclass(frozen=True, slots=True)
class Aim:
    """A wish that the scenarios at hand can fulfil: which of them, and in which year."""

    until: Until
    baseline: str
    scenario: str
    year: int


def aim_of(until: Until | None, scenarios: Mapping[str, Scenario]) -> Aim | None:
    """Return the aim of a wish among scenarios by name; none without a wish.

    Raises:
        SweepError: a scenario or a year is not there.
    """
    if until is None:
        return None
    problems = list(_name_problems(until.between, list(scenarios)))
    if not problems:
        baseline, scenario = until.between or tuple(scenarios)
        spans = [scenarios[name].horizon for name in (baseline, scenario)]
        first, last = max(one.start_year for one in spans), min(one.end_year for one in spans)
        year = last if until.year is None else until.year
        if first <= year <= last:
            return Aim(until, baseline, scenario, year)
        problems.append(Problem("until.year", str(year), f"a year that both have, from {first} to {last}"))
    raise SweepError("the sweep cannot be run until that is known", problems=problems)


def _name_problems(between: tuple[str, str] | None, names: list[str]) -> Iterator[Problem]:
    if between is None:
        if len(names) != 2:  # noqa: PLR2004 (a difference is between two)
            shown = ", ".join(names[:10])
            yield Problem(
                "until.between", f"missing, and there are {len(names)} scenarios", f"two of {shown}"
            )
    elif between[0] == between[1]:
        yield Problem("until.between", f"{between[0]!r} twice", "two scenarios")
    else:
        for name in between:
            if name not in names:
                shown = ", ".join(names[:10])
                yield Problem("until.between", repr(name), f"two of {shown}", nearest(name, names))
