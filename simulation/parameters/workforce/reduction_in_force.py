"""Layoffs that a scenario orders: how many, of whom, on which day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from simulation.parameters.form import Date, Form, Line, Rate, Whole
from simulation.parameters.record import Conflict, Group, parameter

OWN = "the employer's own"


class ReductionInForce(Group):
    """One reduction in force."""

    date: Date = parameter(
        ...,
        title="Date",
        unit="date",
        description="Last day of those laid off.",
        source=OWN,
    )
    share: Rate | None = parameter(
        None,
        title="Share",
        unit="share of the people named",
        description="Share laid off of the people that department and level name; or give a count.",
        source=OWN,
        ge=0,
        le=1,
    )
    count: Whole | None = parameter(
        None,
        title="Count",
        unit="employees",
        description="Number laid off, at most as many as there are; or give a share.",
        source=OWN,
        ge=0,
        le=10_000_000,
    )
    department: Line | None = parameter(
        None,
        title="Department",
        unit="text",
        description="Only this department, as the census spells it. null: all.",
        source=OWN,
    )
    job_level: Whole | None = parameter(
        None,
        title="Job level",
        unit="level",
        description="Only this level. null: all.",
        source=OWN,
        ge=1,
        le=5,
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a layoff that does not say how many, or says it twice."""
        if (self.share is None) == (self.count is None):
            found = "neither share nor count" if self.share is None else "both share and count"
            yield Conflict(("share", "count"), found, "exactly one of share and count")


Reductions = Annotated[
    tuple[ReductionInForce, ...],
    Form(
        "a list of {date, share or count, department, job_level}",
        lambda item: {"type": "array", "items": item},
        row=ReductionInForce,
    ),
]
