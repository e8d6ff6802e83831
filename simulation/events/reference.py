"""The reference of events in Markdown, made from the models: ``python -m simulation.events`` writes it."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from simulation.events.catalogue import EVENT_TYPES, EventType
from simulation.events.description import FieldNote, notes_of
from simulation.events.envelope import Cause, SimulationEvent
from simulation.events.examples import EXAMPLES
from simulation.events.factories import ROOMS
from simulation.events.factory import STATED_AMOUNT, EventFactory, method_of

HEADING: Final = """\
# Events

Every change to every employee is one of these events. This page is made from their models by
`python -m simulation.events`. The log of a run is `fct_yearly_events` of its store ([store.md](store.md));
`planwise schema events` prints the same language as a JSON Schema, which any other language can read.

Money is in dollars, up to 18 digits with 6 decimal places; rates are shares of one with 4. In JSON both are
texts with all their places (`"61920.000000"`, `"0.0320"`), so that no reader makes them floating-point
numbers. Dates are calendar days (`"2025-07-15"`), times are in UTC.

In Python a factory makes and checks a single event; its id follows from what it says:

```python
from datetime import date

from simulation.events import Occasion, WorkforceEventFactory

workforce = WorkforceEventFactory("baseline", "standard")
workforce.raise_(
    Occasion("E000001", date(2025, 7, 15)),
    kind="merit",
    previous_compensation="60000",
    new_compensation="61920",
    rate="0.032",
)
```
"""

_COLUMNS: Final = "| field | what it is | unit | allowed |\n|---|---|---|---|"


def reference_text() -> str:
    """Return the reference: taxonomy, envelope, and each event type with its fields and an example."""
    sections = [HEADING, _taxonomy(), _envelope(), *(_room(room) for room in ROOMS)]
    return "\n".join(sections)


def _taxonomy() -> str:
    lines = ["## Taxonomy\n", "| room | event types | factory |", "|---|---|---|"]
    for room in ROOMS:
        names = ", ".join(f"[`{kind.name}`](#{kind.name})" for kind in _kinds(room))
        lines.append(f"| {_title(room)} | {names} | `{room.__name__}` |")
    return "\n".join(lines) + "\n"


def _envelope() -> str:
    example = EXAMPLES["raise"].model_dump_json(indent=2)
    return f"""## Every event

{_sentence(SimulationEvent)}

{_fields(SimulationEvent)}

`cause`: {_sentence(Cause)}

{_fields(Cause)}

```json
{example}
```
"""


def _room(room: type[EventFactory]) -> str:
    return f"## {_title(room)}\n\n{_sentence(room)}\n\n" + "\n".join(_section(kind) for kind in _kinds(room))


def _section(kind: EventType) -> str:
    example = EXAMPLES[kind.name]
    return f"""### `{kind.name}`

{_sentence(kind.payload)} Type number {kind.number}.

{_fields(kind.payload)}

{_amount(kind)}

```json
{example.payload.model_dump_json(indent=2)}
```
"""


def _amount(kind: EventType) -> str:
    amount = EXAMPLES[kind.name].amount
    if amount is None:
        return "No amount. Example:"
    rule = "is stated" if kind.name in STATED_AMOUNT else "follows from the payload"
    return f"The amount {rule}; in the example it is {amount}:"


def _kinds(room: type[EventFactory]) -> list[EventType]:
    return [kind for name, kind in EVENT_TYPES.items() if hasattr(room, method_of(name))]


def _title(room: type[EventFactory]) -> str:
    return (room.__doc__ or "").partition(":")[0]


def _sentence(model: type) -> str:
    return " ".join((model.__doc__ or "").split())


def _fields(model: type[BaseModel]) -> str:
    rows = [_row(note) for note in notes_of(model)]
    return "\n".join([_COLUMNS, *rows]) if rows else "Nothing beside its type."


def _row(note: FieldNote) -> str:
    return f"| `{note.name}` | {note.text}{_choices(note)} | {note.unit} | {note.allowed} |"


def _choices(note: FieldNote) -> str:
    """Return what the choices' own type says of them beyond its first line."""
    said = (note.type.__doc__ or "").partition("\n")[2] if note.choices else ""
    return f" {' '.join(said.split())}".rstrip()
