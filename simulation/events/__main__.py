"""Write docs/events.md, the reference of events: ``python -m simulation.events``, after a model changed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from simulation.events.reference import reference_text

REFERENCE: Final = Path(__file__).parents[2] / "docs" / "events.md"

if __name__ == "__main__":
    REFERENCE.write_text(reference_text(), encoding="utf-8")
