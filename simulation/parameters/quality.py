"""From where on a run is called unlike its census. Changes no event, only what is said of the run."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from simulation.parameters.form import Multiplier, choice
from simulation.parameters.record import Group, parameter

Severity = Annotated[Literal["soft", "hard"], choice("soft", "hard")]

STATISTIC = "share of people"
INDEX = "index"


class Drift(Group):
    """How far a year end's workforce may move from the census before a gate says so."""

    severity: Severity = parameter(
        "soft",
        title="Severity of drift",
        unit="choice",
        description="soft: drift is a warning wherever the run is shown; hard: nothing is sealed.",
        source="own standardisation: a scenario may want the change",
    )
    ks: Multiplier = parameter(
        Decimal("0.2000"),
        title="Kolmogorov-Smirnov distance",
        unit=STATISTIC,
        description=(
            "Above which distance from the census age, service, indexed pay or job level has drifted. The "
            "threshold rises to what chance alone makes of few people."
        ),
        source="own standardisation: normal ageing stays below 0.15, 60 % turnover reaches 0.29 in a year",
        ge=0,
        le=1,
    )
    psi: Multiplier = parameter(
        Decimal("0.2500"),
        title="Population stability index",
        unit=INDEX,
        description=(
            "Above which index against the census age, service, indexed pay or job level has drifted. The "
            "threshold rises to what chance alone makes of few people."
        ),
        source="convention: below 0.10 stable, above 0.25 another population (N. Siddiqi, 2006)",
        ge=0,
        le=100,
    )
    deferral_ks: Multiplier = parameter(
        Decimal("0.5000"),
        title="Kolmogorov-Smirnov distance of deferral rates",
        unit=STATISTIC,
        description="The same for deferral rates, which a plan's design is meant to move.",
        source="own standardisation: five years of automatic enrolment and escalation reach 0.26",
        ge=0,
        le=1,
    )
    deferral_psi: Multiplier = parameter(
        Decimal("1.0000"),
        title="Population stability index of deferral rates",
        unit=INDEX,
        description="The same for deferral rates, which a plan's design is meant to move.",
        source="own standardisation: five years of automatic enrolment and escalation reach 0.74",
        ge=0,
        le=100,
    )


class Quality(Group):
    """What is said of a run's data."""

    drift: Drift = Drift()
