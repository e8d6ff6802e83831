"""A run that is interrupted after any of its years, however often, ends as if nothing had happened."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulation.parameters import Scenario
from simulation.sealing import RunResult
from simulation.store import Checkpointing, open_store, verify
from tests.interruptions import GENESIS, YEARS, eventful, run_in_pieces, run_until
from tests.stores import small_census

ALL_YEARS = range(GENESIS, YEARS[1] + 1)
KEPT = ("full", "lifecycle", "summary")

SCENARIOS = st.fixed_dictionaries(
    {
        "workforce.growth.rate": st.sampled_from(["-0.3", "0", "0.4"]),
        "workforce.rehire.within_years": st.sampled_from([1, 5]),
        "workforce.hours.leave_rate": st.sampled_from(["0", "0.6"]),
        "plan.forfeitures.use": st.sampled_from(["expenses", "reduce_contributions", "reallocate"]),
        "payroll.frequency": st.sampled_from(["annual", "quarterly"]),
        "workforce.reduction_in_force": st.sampled_from([[], [{"date": "2026-02-28", "share": "0.3"}]]),
    }
)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each year committed before the next one begins."""
    monkeypatch.setenv("PLANWISE_DUCKDB_THREADS", "1")


def uninterrupted(scenario: Scenario, stores: dict[int, Path]) -> list[RunResult]:
    return run_until(scenario, small_census(), stores, None, Checkpointing())[1]


def assert_the_same(runs: Sequence[RunResult], expected: Sequence[RunResult]) -> None:
    assert [run.digest for run in runs] == [run.digest for run in expected]
    for run, single in zip(runs, expected, strict=True):
        assert run.summary.equals(single.summary)
        assert verify(run.store).ok
        with open_store(run.store) as one, open_store(single.store) as other:
            assert one.manifest.years == other.manifest.years
            tables = "SELECT table_name, column_name FROM information_schema.columns ORDER BY ALL"
            assert one.sql(tables).equals(other.sql(tables))
        assert [path.name for path in run.store.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("keep", KEPT)
@pytest.mark.parametrize("name", ["baseline", "hiring_freeze"])
def test_interrupted_after_every_year(tmp_path: Path, keep: str, name: str) -> None:
    freeze = {"workforce.growth.rate": "-0.4"} if name == "hiring_freeze" else {}
    scenario = eventful({"output.keep": keep, **freeze})
    lived, runs = run_in_pieces(
        scenario, small_census(), {1: tmp_path / "out" / "seed_1.duckdb"}, [*ALL_YEARS]
    )
    assert lived == [*ALL_YEARS]
    assert_the_same(runs, uninterrupted(scenario, {1: tmp_path / "single" / "seed_1.duckdb"}))


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=SCENARIOS,
    keep=st.sampled_from(KEPT),
    stops=st.sets(st.sampled_from(ALL_YEARS), min_size=1),
    seed=st.integers(0, 2**62),
)
def test_interrupted_anywhere_in_any_scenario(
    values: dict[str, object], keep: str, stops: set[int], seed: int
) -> None:
    scenario = eventful({**values, "output.keep": keep, "output.balance_snapshots": "quarter_end"})
    with tempfile.TemporaryDirectory() as folder:
        stores = {seed: Path(folder) / "out" / f"seed_{seed}.duckdb"}
        lived, runs = run_in_pieces(scenario, small_census(), stores, stops)
        assert lived == [*ALL_YEARS]
        assert_the_same(
            runs, uninterrupted(scenario, {seed: Path(folder) / "single" / f"seed_{seed}.duckdb"})
        )


def test_the_seeds_of_a_batch_go_on_from_where_each_has_come(tmp_path: Path) -> None:
    scenario, census = eventful(), small_census()
    stores = {seed: tmp_path / "out" / f"seed_{seed}.duckdb" for seed in (7, 3, 5, 11)}
    run_until(scenario, census, {seed: stores[seed] for seed in (7, 3)}, 2026)
    run_until(scenario, census, {5: stores[5]}, GENESIS)
    lived, runs = run_until(scenario, census, stores)
    assert lived == [2024, *range(2025, 2029), *range(2025, 2029), 2027, 2028]
    single = {seed: tmp_path / "single" / f"seed_{seed}.duckdb" for seed in stores}
    assert_the_same(runs, uninterrupted(scenario, single))
