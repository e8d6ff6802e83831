"""Automatic escalation: the rate rises by a step a year up to a cap, unless a participant refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from simulation.parameters.calendar_form import COMMON_YEAR
from simulation.parameters.form import Flag, Rate, Whole, choice
from simulation.parameters.plan.incomes import chance
from simulation.parameters.record import Conflict, Group, parameter

Escalated = Annotated[Literal["swept", "all"], choice("swept", "all")]


class Escalation(Group):
    """Automatic increases of deferral rates."""

    enabled: Flag = parameter(
        default=True,
        title="Automatic escalation",
        unit="switch",
        description="Whether rates rise by themselves once a year.",
        source="Vanguard, PSCA 2024: 69-75 % of plans with automatic enrolment",
    )
    scope: Escalated = parameter(
        "swept",
        title="Whom it raises",
        unit="choice",
        description="swept: those enrolled automatically who made no choice since; all: every participant.",
        source="own standardisation; IRC 401(k)(13)(C), 414A(b)(3)",
    )
    increase: Rate = parameter(
        Decimal("0.0100"),
        title="Increase",
        unit="share of pay",
        description="Points added each time, cut off at the cap.",
        source="IRC 414A(b)(3)(A): one point a year",
        ge=0,
        le="0.1",
    )
    cap: Rate = parameter(
        Decimal("0.1000"),
        title="Cap",
        unit="share of pay",
        description="Rate at which increases end; who is above it already keeps the rate.",
        source="IRC 414A(b)(3)(A): at least 10 %, at most 15 %",
        ge=0,
        le="0.5",
    )
    delay_years: Whole = parameter(
        1,
        title="Delay",
        unit="years",
        description="Years from enrolment before the first increase, which is on the next date after them.",
        source="IRC 414A(b)(3)(A): after each completed year of participation",
        ge=0,
        le=5,
    )
    month: Whole = parameter(
        1,
        title="Month of increases",
        unit="month",
        description="Month of the yearly date of increases.",
        source="IRC 414A(b)(3)(A): the first day of the plan year",
        ge=1,
        le=12,
    )
    day: Whole = parameter(
        1,
        title="Day of increases",
        unit="day of the month",
        description="Day of the yearly date of increases.",
        source="IRC 414A(b)(3)(A): the first day of the plan year",
        ge=1,
        le=31,
    )
    refusal_rate: Rate = chance(
        Decimal("0.0700"),
        "Refusals",
        "rate a year",
        "Chance that a participant refuses an increase, for good.",
        "own standardisation",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a date of increases that not every year has."""
        try:
            date(COMMON_YEAR, self.month, self.day)
        except ValueError:
            found = f"day {self.day} in month {self.month}"
            yield Conflict(("day", "month"), found, "a date that every year has")
