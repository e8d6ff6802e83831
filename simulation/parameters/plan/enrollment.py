"""Voluntary enrolment: who joins of their own accord, and when they change their mind."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simulation.parameters.bands import AgeMultiplier, AgeMultipliers, rows_of
from simulation.parameters.form import Rate
from simulation.parameters.plan.incomes import PayMultiplier, PayMultipliers, chance
from simulation.parameters.record import Conflict, Group, parameter


class Enrollment(Group):
    """People who join of their own accord where nothing enrols them."""

    first_year_rate: Rate = chance(
        Decimal("0.4200"),
        "Joining in the first year",
        "share of newly eligible people",
        "Chance to join within a year of eligibility, once, of a person with both multipliers 1.",
        "Vanguard 2010-13 hires: 42 % without automatic enrolment",
    )
    long_run_rate: Rate = chance(
        Decimal("0.6400"),
        "Joining in the long run",
        "share of eligible people",
        "Share that has joined in the end; those who did not in the first year join little by little.",
        "Vanguard 2024: 64 % participation without automatic enrolment",
    )
    age_multiplier: AgeMultipliers = parameter(
        rows_of(AgeMultiplier, (0, "0.5"), (25, "0.9"), (35, "1.05"), (45, "1.1"), (55, "1.1")),
        title="Joining by age",
        unit="multiplier",
        description="Multiplies the chance to join for people from an age.",
        source="Vanguard 2024: 25 % participation under 25 against 64 % of all, without automatic enrolment",
    )
    income_multiplier: PayMultipliers = parameter(
        rows_of(
            PayMultiplier,
            *(
                (0, "0.4"),
                (15_000, "0.6"),
                (30_000, "0.9"),
                (50_000, "1.05"),
                (75_000, "1.1"),
                (150_000, "1.2"),
            ),
        ),
        title="Joining by income",
        unit="multiplier",
        description="Multiplies the chance to join for people from an annual pay.",
        source="Vanguard 2024: participation by income from 31 % below 15,000 to 95 % above 150,000",
    )
    change_of_mind_rate: Rate = chance(
        Decimal("0.0600"),
        "Changes of mind",
        "rate a year",
        "Chance within a year that somebody who opted out or stopped joins after all.",
        "own standardisation",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield fewer people in the long run than in the first year."""
        if self.long_run_rate < self.first_year_rate:
            found = f"long_run_rate {self.long_run_rate} below first_year_rate {self.first_year_rate}"
            yield Conflict(("long_run_rate", "first_year_rate"), found, "long_run_rate >= first_year_rate")
