"""What two scenarios differ in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.parameters import Levers, Scenario, load_scenario, parameter_diff, shipped


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_differs_from_itself_in_nothing(name: str) -> None:
    assert parameter_diff(load_scenario(name), load_scenario(name, set=["title=other"])).is_empty()


def test_each_difference_is_a_row_with_title_unit_and_origin() -> None:
    a = load_scenario("baseline")
    b = load_scenario("high_growth", set=["workforce.promotion.by_level.2=0.2"])
    frame = parameter_diff(a, b)
    assert frame.columns[:5] == ["parameter", "simulation_year", "job_level", "a", "b"]
    rows = {row["parameter"]: row for row in frame.iter_rows(named=True)}
    assert set(rows) == {
        "workforce.growth.rate",
        "workforce.hiring.pay_adjustment",
        "workforce.promotion.rate",
        "workforce.promotion.by_level.2",
        "compensation.merit.budget",
    }
    assert rows["workforce.growth.rate"] == {
        "parameter": "workforce.growth.rate",
        "simulation_year": None,
        "job_level": None,
        "a": "0.03",
        "b": "0.08",
        "title": "Headcount growth",
        "unit": "rate a year",
        "origin_a": "baseline",
        "origin_b": "overlay:high_growth",
    }
    assert rows["workforce.promotion.by_level.2"]["origin_b"] == "--set"


def test_rows_of_levers_differ_cell_by_cell() -> None:
    rows = Levers().with_value("cola_rate", "3%", [2026], [1]).with_value("cola_rate", "1.5%", [2027], [1])
    frame = parameter_diff(Scenario(), Scenario().with_levers(rows))
    assert frame.select("parameter", "simulation_year", "job_level", "a", "b", "origin_b").rows() == [
        ("compensation.cola.rate", 2026, 1, "0.015", "0.03", "comp_levers")
    ]


def test_a_year_that_only_one_has_shows_as_null() -> None:
    rows = Levers().with_value("cola_rate", "3%", [2030], [1])
    longer = Scenario().changed({"horizon.end_year": 2030}, rows)
    frame = parameter_diff(Scenario(), longer)
    assert frame.select("parameter", "a", "b").rows() == [
        ("horizon.end_year", "2029", "2030"),
        ("compensation.cola.rate", None, "0.03"),
    ]


settings = st.fixed_dictionaries(
    {},
    optional={
        "workforce.growth.rate": st.sampled_from(["0", "3%", "5%"]),
        "compensation.cola.rate": st.sampled_from(["1.5%", "2%"]),
        "workforce.growth.mode": st.sampled_from(["exact", "expected"]),
    },
)


@given(settings, settings)
def test_two_scenarios_differ_exactly_where_their_digests_do(a: dict[str, str], b: dict[str, str]) -> None:
    left, right = Scenario().changed(a), Scenario().changed(b)
    frame, mirror = parameter_diff(left, right), parameter_diff(right, left)
    assert frame.is_empty() == (left.digest == right.digest)
    assert frame.select("parameter", "a", "b").rows() == mirror.select("parameter", a="b", b="a").rows()
