"""Who moves up a level and what it pays. Values only; drawing and scaling are the engine's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simulation.parameters.bands import (
    AgeMultiplier,
    AgeMultipliers,
    ServiceMultiplier,
    ServiceMultipliers,
    rows_of,
)
from simulation.parameters.calendar_form import Weights
from simulation.parameters.form import Rate, Whole
from simulation.parameters.levels import TOP_LEVEL, LevelRates, per_level
from simulation.parameters.record import Conflict, Group, parameter


class Promotion(Group):
    """Moves to the next level and the raises that go with them."""

    rate: Rate | None = parameter(
        Decimal("0.0800"),
        title="Promotion rate",
        unit="rate a year",
        description="Share of staff promoted in a year, to which by_level is scaled. null: by_level as is.",
        source="Mercer 2026: 8.1 % planned; WorldatWork 2014-16: 9.0-9.3 % actual",
        ge=0,
        le="0.5",
    )
    by_level: LevelRates = parameter(
        per_level("0.12", "0.10", "0.08", "0.05", "0"),
        title="Promotion by level",
        unit="rate a year",
        description="Chance to move up, by level; only the proportions count if there is a rate.",
        source="own standardisation around 8 %",
    )
    age_multiplier: AgeMultipliers = parameter(
        rows_of(AgeMultiplier, (0, "1.2"), (30, "1.1"), (40, "0.9"), (50, "0.6"), (60, "0.3")),
        title="Promotion by age",
        unit="multiplier",
        description="Multiplies the chance for people from an age.",
        source="own standardisation",
    )
    tenure_multiplier: ServiceMultipliers = parameter(
        rows_of(ServiceMultiplier, (0, "0.5"), (2, "1.2"), (5, "1"), (10, "0.7")),
        title="Promotion by service",
        unit="multiplier",
        description="Multiplies the chance for people from so many completed years of service.",
        source="own standardisation",
    )
    raise_mean: Rate = parameter(
        Decimal("0.0900"),
        title="Promotion raise",
        unit="share of pay",
        description="Mean raise on promotion; it is at least what lifts pay to the new band's minimum.",
        source="WorldatWork 2014: 8.8 % for exempt staff",
        ge=0,
        le=1,
    )
    raise_spread: Rate = parameter(
        Decimal("0.0300"),
        title="Spread of the promotion raise",
        unit="share of pay",
        description="The raise is drawn evenly between the mean less and plus this spread, never below 0.",
        source="own standardisation",
        ge=0,
        le="0.5",
    )
    minimum_service_years: Whole = parameter(
        1,
        title="Service before promotion",
        unit="completed years",
        description="Completed years of service below which nobody is promoted.",
        source="own standardisation",
        ge=0,
        le=40,
    )
    month_weights: Weights = parameter(
        (12, 5, 10, 16, 6, 6, 14, 6, 6, 8, 6, 5),
        title="Promotions by month",
        unit="weights by month",
        description="When in the year promotions take effect, January first; only the proportions matter.",
        source="own standardisation: peaks with the year, April and July",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a rate that no level can be scaled to, and a way out of the highest level."""
        if self.rate and not any(self.by_level.values()):
            found = f"rate {self.rate} with by_level all 0"
            yield Conflict(("rate", "by_level"), found, "a level above 0, or rate 0 or null")
        if self.by_level[TOP_LEVEL]:
            found = f"{self.by_level[TOP_LEVEL]} for level {TOP_LEVEL}"
            yield Conflict((f"by_level.{TOP_LEVEL}",), found, f"0: there is no level above {TOP_LEVEL}")
