"""The workforce's events: what each one says, field by field, with units.

These models are the language; the engines make the same fields as frame columns (see ``fields``). They
know nothing of how an event is decided or stored.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from simulation.events.fields import Hours, JobLevel, Money, Rate, Rating, Share
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

    birth_date: date = Field(description="Day of birth.")
    hire_date: date = Field(description="First day of work.")
    department: str = Field(description="Where the work is done.")
    job_level: JobLevel = Field(description="Level of the job, 1 the lowest.")
    annual_compensation: Money = Field(gt=0, description="Base pay a year for the scheduled hours.")
    scheduled_hours: Hours = Field(description="Hours a year; 2,080 is full time by default.")
    performance_rating: Rating | None = Field(None, description="Rating, 5 the best; none: not rated.")
    employee_class: EmployeeClass = Field(
        EmployeeClass.REGULAR, description="What decides whether a plan may cover somebody."
    )

    @property
    def implied_amount(self) -> Decimal:
        """Return the pay a year that somebody comes with."""
        return self.annual_compensation


class CensusPayload(Person):
    """Genesis: an employee as the census has them, so that the log alone rebuilds everything."""

    event_type: Literal["census"] = "census"
    ownership: Share = Field(description="Share of the employer that is owned, without attribution.")
    is_officer: bool = Field(description="Officer of the employer (key employees, section 416(i)).")
    family_of: str | None = Field(None, description="Employee id of an owner in the family (section 318).")
    prior_year_compensation: Money | None = Field(None, ge=0, description="Plan compensation, year before.")
    deferral: Share | None = Field(None, description="Pre-tax election as a share of pay; none: never made.")
    roth_deferral: Share | None = Field(None, description="Roth election as a share of pay.")
    balance_pre_tax: Money = Field(ge=0, description="Balance of pre-tax deferrals at the census date.")
    balance_roth: Money = Field(ge=0, description="Balance of Roth deferrals at the census date.")
    balance_match: Money = Field(ge=0, description="Balance of match at the census date.")
    balance_nonelective: Money = Field(ge=0, description="Balance of nonelective money at the census date.")


class HirePayload(Person):
    """A requisition slot was filled."""

    event_type: Literal["hire"] = "hire"
    slot: int = Field(ge=1, description="n-th requisition of its year and level.")


class RehirePayload(Payload):
    """A former employee came back; earlier service is restored."""

    event_type: Literal["rehire"] = "rehire"
    annual_compensation: Money = Field(gt=0, description="Base pay a year from now on.")
    service_date: date = Field(description="Hire date, moved on by the length of the break.")

    @property
    def implied_amount(self) -> Decimal:
        """Return the pay a year that somebody comes back with."""
        return self.annual_compensation


class TerminationPayload(Payload):
    """Somebody's last day of work."""

    event_type: Literal["termination"] = "termination"
    reason: TerminationReason = Field(description="Why.")


class PromotionPayload(Payload):
    """Somebody moved up a level; the raise that goes with it is an event of its own."""

    event_type: Literal["promotion"] = "promotion"
    from_level: JobLevel = Field(description="Level until the day before.")
    to_level: JobLevel = Field(description="Level from the event's date on.")
    raise_rate: Rate = Field(description="The raise drawn, before the band's minimum and maximum.")


class RaisePayload(Payload):
    """Pay changed."""

    event_type: Literal["raise"] = "raise"
    kind: RaiseKind = Field(description="What for.")
    previous_compensation: Money = Field(gt=0, description="Base pay a year until the day before.")
    new_compensation: Money = Field(gt=0, description="Base pay a year from the event's date on.")
    rate: Rate = Field(description="The rate asked for; less was paid where a band's maximum held it.")

    @property
    def implied_amount(self) -> Decimal:
        """Return by how much pay a year changed."""
        return self.new_compensation - self.previous_compensation


class LeavePayload(Payload):
    """Unpaid leave: pay and hours of the year are prorated."""

    event_type: Literal["leave"] = "leave"
    days: Annotated[int, Field(ge=1, le=366)] = Field(description="Calendar days, from the event's date on.")


class HoursPayload(Payload):
    """The hours of service of a year, and whether they make a year of service (29 CFR 2530.200b)."""

    event_type: Literal["hours"] = "hours"
    hours: Hours = Field(description="Hours of service in the year.")
    year_of_service: bool = Field(description="Whether they make a year of service.")
