"""What a plan's administrator finds in a year: who is highly compensated, and who comes near a limit."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from simulation.events.fields import Money, PlanId
from simulation.events.payload import Payload


class DeterminationMethod(StrEnum):
    """Which year's pay decides who is highly compensated."""

    PRIOR_YEAR = "prior_year"
    CURRENT_YEAR = "current_year"


class ComplianceType(StrEnum):
    """What was found of somebody, in the order in which a year finds it."""

    KEY_EMPLOYEE = "key_employee"
    CATCH_UP_ELIGIBLE = "catch_up_eligible"
    ROTH_CATCH_UP_REQUIRED = "roth_catch_up_required"
    DEFERRAL_APPROACH = "402g_limit_approach"
    DEFERRAL_REACHED = "402g_limit_reached"
    ADDITIONS_APPROACH = "415c_limit_approach"
    ADDITIONS_REACHED = "415c_limit_reached"
    TOP_HEAVY_MINIMUM = "top_heavy_minimum"


class LimitType(StrEnum):
    """Which limit a finding is about."""

    ELECTIVE_DEFERRAL = "elective_deferral"
    ANNUAL_ADDITIONS = "annual_additions"
    CATCH_UP = "catch_up"
    ROTH_WAGES = "roth_wages"
    KEY_EMPLOYEE_PAY = "key_employee_pay"
    TOP_HEAVY_MINIMUM = "top_heavy_minimum"


class HceStatusPayload(Payload):
    """Somebody is highly compensated this year, or was last year and no longer is (IRC 414(q))."""

    event_type: Literal["hce_status"] = "hce_status"
    plan_id: PlanId
    determination_method: DeterminationMethod = Field(description="Which year's pay decides.")
    ytd_compensation: Money = Field(ge=0, description="Pay of the year that decides, from this employer.")
    annualized_compensation: Money = Field(
        ge=0, description="The pay that was compared: never annualised, so the same."
    )
    hce_threshold: Money = Field(ge=0, description="What pay has to exceed.")
    is_hce: bool = Field(description="Highly compensated this year.")
    determination_date: date = Field(description="Day as of which it was determined.")
    prior_year_hce: bool | None = Field(None, description="Status of the year before; none: not known.")


class CompliancePayload(Payload):
    """An amount of somebody's was held against a limit."""

    event_type: Literal["compliance"] = "compliance"
    plan_id: PlanId
    compliance_type: ComplianceType = Field(description="What was found.")
    limit_type: LimitType = Field(description="Which limit.")
    applicable_limit: Money = Field(ge=0, description="The limit, for this person in this year.")
    current_amount: Money = Field(ge=0, description="What was held against the limit.")
    monitoring_date: date = Field(description="Day as of which it was found.")
