"""How numbers stand on an axis: in millions, in per cent, and at round steps. For screen and paper alike."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from simulation.metrics import Unit

BILLION: Final = "billion dollars"
MILLION: Final = "million dollars"
DOLLARS: Final = "dollars"
PEOPLE: Final = "people"
PER_CENT: Final = "%"

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
"""Steps that are easily counted in, each times a power of ten."""


class Scale(NamedTuple):
    """What the numbers are divided by, and what that is called."""

    divisor: float
    label: str


def scale(unit: Unit, peak: float) -> Scale:
    """Return the scale for numbers up to a peak; its label says the unit, so that the ticks need none."""
    if unit is Unit.RATE:
        return Scale(0.01, PER_CENT)
    if unit is Unit.PEOPLE:
        return Scale(1.0, PEOPLE)
    for divisor, label in ((1e9, BILLION), (1e6, MILLION)):
        if abs(peak) >= divisor:
            return Scale(divisor, label)
    return Scale(1.0, DOLLARS)


def round_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return at most so many round numbers, evenly apart, that reach from ``low`` to ``high`` or further."""
    size = max(abs(low), abs(high), _LEAST)
    reach = high - low if high - low > size * _FLAT else size
    power = 10.0 ** math.floor(math.log10(reach / (most - 1)))
    for times in (*_ROUND, 20.0, 50.0):
        step = times * power
        first, last = math.floor(low / step + _HAIR), math.ceil(high / step - _HAIR)
        if last == first:
            last += 1
        if last - first < most:
            return [round(tick * step, 10) for tick in range(first, last + 1)]
    return [low, high]


_HAIR: Final = 1e-9
_FLAT: Final = 1e-6
"""What part of the numbers themselves their span may be and still count as none."""

_LEAST: Final = 0.001
