"""The language of events: payload models, the envelope, the catalogue of types and the factories."""

from __future__ import annotations

from simulation.events.catalogue import EVENT_TYPES, columns, empty
from simulation.events.envelope import Cause, SimulationEvent
from simulation.events.factories import (
    DCPlanEventFactory,
    PlanAdministrationEventFactory,
    WorkforceEventFactory,
)
from simulation.events.factory import EventFactory, Occasion
from simulation.events.workforce import (
    CensusPayload,
    EmployeeClass,
    HirePayload,
    HoursPayload,
    LeavePayload,
    PromotionPayload,
    RaiseKind,
    RaisePayload,
    RehirePayload,
    TerminationPayload,
    TerminationReason,
)

__all__ = [
    "EVENT_TYPES",
    "Cause",
    "CensusPayload",
    "DCPlanEventFactory",
    "EmployeeClass",
    "EventFactory",
    "HirePayload",
    "HoursPayload",
    "LeavePayload",
    "Occasion",
    "PlanAdministrationEventFactory",
    "PromotionPayload",
    "RaiseKind",
    "RaisePayload",
    "RehirePayload",
    "SimulationEvent",
    "TerminationPayload",
    "TerminationReason",
    "WorkforceEventFactory",
    "columns",
    "empty",
]
