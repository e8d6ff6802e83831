"""Leavers who come back."""

from __future__ import annotations

from decimal import Decimal

from simulation.parameters.form import Rate, Whole
from simulation.parameters.record import Group, parameter


class Rehire(Group):
    """Leavers who come back."""

    rate: Rate = parameter(
        Decimal("0.0200"),
        title="Rehire rate",
        unit="share of leavers",
        description="Share of those who quit, were dismissed or laid off that comes back in the years below.",
        source="own standardisation",
        ge=0,
        le=1,
    )
    within_years: Whole = parameter(
        3,
        title="Rehired within",
        unit="years",
        description="Years after leaving in which a leaver may come back.",
        source="own standardisation",
        ge=1,
        le=20,
    )
