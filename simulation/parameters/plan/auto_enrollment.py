"""Enrolment of people who make no choice: how much, when, whom, and how they get out of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Final, Literal

from simulation.parameters.bands import AgeMultiplier, AgeMultipliers, rows_of
from simulation.parameters.form import Flag, Rate, Whole, choice
from simulation.parameters.plan.incomes import PayMultiplier, PayMultipliers, chance
from simulation.parameters.record import Conflict, Group, parameter

Scope = Annotated[Literal["new_hires", "all_eligible"], choice("new_hires", "all_eligible")]
Arrangement = Annotated[Literal["basic", "eaca", "qaca"], choice("basic", "eaca", "qaca")]

SHORTEST_WINDOW: Final = 30
LONGEST_WINDOW: Final = 90


class AutoEnrollment(Group):
    """Enrolment of people who make no choice."""

    enabled: Flag = parameter(
        default=True,
        title="Automatic enrolment",
        unit="switch",
        description="Whether newly eligible employees are enrolled unless they opt out.",
        source="Vanguard 2024: 61 % of plans, 77 % of large ones",
    )
    form: Arrangement = parameter(
        "eaca",
        title="Arrangement",
        unit="choice",
        description=(
            "basic: no permissible withdrawal; eaca: with one, IRC 414(w); qaca: also a safe harbour, "
            "IRC 401(k)(13)."
        ),
        source="own standardisation",
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
    window_days: Whole = parameter(
        30,
        title="Time to choose",
        unit="calendar days",
        description="Days from eligibility to the automatic enrolment of those who made no choice.",
        source="own standardisation",
        ge=0,
        le=365,
    )
    scope: Scope = parameter(
        "new_hires",
        title="Whom it sweeps",
        unit="choice",
        description=(
            "new_hires: people who become eligible in the simulation; all_eligible: also, once, those who "
            "were eligible before and never chose."
        ),
        source="own standardisation",
    )
    opt_out_rate: Rate = chance(
        Decimal("0.0800"),
        "Opt-out",
        "share of people swept",
        "Chance to opt out, once, of a person with both multipliers 1.",
        "Vanguard 2010-13 hires: 91 % stay in; 94 % participation in 2024",
    )
    opt_out_age_multiplier: AgeMultipliers = parameter(
        rows_of(AgeMultiplier, (0, "1.25"), (25, "1.1"), (35, "0.95"), (55, "0.9")),
        title="Opt-out by age",
        unit="multiplier",
        description="Multiplies the opt-out rate for people from an age.",
        source="Vanguard 2024: 90 % participation under 25 with automatic enrolment against 94 % of all",
    )
    opt_out_income_multiplier: PayMultipliers = parameter(
        rows_of(
            PayMultiplier, (0, "1.8"), (30_000, "1.2"), (50_000, "1"), (100_000, "0.7"), (150_000, "0.5")
        ),
        title="Opt-out by income",
        unit="multiplier",
        description="Multiplies the opt-out rate for people from an annual pay.",
        source="own standardisation after Vanguard 2024: participation by income",
    )
    withdrawal_window_days: Whole = parameter(
        90,
        title="Permissible withdrawal window",
        unit="calendar days",
        description="Days from the first default contribution in which it may be taken back with earnings.",
        source="IRC 414(w)(2)(B): 30 to 90",
        ge=0,
        le=365,
    )
    withdrawal_rate: Rate = chance(
        Decimal("0.0100"),
        "Permissible withdrawals",
        "share of people swept",
        "Chance to take the first contributions back within the window, once; none in the form basic.",
        "own standardisation",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield enrolment at nothing, and a withdrawal window that the law does not know."""
        if self.enabled and self.default_rate == 0:
            keys = ("enabled", "default_rate")
            yield Conflict(keys, "enabled with default_rate 0", "a default_rate above 0, or enabled: false")
        if not SHORTEST_WINDOW <= self.withdrawal_window_days <= LONGEST_WINDOW:
            yield Conflict(
                ("withdrawal_window_days",),
                f"{self.withdrawal_window_days} days",
                f"from {SHORTEST_WINDOW} to {LONGEST_WINDOW} days (IRC 414(w)(2)(B))",
            )
