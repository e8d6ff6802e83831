"""The difference chart's numbers, without a browser."""

from __future__ import annotations

import polars as pl
import pytest
from bokeh.models import Range1d

from app.figures.difference import DifferenceChart, difference_info, difference_takeaway
from simulation.metrics import Unit

ORDER = ["baseline", "up", "down"]


def comparison(low: float | None = 1.0) -> pl.DataFrame:
    rows = [
        ("hires", 2025, "up", 2.0, low, None if low is None else 3.0, 4, 1.0),
        ("hires", 2026, "up", 4.0, low, None if low is None else 5.0, 4, 1.0),
        ("hires", 2026, "down", -4.0, -5.0, -3.0, 4, 0.0),
        ("exits", 2026, "up", 9.0, 8.0, 10.0, 4, 1.0),
    ]
    schema = ["metric", "year", "scenario", "difference_mean", "ci_low", "ci_high", "n", "p_greater"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_scenarios_stand_beside_one_another_in_their_order() -> None:
    info = difference_info(comparison(), "hires", ORDER)
    assert info.select("scenario", "order", "year").rows() == [
        ("up", 1, 2025),
        ("up", 1, 2026),
        ("down", 2, 2026),
    ]
    assert info["x"].to_list() == pytest.approx([2024.92, 2025.92, 2026.08])


def test_a_lone_scenario_stands_at_its_year() -> None:
    info = difference_info(comparison().filter(scenario="up"), "hires", ORDER)
    assert info["x"].to_list() == [2025.0, 2026.0]


def test_one_pair_of_seeds_has_a_point_and_no_interval() -> None:
    chart = DifferenceChart()
    chart.show(difference_info(comparison(low=None), "hires", ORDER), Unit.PEOPLE)
    drawn = chart.source.data
    assert drawn["low"][0] == drawn["mean"][0] == drawn["high"][0]
    assert drawn["interval"][0] == "– to –"


def test_nothing_is_in_reach_however_far_the_differences_are() -> None:
    chart = DifferenceChart()
    chart.show(difference_info(comparison().filter(scenario="up"), "hires", ORDER), Unit.PEOPLE)
    reach = chart.figure.y_range
    assert isinstance(reach, Range1d)
    assert float(str(reach.start)) < 0
    assert float(str(reach.end)) > 5


def test_rates_differ_in_percentage_points() -> None:
    chart = DifferenceChart()
    chart.show(difference_info(comparison(), "hires", ORDER), Unit.RATE)
    assert chart.figure.yaxis[0].axis_label == "percentage points"


def test_the_takeaway_says_the_last_year_and_the_number_of_seeds() -> None:
    sentence = difference_takeaway(difference_info(comparison(), "hires", ORDER), Unit.PEOPLE)
    assert sentence == "2026, paired over 4 seeds: up +4, down −4; bars are 95 % intervals."


def test_nothing_to_compare_is_said() -> None:
    assert "nothing" in difference_takeaway(
        difference_info(comparison().clear(), "hires", ORDER), Unit.PEOPLE
    )
