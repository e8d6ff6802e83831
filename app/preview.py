"""The effect of a tuned scenario, worked out here while a slider moves: one seed, a sample of people.

It is the model itself that runs, on fewer people; results are kept by the digests of what went in, so going
back to a value costs nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, TypeVar

import polars as pl

from simulation.census import Census, read_census
from simulation.parameters import Scenario
from simulation.run import run

K = TypeVar("K")
V = TypeVar("V")

SAMPLE: Final = 2_000
KEPT: Final = 256
LINES: Final = ("base", "tuned")
METRICS: Final = ("headcount_end", "total_compensation", "average_compensation")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a preview shows, and what it rests on."""

    frame: pl.DataFrame
    """One row a year and metric: simulation_year, metric, base, tuned, difference (of the sample)."""
    people: int
    of: int
    seed: int

    def lines(self, metric: str) -> pl.DataFrame:
        """Return a metric of base and tuned as runs' values: scenario, seed, simulation_year, value."""
        rows = self.frame.filter(pl.col("metric") == metric).with_columns(pl.lit(self.seed).alias("seed"))
        lines = rows.unpivot(
            LINES, index=["seed", "simulation_year"], variable_name="scenario", value_name="value"
        )
        return lines.select("scenario", "seed", "simulation_year", "value")

    @property
    def said(self) -> str:
        """Return what the numbers rest on, for a reader."""
        who = f"all {self.of:,}" if self.people == self.of else f"a sample of {self.people:,} of {self.of:,}"
        return f"{who} people, 1 seed ({self.seed})"


class Previewer:
    """Runs previews for all sessions; censuses and results are shared, for both never change."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._lock = Lock()
        self._samples: OrderedDict[tuple[Path, int], tuple[Census, int]] = OrderedDict()
        self._results: OrderedDict[tuple[str, str, int], pl.DataFrame] = OrderedDict()

    def preview(self, base: Scenario, tuned: Scenario, census: Path, seed: int) -> Preview:
        """Return base and tuned side by side over the years.

        Raises:
            PlanWiseError: the census cannot be read, or the run broke a promise.
        """
        people, of = self._sample(census)
        before = self._summary(base, people, seed).rename({"value": "base"})
        after = self._summary(tuned, people, seed).rename({"value": "tuned"})
        frame = before.join(after, on=["simulation_year", "metric"], maintain_order="left")
        difference = (pl.col("tuned") - pl.col("base")).alias("difference")
        return Preview(frame.with_columns(difference), people.headcount, of, seed)

    def _sample(self, path: Path) -> tuple[Census, int]:
        key = (path, path.stat().st_mtime_ns)
        with self._lock:
            if key not in self._samples:
                whole = read_census(path)
                _keep(self._samples, key, (stratified(whole, SAMPLE), whole.headcount), limit=4)
            return self._samples[key]

    def _summary(self, scenario: Scenario, census: Census, seed: int) -> pl.DataFrame:
        key = (scenario.digest, census.digest, seed)
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
        summary = pl.concat(record.summary for record in run(scenario, census, [seed]))
        result = summary.filter(pl.col("metric").is_in(METRICS)).select(
            "simulation_year", "metric", pl.col("value").cast(pl.Float64)
        )
        with self._lock:
            _keep(self._results, key, result, limit=KEPT)
        return result


def stratified(census: Census, people: int) -> Census:
    """Return a census of about so many people, with each level and service band in its share.

    Every k-th person is taken in the order of level, hire date and id: no draw, so always the same people.
    """
    if census.headcount <= people:
        return census
    order = census.frame.sort("job_level", "hire_date", "employee_id").with_row_index("place")
    share = people / census.headcount
    taken = ((pl.col("place") + 1) * share).floor() > (pl.col("place") * share).floor()
    source = f"a sample of {census.source}"
    return Census(order.filter(taken).drop("place"), census.as_of, source, census.notes)


def _keep(kept: OrderedDict[K, V], key: K, value: V, *, limit: int) -> None:
    kept[key] = value
    while len(kept) > limit:
        kept.popitem(last=False)
