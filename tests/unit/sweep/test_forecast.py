"""A dry run: what it counts, what it estimates from, and that it leaves nothing behind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simulation.census import Census, generate_census
from simulation.errors import RunError, SweepError
from simulation.parameters import Scenario, load_scenario
from simulation.sweep import Forecast, SweepPlan, run_sweep, sweep_forecast
from simulation.sweep.calibration import LARGEST_SAMPLE, Measure, calibrate, sample
from simulation.sweep.forecast import Cost
from simulation.sweep.serial import SerialExecutor
from tests.contract.sweep_work import dying

MIB = 2**20
Calibrated = list[tuple[str, int, tuple[int, ...]]]


@pytest.fixture
def calibrated(monkeypatch: pytest.MonkeyPatch) -> Calibrated:
    """Return what is calibrated: a run takes a second and a MiB, and as much a thousand people."""
    asked: Calibrated = []

    def measures(scenario: Scenario, census: Census, seeds: tuple[int, ...]) -> list[Measure]:
        asked.append((scenario.name, census.headcount, seeds))
        sizes = [census.headcount] if census.headcount <= 2000 else [500, 2000]
        return [
            Measure(
                size, len(seeds) * (1 + size / 1000), len(seeds) * int(MIB * (1 + size / 1000)), 200 * MIB
            )
            for size in sizes
        ]

    monkeypatch.setattr("simulation.sweep.forecast.calibrate", measures)
    return asked


@pytest.fixture
def plan(census: Census) -> SweepPlan:
    fields = {"name": "n", "scenarios": ["baseline"], "seeds": "1-4", "census": census, "years": "2025-2025"}
    return SweepPlan.of(fields)


@pytest.fixture
def foretell(tmp_path: Path, plan: SweepPlan) -> Callable[..., Forecast]:
    def of(**changes: Any) -> Forecast:
        options = {name: changes.pop(name) for name in ("workers", "resume") if name in changes}
        return sweep_forecast(
            plan.model_copy(update=changes), out=tmp_path / "out", **{"workers": 1, **options}
        )

    return of


def test_cost_grows_with_people_runs_and_years_and_falls_with_workers(
    foretell: Callable[..., Forecast], calibrated: Calibrated
) -> None:
    people = generate_census(4000, seed=1)
    one = foretell(census=people)
    assert one.cost == Cost(runs=4, seconds=20.0, disk_bytes=20 * MIB)
    assert foretell(census=people, workers=2).cost.seconds == 10.0
    both = (load_scenario("baseline", years=(2025, 2025)), load_scenario("high_growth", years=(2025, 2027)))
    assert foretell(census=people, scenarios=both, years=None).cost.seconds == 20.0 + 60.0
    assert "500 and 2,000 of 4,000 people" in one.basis


def test_the_block_that_is_measured_is_the_one_that_will_be_run(
    foretell: Callable[..., Forecast], calibrated: Calibrated
) -> None:
    assert [foretell(seeds=tuple(range(1, 33)), workers=count).block for count in (1, 4)] == [16, 8]
    assert calibrated[0] == ("baseline", 40, tuple(range(1, 17)))


def test_what_is_done_already_costs_nothing(
    foretell: Callable[..., Forecast], plan: SweepPlan, tmp_path: Path, calibrated: Calibrated
) -> None:
    run_sweep(plan.model_copy(update={"seeds": (1, 2)}), out=tmp_path / "out", executor=SerialExecutor())
    found = foretell(resume=True)
    assert (found.runs_total, found.runs_done, found.cost.runs) == (4, 2, 2)
    with pytest.raises(SweepError, match="exists already"):
        foretell()


def test_a_wish_has_a_cost_of_its_first_seeds_and_of_the_most(
    census: Census, tmp_path: Path, calibrated: Calibrated
) -> None:
    until = {"metric": "hires", "within": 1, "maximum": 64}
    plan = SweepPlan.of({"scenarios": ["baseline", "high_growth"], "census": census, "until": until})
    found = sweep_forecast(plan, out=tmp_path, workers=1)
    assert found.cost_at_most is not None
    assert (found.cost.runs, found.cost_at_most.runs) == (16, 128)
    assert found.cost_at_most.disk_bytes == pytest.approx(8 * found.cost.disk_bytes, rel=1e-6)


def test_a_design_is_shown_by_its_points(census: Census, tmp_path: Path, calibrated: Calibrated) -> None:
    design = {"levers": {"workforce.growth.rate": [0.01, 0.02]}}
    found = sweep_forecast(
        SweepPlan.of({"scenarios": ["baseline"], "census": census, "design": design}), out=tmp_path
    )
    assert found.scenarios == ("baseline-p001", "baseline-p002")
    assert found.points == {
        "p001": {"workforce.growth.rate": "0.01"},
        "p002": {"workforce.growth.rate": "0.02"},
    }


def test_it_says_whether_disk_and_memory_have_the_room(
    foretell: Callable[..., Forecast], calibrated: Calibrated
) -> None:
    found = foretell()
    assert found.disk_fits
    assert not found.model_copy(update={"disk_free": found.cost.disk_bytes}).disk_fits
    assert not found.model_copy(update={"memory_available": found.memory_bytes}).memory_fits


def test_a_sample_is_spread_over_the_whole_census() -> None:
    census = generate_census(100, seed=1)
    chosen = sample(census, 10)
    assert chosen.frame["employee_id"].to_list() == census.frame["employee_id"].gather_every(10).to_list()
    assert chosen.as_of == census.as_of
    assert sample(census, 200).headcount == 100


@pytest.mark.parametrize("people", [30, LARGEST_SAMPLE + 1])
def test_a_calibration_measures_a_real_block_and_leaves_nothing(
    people: int, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    measures = calibrate(scenario, generate_census(people, seed=1), [1, 2])
    assert [one.people for one in measures] == ([30] if people == 30 else [500, 2000])
    assert all(
        one.seconds > 0 and one.stored_bytes > 2 * MIB and one.memory_bytes > 50 * MIB for one in measures
    )
    assert measures[0].stored_bytes <= measures[-1].stored_bytes
    assert not list(tmp_path.iterdir())


def test_a_calibration_whose_process_dies_says_so(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulation.sweep.calibration._measured", dying)
    with pytest.raises(RunError, match="30 people: its process died; most often memory"):
        calibrate(scenario, generate_census(30, seed=1), [1])


def test_a_dry_run_writes_nothing(
    foretell: Callable[..., Forecast], tmp_path: Path, calibrated: Calibrated
) -> None:
    foretell()
    assert not list(tmp_path.iterdir())
