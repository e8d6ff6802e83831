"""The pay band of a job level: minimum, midpoint and maximum in dollars a year.

Knows what a sound band is, not how pay moves inside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final

from simulation.parameters.form import Form, Money, mistake
from simulation.parameters.levels import LEVELS, keyed_json
from simulation.parameters.record import Conflict, Group, parameter

BAND_WORDS: Final = "a band {minimum, midpoint, maximum} for each of the levels 1 to 5"


def _amount(title: str, description: str) -> Any:
    return parameter(
        ...,
        title=title,
        unit="USD a year",
        description=description,
        source="part of its table",
        ge=1,
        le=100_000_000,
    )


class PayBand(Group):
    """The pay band of a level, in dollars a year for full-time hours."""

    minimum: Money = _amount("Minimum", "Lowest pay of the level.")
    midpoint: Money = _amount("Midpoint", "Market pay of the level: the compa-ratio is pay over it.")
    maximum: Money = _amount("Maximum", "Highest pay of the level, unless pay may exceed the band.")

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a band whose three amounts are out of order."""
        if not self.minimum <= self.midpoint <= self.maximum:
            found = f"minimum {self.minimum}, midpoint {self.midpoint}, maximum {self.maximum}"
            yield Conflict(("minimum", "midpoint", "maximum"), found, "minimum <= midpoint <= maximum")


def _every_level(table: dict[int, PayBand]) -> dict[int, PayBand]:
    if sorted(table) != list(LEVELS):
        raise mistake(BAND_WORDS)
    return {level: table[level] for level in LEVELS}


PayBands = Annotated[
    dict[int, PayBand],
    Form(BAND_WORDS, lambda item: keyed_json(item, LEVELS), check=_every_level, row=PayBand),
]
