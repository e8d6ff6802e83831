"""One event as outside programs see it: who, when, what, and because of what."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulation.events.fields import Money
from simulation.events.language import AnyPayload

Name = Annotated[str, Field(min_length=1)]


class Cause(BaseModel):
    """The rule behind an event, and for a stochastic one its probability and its draw."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    rule: Name
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    draw: Annotated[float, Field(ge=0, lt=1)] | None = None


class SimulationEvent(BaseModel):
    """An immutable, explained change to one employee."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    event_id: UUID
    employee_id: Name
    scenario_id: Name
    plan_design_id: Name
    simulation_year: Annotated[int, Field(ge=1900, le=2200)]
    effective_date: date
    event_sequence: Annotated[int, Field(ge=1)]
    amount: Money | None = Field(None, description="The event's money: new pay, or the change of it.")
    payload: AnyPayload
    cause: Cause
    created_at: datetime

    @property
    def event_type(self) -> str:
        """Return the payload's type."""
        return self.payload.event_type

    @model_validator(mode="after")
    def _inside_its_year(self) -> SimulationEvent:
        if self.payload.event_type != "census" and self.effective_date.year != self.simulation_year:
            msg = f"effective date {self.effective_date} is outside simulation year {self.simulation_year}"
            raise ValueError(msg)
        return self
