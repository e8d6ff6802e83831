"""The fan chart's numbers, without a browser."""

from __future__ import annotations

import polars as pl
import pytest

from app.figures.fan import FanChart, fan_info, fan_takeaway
from simulation.metrics import Unit


def values(**scenarios: list[float | None]) -> pl.DataFrame:
    rows = [
        (name, seed, year, value)
        for name, column in scenarios.items()
        for year in (2025, 2026)
        for seed, value in enumerate(column, start=1)
    ]
    schema = {"scenario": pl.String, "seed": pl.Int64, "simulation_year": pl.Int32, "value": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def fan(**scenarios: list[float | None]) -> pl.DataFrame:
    return fan_info(values(**scenarios), list(scenarios))


def test_each_scenario_and_year_has_its_mean_median_band_and_number_of_seeds() -> None:
    info = fan(baseline=[float(value) for value in range(11)])
    row = info.row(0, named=True)
    assert row == {
        "scenario": "baseline",
        "order": 0,
        "simulation_year": 2025,
        "n": 11,
        "mean": 5.0,
        "median": 5.0,
        "low": 1.0,
        "high": 9.0,
    }
    assert info["simulation_year"].to_list() == [2025, 2026]


def test_scenarios_stay_in_the_order_in_which_they_come() -> None:
    info = fan(zeta=[1.0], alpha=[2.0])
    assert info["scenario"].unique(maintain_order=True).to_list() == ["zeta", "alpha"]


def test_a_ratio_without_a_denominator_is_left_out_and_not_counted() -> None:
    assert fan(baseline=[1.0, None])["n"].to_list() == [1, 1]


@pytest.mark.parametrize(
    ("unit", "size", "label"),
    [
        (Unit.PEOPLE, 12_000.0, "people"),
        (Unit.RATE, 0.04, "%"),
        (Unit.DOLLARS, 55_000.0, "dollars"),
        (Unit.DOLLARS, 6.1e8, "million dollars"),
        (Unit.DOLLARS, 6.1e9, "billion dollars"),
    ],
)
def test_the_axis_says_its_unit(unit: Unit, size: float, label: str) -> None:
    chart = FanChart()
    chart.show(fan(baseline=[size]), unit)
    assert chart.figure.yaxis[0].axis_label == label


def drawn(chart: FanChart) -> list[int]:
    return [len(source.data["colour"]) for source in chart.sources]


def test_a_chart_draws_a_band_and_a_line_a_scenario_and_a_point_a_year() -> None:
    chart = FanChart()
    assert drawn(chart) == [0, 0, 0]
    chart.show(fan(baseline=[1.0, 2.0], other=[2.0, 3.0]), Unit.PEOPLE)
    assert drawn(chart) == [2, 2, 4]
    chart.show(fan(baseline=[1.0, 2.0]), Unit.PEOPLE)
    assert drawn(chart) == [1, 1, 2]


def test_a_band_goes_along_the_low_ends_and_back_along_the_high_ones() -> None:
    chart = FanChart()
    chart.show(fan(baseline=[0.0, 10.0]), Unit.PEOPLE)
    band = chart.sources[0].data
    assert band["xs"] == [[2025, 2026, 2026, 2025]]
    assert band["ys"] == [[1.0, 1.0, 9.0, 9.0]]


def test_the_takeaway_puts_the_baseline_first_and_says_how_many_seeds() -> None:
    sentence = fan_takeaway(fan(other=[2.0, 4.0], baseline=[1.0, 1.0]), Unit.PEOPLE, "baseline")
    assert sentence.startswith("2026, mean of 2 seeds: baseline 1, other 3;")


def test_nothing_has_no_takeaway() -> None:
    assert fan_takeaway(fan(), Unit.PEOPLE, "baseline") == ""


def test_seeds_that_agree_are_said_to_agree() -> None:
    assert fan_takeaway(fan(baseline=[2.0, 2.0]), Unit.PEOPLE, "baseline").endswith(
        "every seed gives the same."
    )


def test_a_scenario_that_is_left_out_leaves_the_others_their_colours() -> None:
    both = values(first=[1.0], second=[2.0])
    alone = fan_info(both.filter(pl.col("scenario") == "second"), ["first", "second"])
    assert alone["order"].to_list() == [1, 1]
