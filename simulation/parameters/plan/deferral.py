"""How much participants defer, and how they change it of their own accord."""

from __future__ import annotations

from decimal import Decimal

from simulation.parameters.bands import AgeRate, rows_of
from simulation.parameters.calendar_form import Effective
from simulation.parameters.form import Flag, Rate
from simulation.parameters.plan.incomes import EveryAgeRates, PayMultiplier, PayMultipliers, chance
from simulation.parameters.record import Group, parameter


class Deferral(Group):
    """Elections of those who choose their own rate."""

    rate_by_age: EveryAgeRates = parameter(
        rows_of(
            AgeRate,
            *((0, "0.055"), (25, "0.068"), (35, "0.073"), (45, "0.079"), (55, "0.093"), (65, "0.101")),
        ),
        title="Elected rate by age",
        unit="share of pay",
        description="Mean elected deferral of participants from an age.",
        source="Vanguard 2024: mean deferral by age",
    )
    income_multiplier: PayMultipliers = parameter(
        rows_of(
            PayMultiplier, (0, "0.8"), (30_000, "0.9"), (50_000, "1"), (100_000, "1.1"), (150_000, "1.15")
        ),
        title="Elected rate by income",
        unit="multiplier",
        description="Multiplies the mean elected rate for people from an annual pay.",
        source="own standardisation",
    )
    spread: Rate = parameter(
        Decimal("0.0400"),
        title="Spread of elected rates",
        unit="share of pay",
        description="Standard deviation of elected rates around the mean, before limits and whole steps.",
        source="Vanguard 2020-24: median 6.0 % against a mean of 7.7 %",
        ge=0,
        le="0.25",
    )
    step: Rate = parameter(
        Decimal("0.0100"),
        title="Step",
        unit="share of pay",
        description="Elected rates are whole steps, and own changes one step at a time.",
        source="own standardisation: payroll forms ask for whole percentages",
        ge="0.0001",
        le="0.1",
    )
    maximum_rate: Rate = parameter(
        Decimal("0.7500"),
        title="Plan limit",
        unit="share of pay",
        description="Largest deferral that the plan takes, pre-tax and Roth together.",
        source="own standardisation",
        ge="0.01",
        le=1,
    )
    roth_feature: Flag = parameter(
        default=True,
        title="Roth deferrals",
        unit="switch",
        description="Whether deferrals may be Roth; without it those who must catch up in Roth cannot.",
        source="own standardisation; IRC 402A, 414(v)(7)",
    )
    roth_share: Rate = chance(
        Decimal("0.1700"),
        "Participants in Roth",
        "share of participants",
        "Share of those who join that defer Roth; the others defer pre-tax.",
        "own standardisation: about one in six where it is offered",
    )
    catch_up: Flag = parameter(
        default=True,
        title="Catch-up",
        unit="switch",
        description="Whether people of 50 or more may defer beyond the limits by IRC 414(v).",
        source="IRC 414(v); nearly every plan",
    )
    raise_rate: Rate = chance(
        Decimal("0.1500"),
        "Own increases",
        "rate a year",
        "Chance within a year that a participant raises the rate by a step.",
        "Vanguard 2023: 15 % raised their rate themselves",
    )
    lower_rate: Rate = chance(
        Decimal("0.0800"),
        "Own decreases",
        "rate a year",
        "Chance within a year that a participant lowers the rate by a step.",
        "Vanguard 2023: 8 % lowered their rate",
    )
    stop_rate: Rate = chance(
        Decimal("0.0050"),
        "Stops",
        "rate a year",
        "Chance within a year that a participant stops deferring.",
        "own standardisation",
    )
    match_response_share: Rate = chance(
        Decimal("0.3000"),
        "Response to the match",
        "share of participants",
        "Share that moves to the new highest matched rate, once, where the match differs from the one known.",
        "own standardisation",
    )
    effective: Effective = parameter(
        (3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        title="Own changes take effect",
        unit="month-day or weights by month",
        description="A fixed day, or twelve month weights (January first) from which a day is drawn.",
        source="own standardisation: most often with the new year",
    )
