"""Who leaves, why and when, as hazards by service, age and level.

Values only; a stated total rate is met by the termination engine, which scales these hazards to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simulation.parameters.bands import (
    AgeMultiplier,
    AgeMultipliers,
    AgeRate,
    AgeRates,
    ServiceRate,
    ServiceRates,
    rows_of,
)
from simulation.parameters.calendar_form import Weights
from simulation.parameters.form import Multiplier, Rate
from simulation.parameters.levels import LevelFactors, per_level
from simulation.parameters.record import Conflict, Group, parameter


class Termination(Group):
    """Exits for each reason, before any reduction in force."""

    total_rate: Rate | None = parameter(
        None,
        title="Total termination rate",
        unit="rate a year",
        description=(
            "Exits of a year over the mean of opening and closing headcount, all reasons and people; "
            "the hazards are scaled to it. null: the hazards as they stand."
        ),
        source="own standardisation: none, the table's own level",
        ge=0,
        le="0.8",
    )
    new_hire_rate: Rate | None = parameter(
        None,
        title="First-year termination rate",
        unit="rate a year",
        description="Exits of a year's hires within that year over those hires. null: the hazards as is.",
        source="own standardisation: none, the table's own level",
        ge=0,
        le="0.95",
    )
    table_multiplier: Multiplier = parameter(
        Decimal("1.2500"),
        title="Table multiplier",
        unit="multiplier",
        description="Multiplies the table by service; no effect on a total rate that is stated.",
        source="Mercer 2022-23 against Baltimore 2011-17: private employers lose more people",
        ge=0,
        le=10,
    )
    by_service: ServiceRates = parameter(
        rows_of(
            ServiceRate,
            *((0, "0.25"), (1, "0.19"), (2, "0.16"), (3, "0.12"), (5, "0.09"), (10, "0.055"), (20, "0.04")),
        ),
        title="Exits by service",
        unit="rate a year",
        description="Chance to leave of one's own accord or be dismissed, by completed years of service.",
        source="Baltimore city payroll 2011-17 and SOA table 1549",
    )
    age_multiplier: AgeMultipliers = parameter(
        rows_of(AgeMultiplier, (0, "1.3"), (30, "1"), (50, "0.85")),
        title="Exits by age",
        unit="multiplier",
        description="Multiplies the table by service for people from an age.",
        source="SOA table 1549: turnover by age within service",
    )
    level_multiplier: LevelFactors = parameter(
        per_level("1.1", "1", "1", "0.9", "0.8"),
        title="Exits by level",
        unit="multiplier",
        description="Multiplies the table by service for each job level.",
        source="own standardisation",
    )
    involuntary_share: Rate = parameter(
        Decimal("0.2500"),
        title="Involuntary share",
        unit="share of exits",
        description="Share of the exits by service that are dismissals; the rest are voluntary.",
        source="Mercer: 17.3 % voluntary (2022-23) against 24.7 % in total (2021-22)",
        ge=0,
        le=1,
    )
    retirement_by_age: AgeRates = parameter(
        rows_of(AgeRate, (60, "0.06"), (62, "0.12"), (65, "0.22"), (67, "0.25"), (70, "0.30"), (75, "0.40")),
        title="Retirement by age",
        unit="rate a year",
        description="Chance to retire, beside the exits by service; none below the first age.",
        source="own standardisation: steps at 62, 65 and 67 as in Social Security",
    )
    disability_by_age: AgeRates = parameter(
        rows_of(AgeRate, (20, "0.0005"), (40, "0.0010"), (50, "0.0025"), (60, "0.0050")),
        title="Disability by age",
        unit="rate a year",
        description="Chance to leave disabled.",
        source="own standardisation",
    )
    death_by_age: AgeRates = parameter(
        rows_of(
            AgeRate,
            *((20, "0.0004"), (30, "0.0005"), (40, "0.0008"), (50, "0.0018"), (60, "0.0040"), (70, "0.0090")),
        ),
        title="Death by age",
        unit="rate a year",
        description="Chance to die in service.",
        source="own standardisation: below the whole population's, as employed people's mortality is",
    )
    month_weights: Weights = parameter(
        (9, 8, 8, 8, 8, 9, 9, 9, 8, 8, 8, 8),
        title="Exits by month",
        unit="weights by month",
        description="When in the year people leave, January first; only the proportions matter.",
        source="own standardisation: slightly more in January and summer",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield an asked total that no hazard can be scaled to."""
        empty = self.table_multiplier == 0 or not any(row.rate for row in self.by_service)
        if self.total_rate and empty:
            yield Conflict(
                ("total_rate", "by_service", "table_multiplier"),
                f"total_rate {self.total_rate} with by_service or table_multiplier 0",
                "a rate above 0 in by_service, or total_rate: null",
            )
