"""How often tests of the plan fail over many runs: portions, runs that cannot be tested, and what is told."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from simulation import query
from simulation.errors import PlanWiseError, QueryError, StoreError
from simulation.query import PlanRun, failure_rates, open_sweep, plan_tests, portions, verdict_frame
from simulation.query.plan_tests import MOST_EVENTS, MOST_RUNS
from tests.stores import damaged_block, make_stores, small_census


def runs_of(directory: Path) -> list[PlanRun]:
    return [PlanRun(*row) for row in open_sweep(directory).runs.select(PlanRun._fields).rows()]


def run(events: int) -> PlanRun:
    return PlanRun("baseline", 1, "seed_1.duckdb", "", events)


def test_every_run_is_tested_as_it_is_alone(directory: Path) -> None:
    runs = runs_of(directory)
    for each, found in zip(runs, query.tested_portion(runs), strict=True):
        assert isinstance(found, pl.DataFrame)
        assert set(found.select("scenario", "seed").rows()) == {(each.scenario, each.seed)}
        assert found.drop("scenario", "seed").equals(verdict_frame(plan_tests(each.store)))


def test_a_run_that_cannot_be_tested_does_not_hide_the_others(directory: Path, tmp_path: Path) -> None:
    make_stores(tmp_path, name="short", values={"output.keep": "summary"}, census=small_census())
    (short,) = runs_of(tmp_path)
    good = runs_of(directory)[0]
    broken = good._replace(store=str(damaged_block(Path(good.store), tmp_path)))
    gone = good._replace(store=str(tmp_path / "seed_9.duckdb"))
    alone, kept, damaged, lost, again = query.tested_portion([good, short, broken, gone, good])
    assert isinstance(alone, pl.DataFrame)
    assert isinstance(again, pl.DataFrame)
    assert alone.equals(again)
    assert isinstance(kept, QueryError)
    assert "output.keep: full" in str(kept)
    assert isinstance(damaged, StoreError)
    assert broken.store in str(damaged)
    assert isinstance(lost, StoreError)
    assert gone.store in str(lost)


def test_a_sweep_of_which_a_run_cannot_be_tested_has_no_rates(directory: Path, tmp_path: Path) -> None:
    make_stores(tmp_path, name="short", values={"output.keep": "summary"}, census=small_census())
    with pytest.raises(PlanWiseError, match="does not hold this"):
        failure_rates([directory, tmp_path])


@pytest.mark.parametrize(
    ("events", "sizes"),
    [
        ([1] * (2 * MOST_RUNS + 1), [MOST_RUNS, MOST_RUNS, 1]),
        ([MOST_EVENTS * 3, 1, 1], [1, 2]),
        ([MOST_EVENTS // 2] * 5, [2, 2, 1]),
        ([], []),
    ],
)
def test_a_portion_has_few_runs_and_few_events_unless_one_run_has_many(
    events: list[int], sizes: list[int]
) -> None:
    runs = [run(many) for many in events]
    parts = list(portions(runs))
    assert [len(part) for part in parts] == sizes
    assert [each for part in parts for each in part] == runs
