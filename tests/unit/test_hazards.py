from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.hazards import expected_number, scaled, stepped
from simulation.headcount import Counts, expected_exits
from simulation.run import contexts
from tests.populations import census_of, scenario_of

HAZARDS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60)


@given(HAZARDS, st.floats(0, 1))
def test_scaled_chances_add_up_to_what_is_asked_and_none_passes_one(
    hazards: list[tuple[float, float]], share: float
) -> None:
    turnover, other = (np.array(column) for column in zip(*hazards, strict=True))
    other = other * 0.2
    asked = share * len(hazards)
    chance = scaled(turnover, other, asked)
    assert chance.min() >= 0.0
    assert chance.max() <= 1.0 + 1e-12
    reachable = np.count_nonzero(turnover > 1e-6) + math.fsum(other[turnover <= 1e-6])
    if asked <= reachable:
        assert math.isclose(math.fsum(chance), asked, abs_tol=1e-6)


def test_turnover_is_scaled_and_retirement_stands() -> None:
    chance = scaled(np.array([0.1, 0.2]), np.array([0.0, 0.3]), 0.75)
    assert chance.tolist() == pytest.approx([0.15, 0.6])


def test_a_total_below_retirement_scales_retirement_down() -> None:
    assert scaled(np.array([0.1, 0.1]), np.array([0.2, 0.6]), 0.4).tolist() == pytest.approx([0.1, 0.3])


def test_what_a_certain_leaver_cannot_take_the_others_carry() -> None:
    assert scaled(np.array([0.9, 0.1]), np.array([0.0, 0.0]), 1.5).tolist() == pytest.approx([1.0, 0.5])


@pytest.mark.parametrize(("value", "rate"), [(-1, 0.0), (0, 0.3), (4, 0.3), (5, 0.1), (90, 0.1)])
def test_a_table_holds_from_each_step_to_the_next(value: int, rate: float) -> None:
    frame = pl.DataFrame({"value": [value]})
    assert frame.select(stepped(pl.col("value"), [(0, 0.3), (5, 0.1)])).item() == rate


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200))
def test_an_expected_number_does_not_depend_on_the_order(chances: list[float]) -> None:
    sums = [
        pl.DataFrame({"c": rows}).select(expected_number(pl.col("c"))).item()
        for rows in (chances, sorted(chances))
    ]
    assert sums[0] == sums[1]
    assert math.isclose(sums[0], math.fsum(chances), abs_tol=1e-9)


def test_expected_exits_follow_the_worked_example_of_the_model_document() -> None:
    values = {
        "workforce.termination.total_rate": "12%",
        "workforce.termination.new_hire_rate": "18%",
        "workforce.growth.rate": "3%",
    }
    context = next(contexts(scenario_of(values), census_of(*[{}] * 1000), [42]))
    seed, people, nobody = np.array([42], dtype=np.uint64), np.array([1000]), np.array([0])
    counts = Counts(seed, opening=people, layoffs=nobody, present=people)
    assert expected_exits(context, counts, {42: 0.0})[42] == pytest.approx(121.8 - 0.18 * 151.8)
