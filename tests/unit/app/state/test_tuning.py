"""What sliders do to a scenario, without a slider."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.state.tuning import TuningState, base_values, window
from simulation.errors import ScenarioError
from simulation.parameters import Scenario

BASE = Scenario()


def merit(scenario: Scenario, level: int) -> dict[int, int]:
    rows = scenario.levers.filter(job_level=level)
    return dict(rows.select("simulation_year", "merit_bp").iter_rows())


def test_an_untouched_state_is_its_base() -> None:
    state = TuningState()
    assert not state.is_moved()
    assert state.scenario(BASE).digest == BASE.digest


def test_a_lever_moved_for_all_years_moves_every_year_of_its_level() -> None:
    state = TuningState()
    state.move("merit_base", 2, 600)
    assert set(merit(state.scenario(BASE), 2).values()) == {600}
    assert merit(state.scenario(BASE), 3) == merit(BASE, 3)


def test_a_lever_moved_for_one_year_leaves_the_others() -> None:
    state = TuningState(year=2027)
    state.move("merit_base", 2, 600)
    moved, before = merit(state.scenario(BASE), 2), merit(BASE, 2)
    assert moved[2027] == 600
    assert {year: bp for year, bp in moved.items() if year != 2027} == {
        year: bp for year, bp in before.items() if year != 2027
    }


def test_moving_all_years_takes_back_what_was_set_for_one() -> None:
    state = TuningState(year=2027)
    state.move("cola_rate", 1, 300)
    state.year = 0
    state.move("cola_rate", 1, 200)
    assert state.levers == {"cola_rate.1": 200}


def test_a_single_year_stands_over_all_years() -> None:
    state = TuningState()
    state.move("merit_base", 1, 500)
    state.year = 2026
    assert state.moved("merit_base", 1) == 500
    state.move("merit_base", 1, 700)
    years = merit(state.scenario(BASE), 1)
    assert (years[2025], years[2026]) == (500, 700)


def test_reset_goes_back_to_the_base() -> None:
    state = TuningState(growth=500, turnover=1200)
    state.move("merit_base", 1, 500)
    state.reset()
    assert state.query() == ""
    assert state.scenario(BASE).digest == BASE.digest


def test_growth_and_turnover_are_the_scenarios_own_keys() -> None:
    flat = TuningState(growth=-250, turnover=1200).scenario(BASE).flat()
    assert flat["workforce.growth.rate"] == Decimal("-0.025")
    assert flat["workforce.termination.total_rate"] == Decimal("0.12")


def test_a_value_out_of_bounds_is_refused_with_its_bounds() -> None:
    state = TuningState(levers={"cola_rate.1": 9000})
    with pytest.raises(ScenarioError, match="cola_rate"):
        state.scenario(BASE)


def test_a_state_comes_back_from_its_link() -> None:
    state = TuningState(
        base="high_growth", growth=450, seeds=7, also=["cost_control"], seed_kind="own", seed=9
    )
    state.move("promotion_raise", 4, 1250)
    again = TuningState()
    assert again.read(state.query()) == []
    assert again.query() == state.query()
    assert again.all_seeds() == tuple(range(9, 16))


@pytest.mark.parametrize(
    "levers", ['{"merit.1":5}', '{"merit_base.9":5}', '{"merit_base.1":"5"}', '{"merit_base.1":true}', "[]"]
)
def test_a_link_cannot_name_a_lever_that_there_is_not(levers: str) -> None:
    state = TuningState()
    (complaint,) = state.read(f"levers={levers}")
    assert "levers" in complaint
    assert state.levers == {}


def test_seed_42_stands_unless_another_is_asked_for() -> None:
    assert TuningState(seed=7, seeds=2).all_seeds() == (42, 43)
    assert TuningState(seed=7, seeds=2, seed_kind="random").all_seeds() == (7, 8)


@pytest.mark.parametrize(
    ("values", "low", "high", "reach"),
    [
        ([400, 250], 0, 10_000, (0, 1000)),
        ([0], 0, 10_000, (0, 500)),
        ([150], 0, 300, (0, 300)),
        ([10_000], 5_000, 20_000, (5_000, 20_000)),
    ],
)
def test_a_slider_reaches_around_its_base(
    values: list[int], low: int, high: int, reach: tuple[int, int]
) -> None:
    assert window(values, low, high) == reach


def test_the_base_values_are_the_scenarios() -> None:
    assert base_values(BASE, 0)["merit_base", 1] == 400
    assert base_values(BASE, 2027)["new_hire_salary_adjustment", 5] == 10_000
