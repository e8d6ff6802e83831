"""Single events made and checked one at a time: for APIs, tests and imports, never for volume."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from simulation.events.catalogue import EVENT_TYPES
from simulation.events.envelope import Cause, SimulationEvent

_NAMESPACE = uuid.UUID("5a1c3a0e-5f6e-4f0c-9d55-6a6d1b0f7c11")


class EventFactory:
    """Makes events of one scenario and plan design, with ids that follow from what they say."""

    def __init__(self, scenario_id: str, plan_design_id: str) -> None:
        """Take what every event of a run must carry."""
        self._scenario_id = scenario_id
        self._plan_design_id = plan_design_id

    def create(  # noqa: PLR0913  an event has this many parts
        self,
        event_type: str,
        employee_id: str,
        effective_date: date,
        payload: Mapping[str, Any],
        *,
        sequence: int = 1,
        amount: Decimal | None = None,
        rule: str = "stated",
        created_at: datetime | None = None,
    ) -> SimulationEvent:
        """Return a validated event.

        Raises:
            pydantic.ValidationError: a field is missing, unknown or out of bounds.
            KeyError: there is no such event type.
        """
        body = EVENT_TYPES[event_type].payload.model_validate({**payload, "event_type": event_type})
        words = [self._scenario_id, employee_id, effective_date, sequence, body.model_dump_json()]
        return SimulationEvent(
            event_id=uuid.uuid5(_NAMESPACE, "\n".join(map(str, words))),
            employee_id=employee_id,
            scenario_id=self._scenario_id,
            plan_design_id=self._plan_design_id,
            simulation_year=effective_date.year,
            effective_date=effective_date,
            event_sequence=sequence,
            amount=amount,
            payload=body,
            cause=Cause(rule=rule),
            created_at=created_at or datetime.now(UTC),
        )
