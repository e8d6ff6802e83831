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

    rule: Name = Field(description="Parameter or step of the model that decided.")
    probability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        None, description="Probability of the event; none: nothing was drawn."
    )
    draw: Annotated[float, Field(ge=0, lt=1)] | None = Field(
        None, description="The draw that was held against the probability."
    )


class SimulationEvent(BaseModel):
    """An immutable, explained change to one employee."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    event_id: UUID = Field(description="A function of the event's content and its run.")
    employee_id: Name = Field(description="Whom it happened to.")
    scenario_id: Name = Field(description="Scenario of the run.")
    plan_design_id: Name = Field(description="Plan design of the run.")
    simulation_year: Annotated[int, Field(ge=1900, le=2200)] = Field(
        description="Calendar year of the effective date; for genesis the year before the run."
    )
    effective_date: date = Field(description="Day on which it happened.")
    event_sequence: Annotated[int, Field(ge=1)] = Field(
        description="Place in the run: by date, phase and employee."
    )
    amount: Money | None = Field(
        None, description="The event's money: pay of who comes, change of pay, what moved in an account."
    )
    payload: AnyPayload = Field(description="What happened.")
    cause: Cause = Field(description="The rule behind it.")
    created_at: datetime = Field(description="When the run started, or the event was made.")

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
