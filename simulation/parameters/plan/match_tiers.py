"""The tables of a match: tiers of deferral, and one tier a band of service or points.

Knows when such tables are whole, not what they pay.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from simulation.parameters.form import Form, Rate, Whole, mistake
from simulation.parameters.record import Group, parameter

STANDARD: Final = "part of its table"
NOTHING: Final = Decimal("0.0000")


def _up_to(description: str) -> Any:
    return parameter(
        ..., title="Up to", unit="share of pay", description=description, source=STANDARD, ge=0, le=1
    )


def _match_rate() -> Any:
    return parameter(
        ...,
        title="Match rate",
        unit="share of deferrals",
        description="What the employer adds to a deferral inside the tier.",
        source=STANDARD,
        ge=0,
        le=5,
    )


class MatchTier(Group):
    """One tier of the match: the rate paid on deferrals up to a share of pay."""

    above: Rate | None = parameter(
        None,
        title="Above",
        unit="share of pay",
        description="Lower end of the tier: where the tier before it ends, which need not be said.",
        source=STANDARD,
        ge=0,
        le=1,
    )
    up_to: Rate = _up_to("Upper end of the tier.")
    rate: Rate = _match_rate()


class ServiceTier(Group):
    """The match of people from so many completed years of service."""

    from_years: Whole = parameter(
        ...,
        title="From years",
        unit="completed years",
        description="First completed year of service of the band; it ends where the next one begins.",
        source=STANDARD,
        ge=0,
        le=70,
    )
    up_to: Rate = _up_to("Deferrals that are matched.")
    rate: Rate = _match_rate()


class PointsTier(Group):
    """The match of people from so many points: completed years of age plus completed years of service."""

    from_points: Whole = parameter(
        ...,
        title="From points",
        unit="points",
        description="First sum of age and service of the band; it ends where the next one begins.",
        source=STANDARD,
        ge=0,
        le=190,
    )
    up_to: Rate = _up_to("Deferrals that are matched.")
    rate: Rate = _match_rate()


TIER_WORDS: Final = (
    "a list of tiers {up_to, rate} with ascending up_to, each beginning where the last one ends"
)


def _adjoining(tiers: tuple[MatchTier, ...]) -> tuple[MatchTier, ...]:
    """Return the tiers with their lower ends, which must leave no gap and no overlap."""
    end, whole = NOTHING, []
    for tier in tiers:
        above = end if tier.above is None else tier.above
        if above != end:
            kind = "overlap" if above < end else "leave a gap"
            raise mistake(
                TIER_WORDS, f"the tiers {kind}: one begins at {above}, the one before ends at {end}"
            )
        if tier.up_to <= end:
            raise mistake(TIER_WORDS, f"up_to is {', '.join(str(one.up_to) for one in tiers)}")
        whole.append(MatchTier(above=above, up_to=tier.up_to, rate=tier.rate))
        end = tier.up_to
    return tuple(whole)


def _table(row: type[Group], start: str) -> Form:
    words = f"a list of bands {{{start}, up_to, rate}}, ascending from 0"

    def check(rows: tuple[Group, ...]) -> tuple[Group, ...]:
        starts = [getattr(one, start) for one in rows]
        if starts != sorted(set(starts)) or starts[:1] != [0]:
            raise mistake(words, f"{start} is {', '.join(map(str, starts)) or 'missing'}")
        return rows

    return Form(words, lambda item: {"type": "array", "items": item}, check=check, row=row)


MatchTiers = Annotated[
    tuple[MatchTier, ...],
    Form(TIER_WORDS, lambda item: {"type": "array", "items": item}, check=_adjoining, row=MatchTier),
]
ServiceTiers = Annotated[tuple[ServiceTier, ...], _table(ServiceTier, "from_years")]
PointsTiers = Annotated[tuple[PointsTier, ...], _table(PointsTier, "from_points")]


def tiers_of(*pairs: tuple[str, str]) -> tuple[MatchTier, ...]:
    """Return tiers from pairs of upper end and match rate, lowest first."""
    return _adjoining(tuple(MatchTier.model_validate({"up_to": end, "rate": rate}) for end, rate in pairs))
