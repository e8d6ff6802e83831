"""The read door of the Compliance page: what the tests of a sweep's runs found, and the working of one.

Stores never change, so what a run's tests found is kept under the digest of its manifest: that of its events
is the same where fewer of them were kept. Working has a row a person: that of the last few runs is kept, and
no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import polars as pl

from app.kept import Kept
from app.results import SweepData
from simulation.compliance import Verdict
from simulation.errors import PlanWiseError, Problem, QueryError
from simulation.query import PlanRun, plan_tests, portions, rates_of, tested_portion

RUNS_KEPT: Final = 4_000
"""Runs whose outcomes are kept: some tens of short rows each."""

WORKINGS_KEPT: Final = 3
"""Runs whose working is kept: up to tens of megabytes each."""

AT_ONCE: Final = 2
"""Portions of runs that are tested side by side, so that other questions find a thread and a core."""

Told = Callable[[int, int], None]
"""Is told how many runs of how many are tested; what it raises ends the work."""


@dataclass(frozen=True)
class TestedSweep:
    """What the tests of a sweep found.

    ``found`` has a row a run and verdict (see ``tested_portion``), ``rates`` one a scenario, year, test and
    group (see ``rates_of``). ``refused`` says of a scenario why its runs could not be tested.
    """

    found: pl.DataFrame
    rates: pl.DataFrame
    refused: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def without_plan(self, scenarios: tuple[str, ...]) -> list[str]:
        """Return the scenarios that were tested and have nothing to test."""
        tested = set(self.found["scenario"]) if self.found.height else set()
        return [name for name in scenarios if name not in tested and name not in self.refused]


class PlanTests:
    """Tests for all sessions; answers are shared."""

    def __init__(self) -> None:
        """Begin with nothing kept."""
        self._found: Kept[str, pl.DataFrame] = Kept(RUNS_KEPT)
        self._workings: Kept[tuple[str, int], list[Verdict]] = Kept(WORKINGS_KEPT)

    def of_sweep(self, data: SweepData, told: Told) -> TestedSweep:
        """Return what the tests of every run found, of those whose stores keep enough.

        Raises:
            QueryError: no run could be tested.
        """
        runs = list(_runs(data))
        refused: dict[str, str] = {}
        frames = {run: found for run in runs for found in self._found.known(run.manifest_digest)}
        new = [run for run in runs if run not in frames]
        done = len(frames)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="plan-tests") as pool:
            waiting = {pool.submit(tested_portion, portion): portion for portion in portions(new)}
            try:
                for future in as_completed(waiting):
                    for run, found in zip(waiting[future], future.result(), strict=True):
                        if isinstance(found, PlanWiseError):
                            refused[run.scenario] = _reason(found)
                        else:
                            frames[run] = self._found.keep(run.manifest_digest, found)
                    done += len(waiting[future])
                    told(done, len(runs))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        if not frames:
            problems = [Problem(name, reason) for name, reason in refused.items()]
            raise QueryError("the plan of these runs cannot be tested", problems=problems)
        # The name stands outside of the digest: two sweeps may have one run under two names.
        named = (frames[run].with_columns(scenario=pl.lit(run.scenario)) for run in runs if run in frames)
        found = pl.concat(named)
        return TestedSweep(found, rates_of(found), MappingProxyType(refused))

    def working(self, run: PlanRun, year: int) -> list[Verdict]:
        """Return the verdicts of one year of a run, with the people behind them.

        Raises:
            QueryError: the run does not have the year, or kept too little.
        """

        def work() -> list[Verdict]:
            return [verdict.worked_out() for verdict in plan_tests(run.store, year)]

        return self._workings.get((run.manifest_digest, year), work)


def run_of(data: SweepData, scenario: str, seed: int) -> PlanRun:
    """Return one run of a sweep.

    Raises:
        QueryError: there is none.
    """
    for run in _runs(data):
        if (run.scenario, run.seed) == (scenario, seed):
            return run
    problem = Problem("run", f"{scenario} seed {seed}", ", ".join(data.scenarios))
    raise QueryError("there is no such run", problems=[problem])


def _runs(data: SweepData) -> Iterator[PlanRun]:
    order = {name: at for at, name in enumerate(data.scenarios)}
    runs = data.sweep.runs.select(PlanRun._fields).rows()
    return (PlanRun(*row) for row in sorted(runs, key=lambda row: (order[row[0]], row[1])))


def _reason(error: PlanWiseError) -> str:
    said = "; ".join(str(problem) for problem in error.problems)
    return f"{error.message}: {said}" if said else error.message
