"""What a finished store keeps. Changes no event and no number, only how much is written."""

from __future__ import annotations

from typing import Annotated, Literal

from simulation.parameters.form import choice
from simulation.parameters.record import Group, parameter

Keep = Annotated[Literal["full", "lifecycle", "summary"], choice("full", "lifecycle", "summary")]
Snapshots = Annotated[
    Literal["none", "annual", "quarterly", "monthly"], choice("none", "annual", "quarterly", "monthly")
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
        "annual",
        title="Balance snapshots",
        unit="choice",
        description="How often participants' balances are written as a snapshot.",
        source="own standardisation",
        inert=True,
    )
