"""How employer money becomes the participant's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final, Literal, TypeAlias

from simulation.parameters.bands import banded
from simulation.parameters.form import Flag, Rate, Whole, choice
from simulation.parameters.record import Conflict, Group, parameter

Source = Literal["match", "nonelective", "profit_sharing"]
VestingMethod = Annotated[Literal["hours", "elapsed"], choice("hours", "elapsed")]
VestingSchedule = Annotated[
    Literal["immediate", "cliff2", "cliff3", "graded_2_6", "custom"],
    choice("immediate", "cliff2", "cliff3", "graded_2_6", "custom"),
]

Schedule: TypeAlias = tuple[int, ...]
"""Vested basis points by completed years of service; the last holds for all later years."""

SOURCES: Final[tuple[Source, ...]] = ("match", "nonelective", "profit_sharing")
SLOWEST: Final = ("cliff3", "graded_2_6")
"""What a schedule must be as fast as, one or the other in every year: IRC 411(a)(2)(B)."""


class VestedShare(Group):
    """What is owned from so many completed years of service."""

    from_years: Whole = parameter(
        ...,
        title="From years",
        unit="completed years",
        description="First completed year of service of the band; it ends where the next one begins.",
        source="part of its table",
        ge=0,
        le=70,
    )
    vested: Rate = parameter(
        ...,
        title="Vested",
        unit="share of the account",
        description="Share that is owned.",
        source="part of its table",
        ge=0,
        le=1,
    )


VestedShares = Annotated[tuple[VestedShare, ...], banded(VestedShare, from_zero=True)]


def as_fast_as(schedule: Schedule, other: Schedule) -> bool:
    """Say whether a schedule vests at least as much as another after every number of years."""
    years = range(max(len(schedule), len(other)))
    return all(_after(schedule, year) >= _after(other, year) for year in years)


def _after(schedule: Schedule, years: int) -> int:
    return schedule[min(years, len(schedule) - 1)]


def named(name: str) -> Schedule:
    """Return a schedule of the rules by its name."""
    from simulation.rules.vesting import SCHEDULES

    return SCHEDULES[name]


def _schedule(title: str, description: str, source: str) -> VestingSchedule:
    made: VestingSchedule = parameter(
        "graded_2_6", title=title, unit="choice", description=description, source=source
    )
    return made


class Vesting(Group):
    """How employer money becomes the participant's own."""

    match: VestingSchedule = _schedule(
        "Vesting of the match",
        "cliff2, cliff3: all at 2 or 3 years; graded_2_6: 20 % at 2 years to 100 % at 6; custom: as below.",
        "IRC 411(a)(2)(B); PLANSPONSOR 2023: 42 % of plans graded",
    )
    nonelective: VestingSchedule = _schedule(
        "Vesting of nonelective contributions", "As for the match.", "IRC 411(a)(2)(B)"
    )
    profit_sharing: VestingSchedule = _schedule(
        "Vesting of profit sharing", "As for the match.", "IRC 411(a)(2)(B)"
    )
    custom: VestedShares | None = parameter(
        None,
        title="Custom schedule",
        unit="vested share by completed years of service",
        description="The schedule of the sources that say custom: the vested share from each year on.",
        source="the employer's own",
    )
    service_method: VestingMethod = parameter(
        "hours",
        title="Service for vesting",
        unit="choice",
        description="hours: years with 1,000 hours (500 for long-term part-timers); elapsed: calendar time.",
        source="29 CFR 2530.200b and .203; 26 CFR 1.410(a)-7",
    )
    exclude_service_before_18: Flag = parameter(
        default=False,
        title="Service before 18 left out",
        unit="switch",
        description="Whether years of service before the 18th birthday do not count.",
        source="IRC 411(a)(4)(A): allowed",
    )
    normal_retirement_age: Whole = parameter(
        65,
        title="Normal retirement age",
        unit="completed years",
        description="Age from which everything is vested.",
        source="IRC 411(a)(8): at most 65",
        ge=55,
        le=65,
    )
    full_at_death: Flag = parameter(
        default=True,
        title="Full at death",
        unit="switch",
        description="Whether everything vests at death in service.",
        source="usual; not required by IRC 411",
    )
    full_at_disability: Flag = parameter(
        default=True,
        title="Full at disability",
        unit="switch",
        description="Whether everything vests at an exit for disability.",
        source="usual; not required by IRC 411",
    )

    def vested_bp(self, source: Source) -> Schedule:
        """Return a source's vested basis points by completed years of service.

        The first is for no completed year, the last for so many years and all later ones.
        """
        return self.schedule(getattr(self, source))

    def schedule(self, name: str) -> Schedule:
        """Return the vested basis points by completed years of a schedule by its name."""
        if name != "custom":
            return named(name)
        rows = self.custom or ()
        last = rows[-1].from_years if rows else 0
        return tuple(_reached_bp(rows, year) for year in range(last + 1))

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a custom schedule that is missing, falls, or is slower than the law allows."""
        using = tuple(source for source in SOURCES if getattr(self, source) == "custom")
        if using and self.custom is None:
            found = f"{', '.join(using)}: custom, and no custom schedule"
            yield Conflict((*using, "custom"), found, "a custom schedule, or a named one")
        elif self.custom is not None:
            yield from self._unlawful(self.schedule("custom"))

    def _unlawful(self, vested: Schedule) -> Iterator[Conflict]:
        if vested != tuple(sorted(vested)):
            yield Conflict(("custom",), "the vested share falls", "shares that rise with service")
        elif not any(as_fast_as(vested, named(name)) for name in SLOWEST):
            yield Conflict(
                ("custom",),
                "slower than a three-year cliff and than two to six years graded",
                "at least as fast as one of them in every year (IRC 411(a)(2)(B))",
            )


def _reached_bp(rows: tuple[VestedShare, ...], year: int) -> int:
    """Return what the last band that is reached has vested; without bands nothing is."""
    reached = [row.vested for row in rows if row.from_years <= year]
    return int(reached[-1].scaleb(4)) if reached else 0
