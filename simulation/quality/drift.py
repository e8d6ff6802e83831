"""Drift: how far the people of a year end are from those of the census, attribute by attribute.

Two statistics each: the Kolmogorov-Smirnov distance sees a shift anywhere, the stability index one in the
tails and in groups that come up or vanish. Thresholds are the scenario's, raised to what chance makes of few
people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from simulation.dates import year_end
from simulation.distributions import Distribution, Moved
from simulation.quality.attributes import ATTRIBUTES, READ, distributed, of_people
from simulation.quality.subjects import Told
from simulation.roll import Roll
from simulation.state import employed

if TYPE_CHECKING:
    from simulation.parameters.quality import Drift

Between = Callable[[Distribution, Distribution], Any]


class Statistic(NamedTuple):
    """A measure of movement: its name, formula, and what chance alone makes of few people."""

    name: str
    title: str
    moved: Callable[[Distribution, Distribution], Moved]
    by_chance: Callable[[Distribution, Distribution], float]
    where: str


STATISTICS: Final = (
    Statistic(
        "ks",
        "Kolmogorov-Smirnov distance",
        Distribution.kolmogorov_smirnov,
        Distribution.distance_by_chance,
        "up to {at:,}: {before:.1%} in the census, {now:.1%} now",
    ),
    Statistic(
        "psi",
        "population stability index",
        Distribution.stability_index,
        Distribution.index_by_chance,
        "in the group up to {at:,}: {before:.1%} in the census, {now:.1%} now",
    ),
)


class DriftGate(NamedTuple):
    """One attribute under one statistic."""

    attribute: str
    statistic: Statistic

    @property
    def name(self) -> str:
        """Return the gate's name."""
        return f"{self.attribute}_{self.statistic.name}"

    @property
    def key(self) -> str:
        """Return which of the scenario's thresholds is its own."""
        return f"deferral_{self.statistic.name}" if self.attribute == "deferral" else self.statistic.name

    def threshold(self, drift: Drift) -> float:
        """Return the scenario's threshold."""
        return float(getattr(drift, self.key))

    @property
    def holds(self) -> str:
        """Return the promise."""
        return f"the active are distributed as in the census by {ATTRIBUTES[self.attribute]}"


DRIFT_GATES: Final = tuple(DriftGate(name, statistic) for name in ATTRIBUTES for statistic in STATISTICS)


class Measured(NamedTuple):
    """What a drift gate found of one seed: value and threshold, how many people, and where it moved most."""

    seed: int
    gate: DriftGate
    value: float | None
    threshold: float
    people: int
    detail: str

    @property
    def passed(self) -> bool:
        """Return whether the value is within the threshold; of nobody there is nothing to say."""
        return self.value is None or self.value <= self.threshold


PLACES: Final = 6
"""Decimal places of a statistic: the last bits of a logarithm are not the same everywhere."""


def drift(told: Told) -> Iterator[Measured]:
    """Yield how far the active of 31 December are from the census, seed by seed and gate by gate."""
    context, people = told.context, told.closed.people[[*READ]]
    seeds, asked = Roll.of(people).seeds, context.scenario.quality.drift
    active = people.filter(employed())
    values = of_people(active, year_end(context.year), context.structure)
    ends = np.searchsorted(active["seed"].to_numpy(), seeds, side="right").tolist()
    for seed, (first, end) in zip(seeds.tolist(), pairwise([0, *ends]), strict=True):
        if first == end:
            for gate in DRIFT_GATES:
                yield Measured(seed, gate, None, gate.threshold(asked), 0, "nobody is left")
            continue
        now = distributed({name: column[first:end] for name, column in values.items()})
        for gate in DRIFT_GATES:
            before, after = context.census[gate.attribute], now[gate.attribute]
            moved = gate.statistic.moved(before, after)
            threshold = max(gate.threshold(asked), gate.statistic.by_chance(before, after))
            detail = gate.statistic.where.format(**moved._asdict())
            size, most = round(moved.size, PLACES), round(threshold, PLACES)
            yield Measured(seed, gate, size, most, end - first, detail)
