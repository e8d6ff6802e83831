"""Hours worked: the full-time year and unpaid leave."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from simulation.parameters.form import Rate, Whole
from simulation.parameters.record import Conflict, Group, parameter


class Hours(Group):
    """Hours worked in a year."""

    full_time_hours: Whole = parameter(
        2080,
        title="Full-time hours",
        unit="hours a year",
        description="Hours of a full-time year; fewer scheduled hours are part time.",
        source="52 weeks of 40 hours",
        ge=1000,
        le=3000,
    )
    leave_rate: Rate = parameter(
        Decimal("0.0200"),
        title="Unpaid leave",
        unit="rate a year",
        description="Chance of an unpaid leave within a year.",
        source="own standardisation",
        ge=0,
        le=1,
    )
    leave_min_days: Whole = parameter(
        10,
        title="Shortest leave",
        unit="calendar days",
        description="Shortest unpaid leave; its length is drawn evenly between shortest and longest.",
        source="own standardisation",
        ge=1,
        le=365,
    )
    leave_max_days: Whole = parameter(
        60,
        title="Longest leave",
        unit="calendar days",
        description="Longest unpaid leave; it ends with the year at the latest.",
        source="own standardisation: within the 12 weeks of the FMLA",
        ge=1,
        le=365,
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a shortest leave that is longer than the longest."""
        if self.leave_min_days > self.leave_max_days:
            found = f"leave_min_days {self.leave_min_days}, leave_max_days {self.leave_max_days}"
            yield Conflict(("leave_min_days", "leave_max_days"), found, "leave_min_days <= leave_max_days")
