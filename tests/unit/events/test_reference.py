"""docs/events.md is what the models say today."""

from __future__ import annotations

import json
import re

import pytest

from simulation.events import EVENT_TYPES, SimulationEvent
from simulation.events.__main__ import REFERENCE
from simulation.events.description import notes_of
from simulation.events.envelope import Cause
from simulation.events.reference import reference_text

PAGE = REFERENCE.read_text(encoding="utf-8")
MODELS = {
    "the envelope": SimulationEvent,
    "the cause": Cause,
    **{name: kind.payload for name, kind in EVENT_TYPES.items()},
}


def test_the_reference_is_current() -> None:
    assert reference_text() == PAGE, "run: python -m simulation.events"


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_every_field_is_described(model: type[SimulationEvent]) -> None:
    assert not [note.name for note in notes_of(model) if not note.text.endswith(".")]


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_a_section_has_a_row_a_field_and_an_example_that_is_read(event_type: str) -> None:
    section = PAGE.partition(f"### `{event_type}`\n")[2].partition("\n#")[0]
    payload = EVENT_TYPES[event_type].payload
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [note.name for note in notes_of(payload)]
    example = section.partition("```json\n")[2].partition("```")[0]
    assert payload.model_validate(json.loads(example)).model_dump_json(indent=2) == example.strip()
