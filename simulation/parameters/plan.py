"""The design of the retirement plan: match, nonelective, automatic enrolment, vesting.

Inert: it is read, checked and compared, but no engine of this version acts on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from simulation.parameters.form import Flag, Form, Rate, choice, mistake
from simulation.parameters.record import Conflict, Group, parameter


class MatchTier(Group):
    """One tier of the match: the rate paid on deferrals up to a share of pay."""

    up_to: Rate = parameter(
        ...,
        title="Up to",
        unit="share of pay",
        description="Upper end of the tier; it begins where the tier before it ends.",
        source="part of its table",
        ge=0,
        le=1,
    )
    rate: Rate = parameter(
        ...,
        title="Match rate",
        unit="share of deferrals",
        description="What the employer adds to a deferral inside the tier.",
        source="part of its table",
        ge=0,
        le=5,
    )


TIER_WORDS = "a list of tiers {up_to, rate} with ascending up_to"


def _ascending(tiers: tuple[MatchTier, ...]) -> tuple[MatchTier, ...]:
    if any(later.up_to <= earlier.up_to for earlier, later in pairwise(tiers)):
        raise mistake(TIER_WORDS, f"up_to is {', '.join(str(tier.up_to) for tier in tiers)}")
    return tiers


MatchTiers = Annotated[
    tuple[MatchTier, ...],
    Form(TIER_WORDS, lambda item: {"type": "array", "items": item}, check=_ascending, row=MatchTier),
]


class Match(Group):
    """Employer contributions that follow an employee's own deferrals."""

    tiers: MatchTiers = parameter(
        (
            MatchTier(up_to=Decimal("0.0300"), rate=Decimal("1.0000")),
            MatchTier(up_to=Decimal("0.0500"), rate=Decimal("0.5000")),
        ),
        title="Match tiers",
        unit="share of deferrals by share of pay",
        description="Match on each tier of deferrals, as shares of plan compensation; [] is no match.",
        source="safe harbour basic match, IRC 401(k)(12)(B)",
    )
    true_up: Flag = parameter(
        default=True,
        title="Annual true-up",
        unit="switch",
        description="Whether the match is computed again on the whole year's pay and deferrals.",
        source="own standardisation",
    )


class Nonelective(Group):
    """Employer contributions that need no deferral."""

    rate: Rate = parameter(
        Decimal("0.0000"),
        title="Nonelective rate",
        unit="share of pay",
        description="Flat employer contribution to every eligible employee.",
        source="Vanguard 2020: half of plans have a match only",
        ge=0,
        le="0.25",
    )


class AutoEnrollment(Group):
    """Enrolment of people who make no choice."""

    enabled: Flag = parameter(
        default=True,
        title="Automatic enrolment",
        unit="switch",
        description="Whether newly eligible employees are enrolled unless they opt out.",
        source="Vanguard 2024: 61 % of plans, 77 % of large ones",
    )
    default_rate: Rate = parameter(
        Decimal("0.0600"),
        title="Default deferral rate",
        unit="share of pay",
        description="Deferral of people who are enrolled automatically.",
        source="Vanguard 2023: 60 % of plans at 4 % or more, 29 % at 6 % or more",
        ge=0,
        le="0.15",
    )


VestingSchedule = Annotated[
    Literal["immediate", "cliff2", "cliff3", "graded_2_6"],
    choice("immediate", "cliff2", "cliff3", "graded_2_6"),
]


class Vesting(Group):
    """How employer money becomes the participant's own."""

    match: VestingSchedule = parameter(
        "graded_2_6",
        title="Vesting of the match",
        unit="choice",
        description="cliff2, cliff3: all at 2 or 3 years; graded_2_6: from 20 % at 2 years to 100 % at 6.",
        source="IRC 411(a)(2)(B); PLANSPONSOR 2023: 42 % of plans graded",
    )


class Plan(Group):
    """The design of the retirement plan."""

    inert: ClassVar[bool] = True

    match: Match = Match()
    nonelective: Nonelective = Nonelective()
    auto_enrollment: AutoEnrollment = AutoEnrollment()
    vesting: Vesting = Vesting()

    def conflicts(self) -> Iterator[Conflict]:
        """Yield automatic enrolment that would enrol people at nothing."""
        if self.auto_enrollment.enabled and self.auto_enrollment.default_rate == 0:
            keys = ("auto_enrollment.enabled", "auto_enrollment.default_rate")
            yield Conflict(keys, "enabled with default_rate 0", "a default_rate above 0, or enabled: false")
