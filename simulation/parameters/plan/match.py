"""Employer contributions that follow an employee's own deferrals."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Final, Literal

from simulation.parameters.form import Flag, Money, Whole, choice
from simulation.parameters.plan.match_tiers import (
    MatchTiers,
    PointsTier,
    PointsTiers,
    ServiceTier,
    ServiceTiers,
    tiers_of,
)
from simulation.parameters.record import Group, parameter

MatchFormula = Annotated[Literal["tiers", "service", "points"], choice("tiers", "service", "points")]
MatchPeriod = Annotated[Literal["payroll", "annual"], choice("payroll", "annual")]
SafeHarborMatch = Annotated[
    Literal["none", "basic", "enhanced", "qaca"], choice("none", "basic", "enhanced", "qaca")
]

YEAR_OF_SERVICE: Final = 1_000
"""Hours: the most that a condition for a year's contribution may ask, IRC 410(a)(3)(A)."""


class Match(Group):
    """Employer contributions that follow an employee's own deferrals."""

    formula: MatchFormula = parameter(
        "tiers",
        title="Match formula",
        unit="choice",
        description="tiers: the same for all; service, points: by completed service, or age plus service.",
        source="Vanguard 2020: 72 % of matches have one tier, 21 % several",
    )
    tiers: MatchTiers = parameter(
        tiers_of(("0.03", "1"), ("0.05", "0.5")),
        title="Match tiers",
        unit="share of deferrals by share of pay",
        description="Match on each tier of deferrals, as shares of plan compensation; [] is no match.",
        source="safe harbour basic match, IRC 401(k)(12)(B)",
    )
    service_tiers: ServiceTiers = parameter(
        (
            ServiceTier.model_validate({"from_years": 0, "up_to": "0.06", "rate": "0.25"}),
            ServiceTier.model_validate({"from_years": 3, "up_to": "0.06", "rate": "0.5"}),
            ServiceTier.model_validate({"from_years": 10, "up_to": "0.06", "rate": "1"}),
        ),
        title="Match by service",
        unit="share of deferrals by share of pay",
        description="Match of the formula service: one rate for each band of completed service.",
        source="own standardisation",
    )
    points_tiers: PointsTiers = parameter(
        (
            PointsTier.model_validate({"from_points": 0, "up_to": "0.06", "rate": "0.5"}),
            PointsTier.model_validate({"from_points": 45, "up_to": "0.06", "rate": "0.75"}),
            PointsTier.model_validate({"from_points": 65, "up_to": "0.06", "rate": "1"}),
        ),
        title="Match by points",
        unit="share of deferrals by share of pay",
        description="Match of the formula points: one rate for each band of age plus service.",
        source="own standardisation",
    )
    period: MatchPeriod = parameter(
        "payroll",
        title="Match period",
        unit="choice",
        description="payroll: computed and paid each pay period; annual: once, on the whole year.",
        source="own standardisation",
    )
    true_up: Flag = parameter(
        default=True,
        title="Annual true-up",
        unit="switch",
        description=(
            "Whether a match by pay period is computed again on the whole year's pay and deferrals, and the "
            "shortfall paid at the year's end."
        ),
        source="own standardisation",
    )
    dollar_cap: Money | None = parameter(
        None,
        title="Dollar cap",
        unit="USD a year",
        description="Largest match of a participant in a year. null: none.",
        source="Vanguard 2020: 5 % of matches have one",
        ge=0,
        le=1_000_000,
    )
    catch_up: Flag = parameter(
        default=True,
        title="Catch-up is matched",
        unit="switch",
        description="Whether catch-up contributions count as deferrals in the match.",
        source="own standardisation",
    )
    last_day: Flag = parameter(
        default=False,
        title="Last-day rule",
        unit="switch",
        description="Whether only people employed on the year's last day get the match of the year.",
        source="own standardisation",
    )
    minimum_hours: Whole = parameter(
        0,
        title="Hours for the match",
        unit="hours a year",
        description="Hours of service in the year that the match asks for; 0: none.",
        source="IRC 410(a)(3)(A): at most 1,000",
        ge=0,
        le=YEAR_OF_SERVICE,
    )
    safe_harbor: SafeHarborMatch = parameter(
        "none",
        title="Safe harbour match",
        unit="choice",
        description="Whether and by which formula the match replaces the ADP test; the tiers must meet it.",
        source="IRC 401(k)(12)(B) basic and enhanced, 401(k)(13)(D) qaca",
    )

    @property
    def tables_bp(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """Return the formula's tables, each of (upper bound of deferral, match rate) in basis points."""
        if self.formula == "tiers":
            return (tuple((_bp(tier.up_to), _bp(tier.rate)) for tier in self.tiers),)
        rows = self.service_tiers if self.formula == "service" else self.points_tiers
        return tuple(((_bp(row.up_to), _bp(row.rate)),) for row in rows)

    @property
    def starts(self) -> tuple[int, ...]:
        """Return the service in years, or the points, from which each table holds; the first is 0."""
        if self.formula == "service":
            return tuple(row.from_years for row in self.service_tiers)
        return tuple(row.from_points for row in self.points_tiers) if self.formula == "points" else (0,)


def _bp(rate: Decimal) -> int:
    return int(rate.scaleb(4))
