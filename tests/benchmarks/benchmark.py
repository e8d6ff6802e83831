"""What a measurement is: its name, its target, and the samples that were taken of it.

Knows nothing of what is measured, nor how results are kept or shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.workshop import Workshop

Samples = Sequence[float]
Take = Callable[["Workshop"], Samples]
"""Measures something, once or several times, and returns every value."""


class Better(Enum):
    """Which way is better."""

    LOWER = "≤"
    HIGHER = "≥"


@dataclass(frozen=True, slots=True)
class Target:
    """What a value has to reach."""

    value: float
    better: Better = Better.LOWER

    def met_by(self, value: float) -> bool:
        """Tell whether a value is as good as the target, or better."""
        return value <= self.value if self.better is Better.LOWER else value >= self.value


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One row of the table. ``quick`` ones take a few seconds at most."""

    name: str
    title: str
    unit: str
    take: Take
    target: Target | None = None
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A benchmark's value: the median of its samples.

    ``calibration`` is what the fixed loop took beside it, in seconds; ``noise`` the distance between the
    samples' extremes as a share of the value, 0 where there was but one.
    """

    benchmark: Benchmark
    value: float
    noise: float
    calibration: float

    @classmethod
    def of(cls, benchmark: Benchmark, samples: Samples, calibration: float) -> Measured:
        """Return what samples come to."""
        value = median(samples)
        noise = (max(samples) - min(samples)) / value if value else 0.0
        return cls(benchmark, value, noise, calibration)

    @property
    def misses(self) -> bool:
        """Whether there is a target that the value does not reach."""
        target = self.benchmark.target
        return target is not None and not target.met_by(self.value)
