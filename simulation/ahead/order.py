"""What a run is made from, as it is sent to the process that lives its years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from simulation.ahead.wire import Message
from simulation.census import Census
from simulation.parameters.restored import restored, told

if TYPE_CHECKING:
    from simulation.parameters import Scenario


def order(scenario: Scenario, census: Census, seeds: Sequence[int]) -> Message:
    """Return what a run is made from, to be sent."""
    said = {
        "scenario": told(scenario),
        "digest": scenario.digest,
        "as_of": census.as_of.isoformat(),
        "source": census.source,
        "seeds": [*seeds],
    }
    return Message(said, [census.frame])


def ordered(message: Message) -> tuple[Scenario, Census, list[int]]:
    """Return what a run is made from, as it was sent."""
    said = message.said
    census = Census(message.frames[0], date.fromisoformat(said["as_of"]), said["source"])
    return restored(said["scenario"], said["digest"]), census, said["seeds"]
