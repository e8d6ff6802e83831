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
from typing import Final, NamedTuple

import polars as pl

from app.kept import Kept
from app.results import SweepData
from simulation.compliance import Verdict
from simulation.errors import PlanWiseError, Problem, QueryError
from simulation.query import plan_tests, rates_of, tested_run

RUNS_KEPT: Final = 4_000
"""Runs whose outcomes are kept: some tens of short rows each."""

WORKINGS_KEPT: Final = 3
"""Runs whose working is kept: up to tens of megabytes each."""

AT_ONCE: Final = 2
"""Runs that are tested side by side, so that other questions find a thread and a core."""

Told = Callable[[int, int], None]
"""Is told how many runs of how many are tested; what it raises ends the work."""


class Run(NamedTuple):
    """One run: where it lies, and what tells its store from every other."""

    scenario: str
    seed: int
    store: str
    manifest_digest: str


@dataclass(frozen=True)
class Tested:
    """What the tests of a sweep found.

    ``found`` has a row a run and verdict (see ``tested_run``), ``rates`` one a scenario, year, test and group
    (see ``rates_of``). ``refused`` says of a scenario why its runs could not be tested.
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

    def of_sweep(self, data: SweepData, told: Told) -> Tested:
        """Return what the tests of every run found, of those whose stores keep enough.

        Raises:
            QueryError: no run could be tested.
        """
        runs = list(_runs(data))
        refused: dict[str, str] = {}
        frames: dict[Run, pl.DataFrame] = {}
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="plan-tests") as pool:
            waiting = {pool.submit(self._of_run, run): run for run in runs}
            try:
                for done, future in enumerate(as_completed(waiting), start=1):
                    run = waiting[future]
                    try:
                        frames[run] = future.result()
                    except PlanWiseError as error:
                        refused[run.scenario] = _reason(error)
                    told(done, len(runs))
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        if not frames:
            problems = [Problem(name, reason) for name, reason in refused.items()]
            raise QueryError("the plan of these runs cannot be tested", problems=problems)
        found = pl.concat([frames[run] for run in runs if run in frames])
        return Tested(found, rates_of(found), MappingProxyType(refused))

    def working(self, run: Run, year: int) -> list[Verdict]:
        """Return the verdicts of one year of a run, with the people behind them.

        Raises:
            QueryError: the run does not have the year, or kept too little.
        """

        def work() -> list[Verdict]:
            return [verdict.worked_out() for verdict in plan_tests(run.store, year)]

        return self._workings.get((run.manifest_digest, year), work)

    def _of_run(self, run: Run) -> pl.DataFrame:
        # The name stands outside of the digest: two sweeps may have one run under two names.
        found = self._found.get(run.manifest_digest, lambda: tested_run(run.scenario, run.seed, run.store))
        return found.with_columns(pl.lit(run.scenario).alias("scenario"))


def run_of(data: SweepData, scenario: str, seed: int) -> Run:
    """Return one run of a sweep.

    Raises:
        QueryError: there is none.
    """
    for run in _runs(data):
        if (run.scenario, run.seed) == (scenario, seed):
            return run
    problem = Problem("run", f"{scenario} seed {seed}", ", ".join(data.scenarios))
    raise QueryError("there is no such run", problems=[problem])


def _runs(data: SweepData) -> Iterator[Run]:
    order = {name: at for at, name in enumerate(data.scenarios)}
    runs = data.sweep.runs.select(Run._fields).rows()
    return (Run(*row) for row in sorted(runs, key=lambda row: (order[row[0]], row[1])))


def _reason(error: PlanWiseError) -> str:
    said = "; ".join(str(problem) for problem in error.problems)
    return f"{error.message}: {said}" if said else error.message
