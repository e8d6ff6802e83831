"""The workforce's events: what each one says, field by field, with units.

These models are the language; the engines make the same fields as frame columns (see ``fields``). They
know nothing of how an event is decided or stored.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from simulation.events.fields import Hours, JobLevel, Money, Rate, Rating
from simulation.events.payload import Payload


class EmployeeClass(StrEnum):
    """The class that decides whom a plan may cover."""

    REGULAR = "regular"
    UNION = "union"
    TEMPORARY = "temporary"
    LEASED = "leased"


class TerminationReason(StrEnum):
    """Why somebody left."""

    VOLUNTARY = "voluntary"
    INVOLUNTARY = "involuntary"
    RETIREMENT = "retirement"
    DEATH = "death"
    DISABILITY = "disability"
    LAYOFF = "layoff"


class RaiseKind(StrEnum):
    """What a raise was for."""

    COLA = "cola"
    MERIT = "merit"
    MARKET = "market"
    PROMOTION = "promotion"


class Person(Payload):
    """Who somebody is and on what terms: shared by the events that bring a person in."""

    birth_date: date
    hire_date: date = Field(description="First day of work.")
    department: str
    job_level: JobLevel
    annual_compensation: Money = Field(gt=0, description="Base pay a year for the scheduled hours, dollars.")
    scheduled_hours: Hours = Field(description="Hours a year; 2,080 is full time by default.")
    performance_rating: Rating | None = None
    employee_class: EmployeeClass = EmployeeClass.REGULAR


class CensusPayload(Person):
    """Genesis: an employee as the census has them, so that the log alone rebuilds everything."""

    event_type: Literal["census"] = "census"
    ownership: Rate = Field(description="Share of the employer that is owned, without attribution.")
    is_officer: bool
    family_of: str | None = Field(None, description="Employee id of an owner in the family (section 318).")
    prior_year_compensation: Money | None = Field(None, description="Plan compensation, year before.")
    deferral: Rate | None = Field(None, description="Pre-tax election as a share of pay; none: never made.")
    roth_deferral: Rate | None = None
    balance_pre_tax: Money
    balance_roth: Money
    balance_match: Money
    balance_nonelective: Money


class HirePayload(Person):
    """A requisition slot was filled."""

    event_type: Literal["hire"] = "hire"
    slot: int = Field(ge=1, description="n-th requisition of its year and level.")


class RehirePayload(Payload):
    """A former employee came back; earlier service is restored."""

    event_type: Literal["rehire"] = "rehire"
    annual_compensation: Money = Field(gt=0)
    service_date: date = Field(description="Hire date, moved on by the length of the break.")


class TerminationPayload(Payload):
    """Somebody's last day of work."""

    event_type: Literal["termination"] = "termination"
    reason: TerminationReason


class PromotionPayload(Payload):
    """Somebody moved up a level; the raise that goes with it is an event of its own."""

    event_type: Literal["promotion"] = "promotion"
    from_level: JobLevel
    to_level: JobLevel
    raise_rate: Rate = Field(description="The raise drawn, before the band's minimum and maximum.")


class RaisePayload(Payload):
    """Pay changed."""

    event_type: Literal["raise"] = "raise"
    kind: RaiseKind
    previous_compensation: Money = Field(gt=0)
    new_compensation: Money = Field(gt=0)
    rate: Rate = Field(description="The rate asked for; less was paid where a band's maximum held it.")


class LeavePayload(Payload):
    """Unpaid leave: pay and hours of the year are prorated."""

    event_type: Literal["leave"] = "leave"
    days: Annotated[int, Field(ge=1, le=366)]


class HoursPayload(Payload):
    """The hours of service of a year, and whether they make a year of service (29 CFR 2530.200b)."""

    event_type: Literal["hours"] = "hours"
    hours: Hours
    year_of_service: bool
