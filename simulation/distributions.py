"""How far a workforce has moved from its census: the Kolmogorov-Smirnov distance and the stability index.

Knows numbers, not what they measure. NumPy alone: loading ``scipy.stats`` takes as long as simulating a year,
and its p-values say nothing here, for two workforces of thousands differ significantly whatever happens; a
distance has a size.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt
from typing import Final, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from simulation.rules.rounding import Whole

Shares = npt.NDArray[np.float64]

BINS: Final = 10
"""The stability index compares the shares of deciles: N. Siddiqi, Credit Risk Scorecards (Wiley 2006)."""

PRIOR: Final = 0.5
"""People added to each bin (Jeffreys' prior), so that an empty one does not make the index infinite."""

BY_CHANCE: Final = 0.01
"""How seldom two samples of one population differ by more than what is said to be due to chance."""

_CHI_SQUARED: Final = (6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090, 21.666)
"""What chi-squared variables of 1 to 9 degrees of freedom exceed once in a hundred times."""


class Moved(NamedTuple):
    """How far a distribution has moved, and where most: the value or bin, and the shares there.

    For the distance a share is of all up to ``at``; for the index, of the bin that ends at ``at``.
    """

    size: float
    at: int
    before: float
    now: float


@dataclass(frozen=True)
class Distribution:
    """Whole numbers, ascending, and how many people have each."""

    values: Whole
    count: Whole

    @classmethod
    def of(cls, values: Whole) -> Self:
        """Return the distribution of some values, one a person; at least one."""
        return cls(*np.unique(values, return_counts=True))

    @cached_property
    def people(self) -> int:
        """Return how many people there are."""
        return int(self.count.sum())

    @cached_property
    def edges(self) -> Whole:
        """Return the highest values of all bins but the last: deciles, those that fall together once."""
        ranks = -(-self.people * np.arange(1, BINS) // BINS)
        edges = np.unique(self.values[np.searchsorted(self._running[1:], ranks)])
        return np.asarray(edges[edges < self.values[-1]])

    def kolmogorov_smirnov(self, later: Distribution) -> Moved:
        """Return the largest gap between two cumulative shares.

        ``D = max |F(x) - G(x)|`` over every value x of either; F is this one's, G the later one's. Source:
        N. Smirnov, Ann. Math. Stat. 19 (1948) 279.
        """
        return max(self._gap(later, self.values), self._gap(later, later.values))

    def stability_index(self, later: Distribution) -> Moved:
        """Return the population stability index over the bins of this distribution.

        ``PSI = sum (q - p) ln(q / p)`` with ``p = (n + 1/2) / (N + B/2)`` for n of N people in one of B
        bins, and ``q`` likewise of the later distribution.
        """
        edges = self.edges
        before, now = self._own_shares, _shares(later._in_bins(edges))
        parts = (now - before) * np.log(now / before)
        most = int(np.argmax(parts))
        ends = np.append(edges, max(self.values[-1], later.values[-1]))
        return Moved(float(parts.sum()), int(ends[most]), float(before[most]), float(now[most]))

    def distance_by_chance(self, later: Distribution) -> float:
        """Return the distance that chance alone would seldom make: ``sqrt(-ln(a/2) / 2) sqrt(1/N + 1/M)``.

        The limit of Smirnov's distribution, which independent samples have; people who stay move it less.
        """
        return sqrt(-log(BY_CHANCE / 2) / 2) * sqrt(1 / self.people + 1 / later.people)

    def index_by_chance(self, later: Distribution) -> float:
        """Return the index that chance alone would seldom make; of a single bin, nought.

        The index is about ``1/N + 1/M`` times a chi-squared variable of one degree less than bins. Source:
        B. Yurdakul and J. Naranjo, Statistical properties of the population stability index, Journal of Risk
        Model Validation 14 (2020).
        """
        freedom = len(self.edges)
        return _CHI_SQUARED[freedom - 1] * (1 / self.people + 1 / later.people) if freedom else 0.0

    def _gap(self, later: Distribution, points: Whole) -> Moved:
        before, now = self._up_to(points), later._up_to(points)
        gaps = np.abs(now - before)
        place = int(np.argmax(gaps))
        return Moved(float(gaps[place]), int(points[place]), float(before[place]), float(now[place]))

    def _up_to(self, points: Whole) -> Shares:
        """Return the share of people whose value is at most each of some points."""
        if points is self.values:
            return np.asarray(self._running[1:] / self.people)
        reached = self._running[np.searchsorted(self.values, points, side="right")]
        return np.asarray(reached / self.people)

    @cached_property
    def _running(self) -> Whole:
        """Return how many people are below all values, which is nobody, and at most at each value."""
        return np.concatenate([[0], np.cumsum(self.count)])

    @cached_property
    def _own_shares(self) -> Shares:
        """Return the shares of its own bins."""
        return _shares(self._in_bins(self.edges))

    def _in_bins(self, edges: Whole) -> Whole:
        """Return how many people are in each bin: above the edge before it and up to its own."""
        bins = np.searchsorted(edges, self.values, side="left")
        return np.bincount(bins, weights=self.count, minlength=len(edges) + 1).astype(np.int64)


def _shares(people: Whole) -> Shares:
    return np.asarray((people + PRIOR) / (people.sum() + PRIOR * len(people)))
