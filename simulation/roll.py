"""The roll of everybody that a state knows: at which row somebody stands, and who stands there.

People are numbered without gaps within a seed and stand in that order, so that looking somebody up is
arithmetic. Who proves a year takes no event for granted, as ``state.rows_of`` may: whom the roll does not
know stands behind everybody else, at ``nobody``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, Self

import numpy as np
import polars as pl

from simulation.state import KEYS, Seeds, counts_in_order, seed_places

if TYPE_CHECKING:
    from simulation.rules.rounding import Whole

_NAME: Final = [*KEYS, "employee_id"]
"""What names somebody in a report."""

NOBODY: Final = pl.DataFrame(schema=dict(zip(_NAME, (pl.UInt64, pl.Int32, pl.String), strict=True)))
"""What names people where there are none."""


class Roll(NamedTuple):
    """The people of a state, and where each seed's begin (``first``, with the end behind the last)."""

    people: pl.DataFrame
    seeds: Seeds
    first: Whole

    @classmethod
    def of(cls, people: pl.DataFrame) -> Self:
        """Call people who are sorted by seed and number."""
        seeds = people["seed"].to_numpy()
        begins = np.flatnonzero(np.append(True, seeds[1:] != seeds[:-1])[: len(seeds)])
        return cls(people, seeds[begins], np.append(begins, len(seeds)))

    @property
    def nobody(self) -> int:
        """Return the row of whom the roll does not know: one behind the last."""
        return self.people.height

    def seeds_of(self, rows: pl.DataFrame) -> Whole:
        """Return which of the seeds, from nought, each row belongs to; their number for another seed."""
        return seed_places(self.seeds, rows["seed"].to_numpy())

    def rows_of(self, rows: pl.DataFrame) -> Whole:
        """Return the row of people that each row is about."""
        numbers, counts = rows["person"].to_numpy(), counts_in_order(self.seeds, rows["seed"].to_numpy())
        if counts is not None and self._have(counts, numbers):
            return np.asarray(np.repeat(self.first[:-1], counts) + numbers)
        seeds = self.seeds_of(rows)
        begins, seed = np.append(self.first, self.nobody), seeds if seeds.any() else 0
        places = begins[seed] + numbers
        return np.where((numbers >= 0) & (places < begins[seed + 1]), places, self.nobody)

    def _have(self, counts: Whole, numbers: Whole) -> bool:
        """Return whether somebody has each number, so many of them of each seed."""
        there = counts > 0
        begins, people = (np.cumsum(counts) - counts)[there], np.diff(self.first)[there]
        return not len(begins) or bool(
            (np.minimum.reduceat(numbers, begins) >= 0).all()
            and (np.maximum.reduceat(numbers, begins) < people).all()
        )

    def named(self, rows: Whole) -> pl.DataFrame:
        """Return what names who stands at some rows; ``nobody`` has no name."""
        if not len(rows):
            return NOBODY
        behind = self.people[_NAME].clear(1) if self.nobody in rows else self.people[_NAME].clear()
        return named(pl.concat([self.people[_NAME], behind]), rows)


def named(frame: pl.DataFrame, rows: Whole) -> pl.DataFrame:
    """Return what names the people of some rows; most often there are none."""
    return frame[_NAME][rows] if len(rows) else NOBODY
