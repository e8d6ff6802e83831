"""What a gate is: a promise about a year's data, where it is held, and what a breach costs.

Knows no particular gate and no number of any run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import polars as pl

S = TypeVar("S")


class Layer(StrEnum):
    """Between which layers, or within which, a promise is held."""

    CENSUS = "census"
    STATE = "state"
    EVENTS = "events"
    ACCOUNTS = "accounts"
    LIMITS = "limits"
    RELATIONS = "relations"
    DRIFT = "drift"


class Severity(StrEnum):
    """What a breach costs: hard, nothing is sealed; soft, the run is shown with a warning."""

    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Gate(Generic[S]):
    """A hard promise about every row of a subject.

    ``holds`` is the promise; ``offending`` finds the rows that break it: with ``employee_id``, or with
    ``found``, where the promise is about sums.
    """

    name: str
    layer: Layer
    holds: str
    measures: str
    offending: Callable[[S], pl.DataFrame]
