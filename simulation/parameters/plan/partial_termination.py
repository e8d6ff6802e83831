"""When layoffs amount to a partial termination, so that everybody affected owns the whole account."""

from __future__ import annotations

from decimal import Decimal

from simulation.parameters.form import Rate
from simulation.parameters.record import Group, parameter


class PartialTermination(Group):
    """Layoffs that vest everybody affected."""

    threshold: Rate = parameter(
        Decimal("0.2000"),
        title="Threshold",
        unit="share of participants",
        description="Turnover by the employer's choice in a year that presumes a partial termination.",
        source="IRC 411(d)(3); Rev. Rul. 2007-43: at least 20 %",
        ge="0.01",
        le=1,
    )
