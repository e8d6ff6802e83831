"""The phases of a year, in order: the order is the model, and this table is the only place that states it.

The number goes into the event log and orders events of one day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from simulation.context import YearContext
from simulation.engines import (
    compensation,
    hire_exit,
    hiring,
    hours,
    leave,
    promotion,
    reduction_in_force,
    rehire,
    termination,
)
from simulation.state import State

Decide = Callable[[YearContext, State], Mapping[str, pl.DataFrame]]

GENESIS: Final = 0
"""The phase of census events."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the year: its number in the log, its engine, and why it stands where it does."""

    number: int
    name: str
    decide: Decide
    reason: str


PHASES: Final = (
    Phase(
        10,
        "reduction in force",
        reduction_in_force.decide,
        "Orders come before chance: who is laid off can no longer quit; turnover is asked of the rest.",
    ),
    Phase(
        20,
        "termination",
        termination.decide,
        "Exits are known before raises, so that a March leaver gets no July raise.",
    ),
    Phase(30, "rehire", rehire.decide, "Former employees fill places before strangers do."),
    Phase(
        40,
        "hiring",
        hiring.decide,
        "Requisitions cover the leavers of this year, so all exits of people present come first.",
    ),
    Phase(
        50,
        "exit in the year of hire",
        hire_exit.decide,
        "A hire's fate was part of how many slots were opened; now it happens.",
    ),
    Phase(
        60,
        "promotion",
        promotion.decide,
        "The level is settled before pay, for bands and the promotion raise depend on it.",
    ),
    Phase(
        70,
        "compensation",
        compensation.decide,
        "All raises of the year together, in the order of their dates, each on the pay the last one left.",
    ),
    Phase(80, "leave", leave.decide, "Unpaid leave prorates the pay that the year's raises have settled."),
    Phase(90, "hours", hours.decide, "Hours count what was worked, so exits and leave come first."),
)


def as_markdown() -> str:
    """Return the table of phases as the documentation prints it."""
    rows = [f"| {phase.number} | {phase.name} | {phase.reason} |" for phase in PHASES]
    return "\n".join(["| phase | name | why it stands here |", "|---|---|---|", *rows])
