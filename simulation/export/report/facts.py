"""What a report is made from: the runs, what was asked of them, and what their plans' tests found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from simulation.metrics import METRICS
from simulation.query import Sweep
from simulation.query.paired import Comparison, baseline_of, comparison
from simulation.query.plan_tests import TestedRuns, tested_runs


@dataclass(frozen=True)
class Asked:
    """What was asked for, as far as whoever began the runs wrote it down."""

    title: str
    """What the report is of: a sweep's name."""
    made: datetime
    """When the report is made, in UTC."""
    made_by: str
    begun: datetime | None = None
    """When the sweep was begun, in UTC."""
    runs_asked: int | None = None
    """How many runs were asked for; none where nothing says so."""
    is_running: bool = False
    missing: tuple[tuple[str, int], ...] = ()
    """Runs that are not there, as scenario and seed."""
    failed: Mapping[tuple[str, int], str] = field(default_factory=lambda: MappingProxyType({}))
    """Of these, those that failed, and why."""
    order: tuple[str, ...] = ()
    """The scenarios as they were asked for, of those that have runs."""
    commands: tuple[str, ...] = ()
    """What makes the runs again."""


MOST_SCENARIOS: Final = 24
"""Scenarios that a report tells of: a design may have thousands, and nobody reads thousands of tables."""


@dataclass(frozen=True)
class Facts:
    """All that a report tells of; every section picks from it."""

    sweep: Sweep
    """The runs of the scenarios that are told of."""
    asked: Asked
    base: str
    runs_done: int
    """Runs of all scenarios, those that are left out too."""
    left_out: int
    """Scenarios that are left out, for there are too many."""
    with_tests: bool

    @classmethod
    def of(cls, sweep: Sweep, asked: Asked, baseline: str | None, *, with_tests: bool) -> Facts:
        """Return the facts of runs.

        Raises:
            QueryError: there is no such baseline.
        """
        alone = len(sweep.scenarios) == 1 and baseline in {None, *sweep.scenarios}
        base = sweep.scenarios[0] if alone else baseline_of(sweep, baseline)
        names = list(dict.fromkeys([base, *asked.order, *sweep.scenarios]))
        told = _only(sweep, names[:MOST_SCENARIOS])
        return cls(told, asked, base, sweep.runs.height, len(names[MOST_SCENARIOS:]), with_tests)

    @cached_property
    def tested(self) -> TestedRuns | None:
        """Return what the tests of the plans found; none where they were not asked for."""
        return tested_runs(self.sweep) if self.with_tests else None

    @cached_property
    def names(self) -> list[str]:
        """Return the scenarios, the baseline first, then in the order asked for."""
        known = self.sweep.scenarios
        asked = [name for name in self.asked.order if name in known]
        return list(dict.fromkeys([self.base, *asked, *known]))

    @cached_property
    def values(self) -> pl.DataFrame:
        """Return one row a run, year and metric."""
        return self.sweep.summaries()

    @cached_property
    def years(self) -> list[int]:
        """Return every simulated year."""
        return self.values["simulation_year"].unique().sort().to_list()

    @cached_property
    def seeds(self) -> Mapping[str, list[int]]:
        """Return the seeds of each scenario."""
        return {
            name: self.sweep.runs.filter(pl.col("scenario") == name)["seed"].sort().to_list()
            for name in self.names
        }

    @property
    def has_several_seeds(self) -> bool:
        """Say whether chance can be seen at all."""
        return any(len(seeds) > 1 for seeds in self.seeds.values())

    @cached_property
    def held(self) -> list[str]:
        """Return the metrics that the runs hold, in the registry's order."""
        known = set(self.values["metric"])
        return [metric.name for metric in METRICS if metric.name in known]

    @cached_property
    def compared(self) -> Comparison | None:
        """Return the paired differences; none where there is one scenario, or no common seed."""
        if len(self.names) == 1 or not self._has_pairs:
            return None
        return comparison(self.sweep, self.base)

    @property
    def _has_pairs(self) -> bool:
        own = set(self.seeds[self.base])
        return any(own & set(self.seeds[name]) for name in self.names[1:])

    @cached_property
    def told(self) -> Mapping[str, Mapping[str, Any]]:
        """Return each scenario as its first run resolved it."""
        return {name: json.loads(self._scenario_json(name)) for name in self.names}

    def _scenario_json(self, name: str) -> str:
        with self.sweep.open(name, self.seeds[name][0]) as store:
            return store.manifest.scenario_json


def _only(sweep: Sweep, names: list[str]) -> Sweep:
    """Return the runs of some scenarios."""
    if len(names) == len(sweep.scenarios):
        return sweep
    return Sweep(replace(sweep.index, frame=sweep.index.frame.filter(pl.col("scenario_id").is_in(names))))
