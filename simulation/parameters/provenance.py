"""Where a scenario's values came from: the layers that made it and the layer that set each key.

Knows keys only as dotted text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simulation.parameters.levers import Levers

BASELINE = "baseline"


class Layer(NamedTuple):
    """One file or set of settings laid over those before it; ``digest`` is of its content, SHA-256."""

    origin: str
    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """The layers, first one first, and the origin of each key that one of them set."""

    layers: tuple[Layer, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    levers: Levers | None = None

    def origin_of(self, key: str) -> str:
        """Return what set a key; for a group or table, the last layer that set anything inside it."""
        if key in self.origins:
            return self.origins[key]
        inside = {origin for name, origin in self.origins.items() if name.startswith(key + ".")}
        latest = [layer.origin for layer in self.layers if layer.origin in inside]
        return latest[-1] if latest else BASELINE
