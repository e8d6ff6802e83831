"""Employer contributions that need no deferral and are promised by formula."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, Literal

from simulation.parameters.bands import banded
from simulation.parameters.form import Flag, Rate, Whole, choice
from simulation.parameters.plan.match import YEAR_OF_SERVICE
from simulation.parameters.record import Conflict, Group, parameter

NonelectiveFormula = Annotated[
    Literal["flat", "service", "age", "points", "integrated"],
    choice("flat", "service", "age", "points", "integrated"),
]
Payment = Annotated[Literal["payroll", "annual"], choice("payroll", "annual")]


class ContributionBand(Group):
    """The rate of people from so many years of service, years of age, or points."""

    start: Whole = parameter(
        ...,
        title="From",
        unit="completed years or points",
        description="First service, age or sum of both of the band; it ends where the next one begins.",
        source="part of its table",
        ge=0,
        le=190,
    )
    rate: Rate = parameter(
        ...,
        title="Rate",
        unit="share of pay",
        description="Contribution to the people in the band.",
        source="part of its table",
        ge=0,
        le=1,
    )


ContributionBands = Annotated[tuple[ContributionBand, ...], banded(ContributionBand, from_zero=True)]


def bands_of(*pairs: tuple[int, str]) -> tuple[ContributionBand, ...]:
    """Return bands from pairs of a start and a rate."""
    return tuple(ContributionBand.model_validate({"start": start, "rate": rate}) for start, rate in pairs)


def level_parameter() -> Any:
    """Return the field of an integration level."""
    return parameter(
        Decimal("1.0000"),
        title="Integration level",
        unit="share of the Social Security wage base",
        description="Pay above which the excess rate is added.",
        source="26 CFR 1.401(l)-2(d): at most the wage base",
        ge="0.01",
        le=1,
    )


class Integration(Group):
    """Permitted disparity: more on pay above a level."""

    level: Rate = level_parameter()
    excess_rate: Rate = parameter(
        Decimal("0.0300"),
        title="Excess rate",
        unit="share of excess pay",
        description="What the formula integrated adds to the rate on pay above the level.",
        source="26 CFR 1.401(l)-2(b): at most the rate itself, and 5.7, 5.4 or 4.3 % by level",
        ge=0,
        le="0.057",
    )


class Nonelective(Group):
    """Employer contributions that need no deferral."""

    formula: NonelectiveFormula = parameter(
        "flat",
        title="Nonelective formula",
        unit="choice",
        description=(
            "flat: the rate; service, age, points: the bands by completed service, age, or their sum; "
            "integrated: the rate, and more on pay above a level."
        ),
        source="own standardisation",
    )
    rate: Rate = parameter(
        Decimal("0.0000"),
        title="Nonelective rate",
        unit="share of pay",
        description="Contribution of the formulas flat and integrated to every eligible employee.",
        source="Vanguard 2020: half of plans have a match only",
        ge=0,
        le="0.25",
    )
    bands: ContributionBands = parameter(
        bands_of((0, "0.02"), (5, "0.03"), (10, "0.04"), (20, "0.06")),
        title="Nonelective bands",
        unit="share of pay",
        description="Contribution by service, age or points, as the formula says.",
        source="own standardisation",
    )
    integration: Integration = Integration()
    payment: Payment = parameter(
        "payroll",
        title="Payment",
        unit="choice",
        description="payroll: each pay period on its pay; annual: once, on the year's pay.",
        source="own standardisation",
    )
    last_day: Flag = parameter(
        default=False,
        title="Last-day rule",
        unit="switch",
        description="Whether only people employed on the year's last day get the contribution.",
        source="own standardisation",
    )
    minimum_hours: Whole = parameter(
        0,
        title="Hours for the contribution",
        unit="hours a year",
        description="Hours of service in the year that the contribution asks for; 0: none.",
        source="IRC 410(a)(3)(A): at most 1,000",
        ge=0,
        le=YEAR_OF_SERVICE,
    )
    safe_harbor: Flag = parameter(
        default=False,
        title="Safe harbour nonelective",
        unit="switch",
        description="Whether the contribution replaces the ADP test: at least 3 % to all, owned at once.",
        source="IRC 401(k)(12)(C), 401(k)(13)(D)(i)(II)",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a formula whose excess is larger than permitted disparity."""
        if self.formula == "integrated":
            allowed = min(self.rate, permitted_disparity(self.integration.level))
            if self.integration.excess_rate > allowed:
                yield Conflict(
                    ("integration.excess_rate", "integration.level", "rate"),
                    f"excess_rate {self.integration.excess_rate} at level {self.integration.level} "
                    f"and rate {self.rate}",
                    f"at most {allowed}, the lesser of the rate and the permitted disparity "
                    "(26 CFR 1.401(l)-2(b), (d)(4))",
                )


def permitted_disparity(level: Decimal) -> Decimal:
    """Return the largest excess rate above a level given as a share of the wage base."""
    from simulation.parameters.limits import published
    from simulation.rules.integration import max_disparity_bp

    wage_base = list(published().values())[-1].ss_wage_base * 100
    return Decimal(max_disparity_bp(int(level * wage_base), wage_base)).scaleb(-4)
