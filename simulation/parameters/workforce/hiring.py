"""Who is hired, when and at which pay. How many is growth's to say, unless a limit stands against it."""

from __future__ import annotations

from decimal import Decimal

from simulation.parameters.calendar_form import Weights
from simulation.parameters.form import Multiplier, Rate, Whole
from simulation.parameters.levels import LevelMix
from simulation.parameters.record import Group, parameter


class Hiring(Group):
    """Requisitions and the people who fill them."""

    limit: Whole | None = parameter(
        None,
        title="Hiring limit",
        unit="people a year",
        description="Most people hired or rehired in a year, whatever growth asks for; 0 is a hiring freeze.",
        source="own standardisation: none",
        ge=0,
        le=10_000_000,
    )
    level_mix: LevelMix | None = parameter(
        None,
        title="Level mix of hires",
        unit="share by level",
        description="Share of hires in each level. null: as among the census's recent hires.",
        source="the census",
    )
    part_time_share: Rate | None = parameter(
        None,
        title="Part-time share of hires",
        unit="share of hires",
        description="Share of hires below full-time hours. null: as in the census.",
        source="the census",
        ge=0,
        le=1,
    )
    pay_adjustment: Multiplier = parameter(
        Decimal("1.0000"),
        title="New-hire pay",
        unit="multiplier",
        description="Multiplies the pay drawn for a hire from people of the same level.",
        source="own standardisation: as in the census",
        ge="0.5",
        le=2,
    )
    month_weights: Weights = parameter(
        (8, 8, 9, 9, 9, 9, 9, 9, 9, 8, 7, 6),
        title="Hires by month",
        unit="weights by month",
        description="When in the year requisitions are filled, January first; only the proportions matter.",
        source="own standardisation: slightly fewer at the year's end",
    )
