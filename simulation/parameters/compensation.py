"""How pay moves: COLA, merit, market adjustments, and the bands that hold it.

Values only; the arithmetic is the compensation engine's. The levers file may override some of them by year
and level.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from simulation.parameters.calendar_form import Effective, MonthDay
from simulation.parameters.form import Flag, Path, Rate, choice
from simulation.parameters.levels import LevelRates, RatingFactors, per_level
from simulation.parameters.pay_band import PayBands
from simulation.parameters.record import Conflict, Group, parameter

EFFECTIVE = "A day MM-DD for everybody, or 12 month weights from which a day is drawn for each person."


class Cola(Group):
    """The general increase that everybody gets."""

    rate: Rate = parameter(
        Decimal("0.0150"),
        title="COLA",
        unit="share of pay",
        description="General increase a year, before merit.",
        source="wilsongroup.com 2026: US mean general increase 1.5 %",
        ge=0,
        le="0.25",
    )
    effective: Effective = parameter(
        MonthDay("01-01"),
        title="COLA takes effect",
        unit="month-day",
        description=EFFECTIVE,
        source="own standardisation: the plan year's first day",
    )


class Merit(Group):
    """The increase that follows level and performance."""

    budget: Rate | None = parameter(
        Decimal("0.0320"),
        title="Merit budget",
        unit="share of pay",
        description="Mean merit over all pay before proration, to which by_level is scaled. null: as is.",
        source="Mercer 2025: US merit mean 3.2 %",
        ge=0,
        le="0.25",
    )
    by_level: LevelRates = parameter(
        per_level("0.040", "0.035", "0.032", "0.028", "0.025"),
        title="Merit by level",
        unit="share of pay",
        description="Merit increase of each level; only the proportions count if there is a budget.",
        source="own standardisation around the Mercer mean of 3.2 %",
    )
    rating_multiplier: RatingFactors = parameter(
        per_level("0", "0.5", "1", "1.25", "1.5"),
        title="Merit by rating",
        unit="multiplier",
        description="Multiplies the merit increase by rating, 1 worst to 5 best; without a rating it is 1.",
        source="own standardisation",
    )
    effective: Effective = parameter(
        MonthDay("04-01"),
        title="Merit takes effect",
        unit="month-day",
        description=EFFECTIVE,
        source="own standardisation: after the year's reviews",
    )
    prorate_new_hires: Flag = parameter(
        default=True,
        title="Prorate merit",
        unit="switch",
        description="Whether merit counts only the days since hire or promotion, at most a year.",
        source="own standardisation",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a budget that no level can be scaled to."""
        if self.budget and not any(self.by_level.values()):
            found = f"budget {self.budget} with by_level all 0"
            yield Conflict(("budget", "by_level"), found, "a level above 0, or budget 0 or null")


class Market(Group):
    """Adjustments towards the midpoint of the pay band."""

    share_of_gap: Rate = parameter(
        Decimal("0.0000"),
        title="Market adjustment",
        unit="share of the gap",
        description="Share of the gap to the band's midpoint that is closed each year for people below.",
        source="own standardisation: none",
        ge=0,
        le=1,
    )
    effective: Effective = parameter(
        MonthDay("07-01"),
        title="Market adjustment takes effect",
        unit="month-day",
        description=EFFECTIVE,
        source="own standardisation: mid-year, after merit",
    )


class Bands(Group):
    """The pay bands of the levels."""

    source: Annotated[Literal["census", "table"], choice("census", "table")] = parameter(
        "census",
        title="Source of pay bands",
        unit="choice",
        description="census: measured from the census by level; table: the table below.",
        source="own standardisation",
    )
    table: PayBands | None = parameter(
        None,
        title="Pay bands",
        unit="USD a year",
        description="Minimum, midpoint and maximum of each level at the census date, if the source is table.",
        source="the employer's own",
    )
    allow_exceed: Flag = parameter(
        default=False,
        title="Pay may exceed its band",
        unit="switch",
        description="Whether raises and starting pay may pass the band's maximum.",
        source="own standardisation: bands are respected",
    )
    index_with_cola: Flag = parameter(
        default=True,
        title="Bands follow the COLA",
        unit="switch",
        description="Whether the bands rise with the COLA each year.",
        source="own standardisation: else everybody reaches the maximum",
    )

    def conflicts(self) -> Iterator[Conflict]:
        """Yield a source and a table that do not go together."""
        if self.source == "table" and self.table is None:
            yield Conflict(("source", "table"), "source table without a table", "a table, or source: census")


class Compensation(Group):
    """How pay moves within a year."""

    levers: Path | None = parameter(
        None,
        title="Levers file",
        unit="path",
        description=(
            "A comp_levers.csv, beside the scenario's file: its rows override merit, COLA, new-hire pay and "
            "promotion by year and level. null: none."
        ),
        source="own standardisation: none",
    )
    cola: Cola = Cola()
    merit: Merit = Merit()
    market: Market = Market()
    bands: Bands = Bands()
