"""The years that a run simulates.

Knows nothing of the census: whether the first year follows its date is checked when both are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from simulation.parameters.form import Whole
from simulation.parameters.record import Conflict, Group, parameter

LONGEST: Final = 60
"""Years in one run: longer than a working life says nothing."""


class Horizon(Group):
    """First and last simulated plan year; a plan year is a calendar year."""

    start_year: Whole = parameter(
        2025,
        title="First year",
        unit="year",
        description="First simulated year; the census is as of the end of the year before it.",
        source="shipped census as of 2024-12-31",
        ge=2000,
        le=2150,
    )
    end_year: Whole = parameter(
        2029,
        title="Last year",
        unit="year",
        description="Last simulated year.",
        source="five years, as in comp_levers.csv",
        ge=2000,
        le=2150,
    )

    @property
    def years(self) -> range:
        """Return the simulated years in order."""
        return range(self.start_year, self.end_year + 1)

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a horizon that ends before it begins or is too long."""
        found = f"start_year {self.start_year}, end_year {self.end_year}"
        if self.end_year < self.start_year:
            yield Conflict(("start_year", "end_year"), found, "start_year <= end_year")
        elif len(self.years) > LONGEST:
            yield Conflict(("start_year", "end_year"), found, f"at most {LONGEST} years")
