"""The plan's events up to the account: who may take part, who does, what is put in and what is owned."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from simulation.events.fields import Money, PlanId, Share
from simulation.events.payload import Payload
from simulation.events.sources import Source


class EnrollmentMethod(StrEnum):
    """How somebody came to take part."""

    AUTOMATIC = "automatic"
    VOLUNTARY = "voluntary"


class ChangeReason(StrEnum):
    """Why somebody changed the election."""

    INCREASE = "increase"
    DECREASE = "decrease"
    STOP = "stop"
    MATCH_RESPONSE = "match_response"


class ContributionKind(StrEnum):
    """What a contribution is.

    Catch-up is a deferral above a limit, a true-up the match of the whole year, top-heavy the minimum of 416.
    """

    REGULAR = "regular"
    CATCH_UP = "catch_up"
    TRUE_UP = "true_up"
    TOP_HEAVY = "top_heavy"


class EligibilityPayload(Payload):
    """Somebody may take part from a day on."""

    event_type: Literal["eligibility"] = "eligibility"
    plan_id: PlanId
    entry_date: date = Field(description="From when deferrals are allowed; before the census: long since.")
    employer_entry_date: date | None = Field(
        None, description="From when employer money is shared in; none: not yet."
    )


class Election(Payload):
    """A deferral election in force from the event's date on."""

    pre_tax_rate: Share = Field(description="Pre-tax deferral as a share of pay from now on.")
    roth_rate: Share = Field(description="Roth deferral as a share of pay from now on.")


class EnrollmentPayload(Election):
    """Somebody began to defer."""

    event_type: Literal["enrollment"] = "enrollment"
    plan_id: PlanId
    method: EnrollmentMethod = Field(description="Whether by election or without one.")


class OptOutPayload(Payload):
    """Somebody who would have been enrolled said no; nothing was deferred."""

    event_type: Literal["opt_out"] = "opt_out"
    plan_id: PlanId


class DeferralChangePayload(Election):
    """A participant changed the election."""

    event_type: Literal["deferral_change"] = "deferral_change"
    plan_id: PlanId
    reason: ChangeReason = Field(description="Why.")


class EscalationPayload(Election):
    """The election rose by itself, or the participant refused that, for good."""

    event_type: Literal["escalation"] = "escalation"
    plan_id: PlanId
    refused: bool = Field(description="Whether the participant refused it; the rates are then as before.")


class ContributionPayload(Payload):
    """Money paid in for a pay period; the event's amount."""

    event_type: Literal["contribution"] = "contribution"
    plan_id: PlanId
    source: Source = Field(description="Whose money, and so how it is taxed.")
    kind: ContributionKind = Field(description="What it was paid as.")
    pay_period: Annotated[int, Field(ge=1, le=53)] = Field(description="n-th pay period of the year.")
    compensation: Money = Field(ge=0, description="Pay of the period on which it was worked out.")


class VestingPayload(Payload):
    """What a participant owns of employer money, when that changes."""

    event_type: Literal["vesting"] = "vesting"
    plan_id: PlanId
    credited_service: Annotated[int, Field(ge=0)] = Field(description="Years of vesting service.")
    vested_match: Share = Field(description="Share of the match that is owned.")
    vested_nonelective: Share = Field(description="Share of nonelective money that is owned.")
    vested_profit_sharing: Share = Field(description="Share of profit sharing that is owned.")
