"""The read door: what pages ask of a sweep's stores."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.metrics import EVERYBODY
from app.results import Results, SweepData
from simulation.census import generate_census
from simulation.errors import QueryError
from simulation.parameters import Scenario
from simulation.sweep import SweepPlan, run_sweep

ORDER = ("small", "large")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sweeps")
    years = {"horizon.start_year": 2025, "horizon.end_year": 2026}
    small = Scenario().changed({**years, "name": "small"})
    large = Scenario().changed({**years, "name": "large", "workforce.growth.rate": "0.2"})
    plan = SweepPlan(name="pair", scenarios=(small, large), seeds=(1, 2), census=generate_census(60))
    return run_sweep(plan, out=out, workers=1).directory


@pytest.fixture
def data(directory: Path) -> SweepData:
    return Results().read(directory, ORDER)


def test_a_sweep_is_read_in_the_order_of_its_scenarios(data: SweepData) -> None:
    assert data.scenarios == ORDER
    assert data.last_year == 2026
    assert data.seed_counts("small") == (2, 2)


def test_a_comparison_is_paired_and_kept(data: SweepData) -> None:
    results = Results()
    compared = results.compare(data, "small", ["headcount_end"])
    assert compared.frame["n"].to_list() == [2, 2]
    assert all(difference > 0 for difference in compared.frame["difference_mean"])
    assert results.compare(data, "small", ["headcount_end"]) is compared


def test_the_people_of_one_status_are_fewer_than_all(data: SweepData) -> None:
    results = Results()
    assert results.of_status(data, EVERYBODY) is data.values
    hired = results.of_status(data, "new_hire_active").filter(metric="headcount", simulation_year=2026)
    everybody = data.values.filter(metric="headcount_end", simulation_year=2026)
    assert 0 < hired["value"].sum() < everybody["value"].sum()


def test_what_was_set_differently_is_known(data: SweepData) -> None:
    changed = Results().parameters(data, "small")
    assert changed["parameter"].unique().to_list() == ["workforce.growth.rate"]


def test_a_lone_scenario_has_nothing_to_be_compared_with(directory: Path) -> None:
    results = Results()
    alone = results.read(directory / "small")
    assert alone.scenarios == ("small",)
    assert results.compare(alone, "small", ["hires"]).frame.is_empty()
    assert results.parameters(alone, "small").is_empty()


def test_a_directory_without_stores_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="are gone") as refused:
        Results().read(tmp_path / "demo")
    assert "run it again" in str(refused.value)


def test_a_run_that_is_gone_or_damaged_is_named_and_the_others_are_read(
    directory: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(directory, tmp_path / "copy", ignore=shutil.ignore_patterns("*.parquet"))
    runs = [(name, seed) for name in ORDER for seed in (1, 2)]
    (copy / "small" / "seed_1.duckdb").unlink()
    (copy / "large" / "seed_2.duckdb").write_bytes(b"no store")
    data = Results().read(copy, ORDER)
    assert data.seed_counts("small") == (1, 0)
    assert data.seed_counts("large") == (1, 0)
    gone, damaged = data.lost(runs)
    assert "small seed 1, large seed 2" in gone
    assert "seed_2.duckdb" in damaged
    assert Results().compare(data, "small", ["hires"]).frame.is_empty()
