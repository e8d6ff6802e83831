"""Tables in bands of annual pay: a multiplier from each pay on.

Knows the shape of these tables, not what is multiplied.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from simulation.parameters.bands import AgeRate, banded
from simulation.parameters.form import Multiplier, Whole
from simulation.parameters.record import Group, parameter

LARGEST_PAY: Final = 100_000_000


class PayMultiplier(Group):
    """A multiplier for people paid so many dollars a year or more."""

    from_pay: Whole = parameter(
        ...,
        title="From pay",
        unit="USD a year",
        description="Lowest annual pay of the band; it ends where the next one begins.",
        source="part of its table",
        ge=0,
        le=LARGEST_PAY,
    )
    multiplier: Multiplier = parameter(
        ...,
        title="Multiplier",
        unit="multiplier",
        description="Multiplies the rate of the people in the band.",
        source="part of its table",
        ge=0,
        le=10,
    )


PayMultipliers = Annotated[tuple[PayMultiplier, ...], banded(PayMultiplier, from_zero=True)]
EveryAgeRates = Annotated[tuple[AgeRate, ...], banded(AgeRate, from_zero=True)]
"""A rate for every age."""


def chance(default: Any, title: str, unit: str, description: str, source: str) -> Any:
    """Return the field of a share or a chance within a year, from 0 to 1."""
    return parameter(default, title=title, unit=unit, description=description, source=source, ge=0, le=1)
