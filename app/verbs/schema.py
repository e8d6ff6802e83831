"""``planwise schema``: the language of events as a JSON Schema, for programs in any language."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from app.verbs.files import write_text
from app.verbs.printing import show, shown_path

EVENTS_EXAMPLE: Final = "Example: planwise schema events --type raise --out raise.schema.json"


def events(
    *,
    event_type: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="Only events of this type, such as raise.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
) -> None:
    """Print one JSON Schema (draft 2020-12) of the events of a log: the envelope and each payload."""
    text = _text(event_type)
    if out is None:
        sys.stdout.write(text)
    else:
        show(shown_path(write_text(text, out)))


def _text(event_type: str | None) -> str:
    """Return the schema.

    Raises:
        InputError: there is no such event type.
    """
    from simulation.errors import InputError, Problem, nearest
    from simulation.events import EVENT_TYPES
    from simulation.events.schema import schema_text

    if event_type is not None and event_type not in EVENT_TYPES:
        known = list(EVENT_TYPES)
        problem = Problem("--type", repr(event_type), ", ".join(known), nearest(event_type, known))
        raise InputError("there is no such event type", problems=[problem])
    return schema_text(event_type)
