"""How often people are paid: contributions are posted, and limits stop them, by pay period."""

from __future__ import annotations

from typing import Annotated, Literal

from simulation.parameters.form import choice
from simulation.parameters.record import Group, parameter

Frequency = Annotated[
    Literal["annual", "quarterly", "monthly", "semi_monthly", "biweekly", "weekly"],
    choice("annual", "quarterly", "monthly", "semi_monthly", "biweekly", "weekly"),
]


class Payroll(Group):
    """The employer's pay calendar."""

    frequency: Frequency = parameter(
        "monthly",
        title="Pay frequency",
        unit="choice",
        description="Pay periods a year: 1, 4, 12 (monthly), 24 (semi_monthly), 26 (biweekly), 52 (weekly).",
        source="own standardisation: monthly keeps a five-year log small",
    )
