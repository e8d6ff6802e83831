"""Money that leaves accounts: on leaving the employer, in hardship, in service, by force of law."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simulation.parameters.form import Flag, Money, Rate
from simulation.parameters.plan.incomes import chance
from simulation.parameters.record import Conflict, Group, parameter


class Distributions(Group):
    """Money that leaves accounts."""

    cash_out_rate: Rate = chance(
        Decimal("0.4100"),
        "Cash-outs",
        "share of leavers",
        "Share of leavers with a vested balance that take it in cash.",
        "Fidelity 2024: 41 % at a change of job",
    )
    rollover_rate: Rate = chance(
        Decimal("0.2900"),
        "Rollovers",
        "share of leavers",
        "Share of leavers that roll their balance over; the rest leave it in the plan.",
        "own standardisation",
    )
    force_out_limit: Money = parameter(
        Decimal("7000.00"),
        title="Force-out limit",
        unit="USD",
        description="Vested balances of leavers up to it are paid out without consent.",
        source="IRC 411(a)(11): at most 7,000 from 2024",
        ge=0,
        le=7_000,
    )
    cash_limit: Money = parameter(
        Decimal("1000.00"),
        title="Cash limit",
        unit="USD",
        description="Forced-out balances up to it are paid in cash, larger ones rolled over to an IRA.",
        source="IRC 401(a)(31)(B): at most 1,000",
        ge=0,
        le=1_000,
    )
    hardship_rate: Rate = chance(
        Decimal("0.0270"),
        "Hardship withdrawals",
        "rate a year",
        "Chance within a year that a participant in service takes a hardship withdrawal.",
        "PSCA 2024: 2.7 %",
    )
    hardship_share: Rate = chance(
        Decimal("0.3000"),
        "Size of hardship withdrawals",
        "share of the elective balance",
        "Share of deferrals and their earnings that a hardship withdrawal takes.",
        "own standardisation; 26 CFR 1.401(k)-1(d)(3)",
    )
    in_service_rate: Rate = chance(
        Decimal("0.0300"),
        "Withdrawals from 59½",
        "rate a year",
        "Chance within a year that a participant of 59½ or more takes the vested balance in service.",
        "own standardisation; IRC 401(k)(2)(B)",
    )
    required_minimum: Flag = parameter(
        default=True,
        title="Required minimum distributions",
        unit="switch",
        description="Whether leavers and owners of 73 or more (75 if born from 1960) get their minimum.",
        source="IRC 401(a)(9): required; off only to see what it moves",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield leavers who would do two things, and cash above the limit of forced payments."""
        if self.cash_out_rate + self.rollover_rate > 1:
            found = f"cash_out_rate {self.cash_out_rate} and rollover_rate {self.rollover_rate}"
            yield Conflict(("cash_out_rate", "rollover_rate"), found, "shares that add up to at most 1")
        if self.cash_limit > self.force_out_limit:
            found = f"cash_limit {self.cash_limit} above force_out_limit {self.force_out_limit}"
            yield Conflict(("cash_limit", "force_out_limit"), found, "cash_limit <= force_out_limit")
