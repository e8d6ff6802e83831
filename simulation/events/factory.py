"""Single events made and checked one at a time: for APIs, tests and imports, never for volume."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from inspect import Parameter, Signature
from keyword import iskeyword
from typing import Any, Concatenate, Final, ParamSpec

from simulation.events.description import FieldNote, notes_of
from simulation.events.envelope import Cause, SimulationEvent
from simulation.events.language import AnyPayload

P = ParamSpec("P")

_NAMESPACE: Final = uuid.UUID("5a1c3a0e-5f6e-4f0c-9d55-6a6d1b0f7c11")

STATED_AMOUNT: Final = frozenset({"contribution", "loan_default"})
"""The event types whose amount does not follow from the payload."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What every event says beside its payload: to whom, when, at which place of the log, by which rule.

    ``probability`` and ``draw`` are for a stochastic rule. ``amount`` (dollars) is for a contribution and a
    loan default; every other amount follows from the payload. ``created_at`` is now if it is not given.
    """

    employee_id: str
    effective_date: date
    sequence: int = 1
    rule: str = "stated"
    probability: float | None = None
    draw: float | None = None
    amount: Decimal | None = None
    created_at: datetime | None = None


class EventFactory:
    """Makes events of one scenario and plan design, with ids that follow from what they say."""

    def __init__(self, scenario_id: str, plan_design_id: str) -> None:
        """Take what every event of a run must carry."""
        self._scenario_id = scenario_id
        self._plan_design_id = plan_design_id

    def create(self, on: Occasion, payload: AnyPayload) -> SimulationEvent:
        """Return a validated event; equal content gives an equal id, whenever it was made.

        Raises:
            pydantic.ValidationError: a part of the occasion, or a name of the factory, is out of bounds.
            ValueError: the amount is missing, or another one than the payload says; the plan is another one.
        """
        if getattr(payload, "plan_id", self._plan_design_id) != self._plan_design_id:
            raise ValueError(f"the payload is of another plan than {self._plan_design_id!r}")
        cause = Cause(rule=on.rule, probability=on.probability, draw=on.draw)
        amount = _amount(on, payload)
        words = [
            self._scenario_id,
            self._plan_design_id,
            on.employee_id,
            on.effective_date,
            on.sequence,
            amount,
        ]
        said = "\n".join([*map(str, words), cause.model_dump_json(), payload.model_dump_json()])
        return SimulationEvent(
            event_id=uuid.uuid5(_NAMESPACE, said),
            employee_id=on.employee_id,
            scenario_id=self._scenario_id,
            plan_design_id=self._plan_design_id,
            simulation_year=on.effective_date.year,
            effective_date=on.effective_date,
            event_sequence=on.sequence,
            amount=amount,
            payload=payload,
            cause=cause,
            created_at=on.created_at or datetime.now(UTC),
        )


def _amount(on: Occasion, payload: AnyPayload) -> Decimal | None:
    if payload.event_type in STATED_AMOUNT:
        if on.amount is None:
            raise ValueError(f"a {payload.event_type} needs the amount of its occasion, in dollars")
        return on.amount
    implied = payload.implied_amount
    if on.amount not in {None, implied}:
        raise ValueError(f"the amount of this {payload.event_type} is {implied}, not {on.amount}")
    return implied


def method_of(event_type: str) -> str:
    """Return what a factory calls the method of an event type: ``raise`` is a word of Python's."""
    return f"{event_type}_" if iskeyword(event_type) else event_type


def event_of(payload: Callable[P, AnyPayload]) -> Callable[Concatenate[Any, Occasion, P], SimulationEvent]:
    """Return a factory's method for one payload model: it takes an occasion and the payload's fields by name.

    Signature and docstring are made from the model, so that a field is described once.
    """

    def make(factory: EventFactory, on: Occasion, /, *args: P.args, **fields: P.kwargs) -> SimulationEvent:
        return factory.create(on, payload(*args, **fields))

    make.__name__ = method_of(payload.model_fields["event_type"].default)  # type: ignore[attr-defined]
    notes = notes_of(payload)  # type: ignore[arg-type]  # it is a class of payloads
    make.__doc__ = _docstring(payload, notes)
    make.__signature__ = _signature(notes)  # type: ignore[attr-defined]  # what ``inspect`` and ``help`` read
    return make


def _signature(notes: tuple[FieldNote, ...]) -> Signature:
    fields = (
        Parameter(
            note.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if note.required else note.default,
            annotation=note.type,
        )
        for note in notes
    )
    factory = Parameter("self", Parameter.POSITIONAL_ONLY)
    on = Parameter("on", Parameter.POSITIONAL_ONLY, annotation=Occasion)
    return Signature([factory, on, *fields], return_annotation=SimulationEvent)


def _docstring(payload: Callable[..., AnyPayload], notes: tuple[FieldNote, ...]) -> str:
    fields = "\n".join(f"    {note.name}: {note.text} Unit: {note.unit}; {note.allowed}." for note in notes)
    return f"""{payload.__doc__}

Args:
    on: To whom, when and why it happened.
{fields}

Raises:
    pydantic.ValidationError: A field is missing, unknown, out of bounds or has too many decimal places.
    ValueError: The amount or the plan is not the payload's.
"""
