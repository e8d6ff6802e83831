"""The chance of a generated census: keyed draws of its people, read off tables.

Every draw is a function of seed and person, so nobody depends on how many others there are. Broken lines
are sums and products only. Knows nothing of what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto
from typing import Final

import numpy as np
import numpy.typing as npt

from simulation.rng import Purpose, uniform_array

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Knots = tuple[float, ...]

_DRAW_YEAR: Final = 0
"""People do not change with the as-of date, only their dates do."""


class Draw(IntEnum):
    """What tells the draws of one person apart: append only, or every generated census changes."""

    LEVEL = auto()
    AGE = auto()
    SERVICE = auto()
    DEPARTMENT = auto()
    PAY = auto()
    PART_TIME = auto()
    HOURS = auto()
    CLASS = auto()
    RATING = auto()
    OFFICER = auto()
    FOUNDERS = auto()
    RAISE = auto()
    JOIN = auto()
    STOPPED = auto()
    DEFERRAL = auto()
    ROTH = auto()
    ROTH_ALL = auto()
    YEARS_SAVED = auto()
    LUCK = auto()


@dataclass(frozen=True)
class People:
    """The people's keys and the seed: the only source of chance here."""

    keys: npt.NDArray[np.uint64]
    seed: int

    def draw(self, what: Draw) -> Floats:
        """Return one number in [0, 1) a person."""
        return uniform_array(self.seed, Purpose.CENSUS_GENERATE, _DRAW_YEAR, self.keys, int(what))

    def pick(self, what: Draw, shares: Knots) -> Whole:
        """Return 0, 1, 2 … with those shares."""
        return band(np.cumsum(shares)[:-1], self.draw(what))


def whole(values: Floats) -> Whole:
    """Return the nearest whole numbers of values that are not negative, halves up."""
    return np.floor(values + 0.5).astype(np.int64)


def band(bounds: Floats, values: Floats) -> Whole:
    """Return how many of the rising bounds a value has reached."""
    return np.searchsorted(bounds, values, side="right").astype(np.int64)


def line(at: Knots, height: Knots, values: Floats) -> Floats:
    """Return the height of a broken line at values, flat beyond its ends.

    Not ``np.interp``: a C compiler may fuse its product and sum, and one bit in a billion draws would then
    depend on the machine.
    """
    return line_by_row(at, (height,), np.zeros(len(values), dtype=np.int64), values)


def line_by_row(at: Knots, heights: tuple[Knots, ...], row: Whole, values: Floats) -> Floats:
    """Return the height of the row's own broken line at its value."""
    knots, grid = np.array(at), np.array(heights)
    inside = np.clip(values, knots[0], knots[-1])
    left = np.clip(band(knots, inside) - 1, 0, len(knots) - 2)
    slope = (grid[row, left + 1] - grid[row, left]) / (knots[left + 1] - knots[left])
    height: Floats = grid[row, left] + (inside - knots[left]) * slope
    return height
