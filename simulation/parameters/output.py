"""What a finished store keeps. Changes no event and no number, only how much is written."""

from __future__ import annotations

from typing import Annotated, Literal

from simulation.parameters.form import choice
from simulation.parameters.record import Group, parameter

Keep = Annotated[Literal["full", "lifecycle", "summary"], choice("full", "lifecycle", "summary")]
Snapshots = Annotated[
    Literal["year_end", "quarter_end", "month_end", "weekly"],
    choice("year_end", "quarter_end", "month_end", "weekly"),
]


class Output(Group):
    """What is written to the store."""

    keep: Keep = parameter(
        "full",
        title="Events kept",
        unit="choice",
        description=(
            "full: every event; lifecycle: who came, left or rose, became eligible, enrolled or opted out, "
            "changed the election, vested, is highly compensated; no pay change, no posting to an account; "
            "summary: the year summaries only."
        ),
        source="own standardisation",
    )
    balance_snapshots: Snapshots = parameter(
        "year_end",
        title="Balance snapshots",
        unit="choice",
        description=(
            "On which days every participant's account is written down: the ends of years, quarters or "
            "months, or (weekly) each Friday; on 31 December in any case."
        ),
        source="own standardisation",
    )
