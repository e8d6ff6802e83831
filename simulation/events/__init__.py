"""The language of events: payload models, the envelope, the catalogue of types and the factories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.events.catalogue import EVENT_TYPES, columns, empty
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
from simulation.homes import from_homes

if TYPE_CHECKING:
    from simulation.events.envelope import Cause, SimulationEvent
    from simulation.events.factories import (
        DCPlanEventFactory,
        PlanAdministrationEventFactory,
        WorkforceEventFactory,
    )
    from simulation.events.factory import EventFactory, Occasion

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

# What makes single events: a run writes frames.
__getattr__ = from_homes(
    __name__,
    {
        "Cause": "envelope",
        "DCPlanEventFactory": "factories",
        "EventFactory": "factory",
        "Occasion": "factory",
        "PlanAdministrationEventFactory": "factories",
        "SimulationEvent": "envelope",
        "WorkforceEventFactory": "factories",
    },
)
