"""The preview runs the model on a sample that stands for the whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.preview import METRICS, Previewer, stratified
from simulation.census import Census, generate_census, write_census
from simulation.parameters import Scenario

TWO_YEARS = Scenario().changed({"horizon.start_year": 2025, "horizon.end_year": 2026})


@pytest.fixture(scope="module")
def census() -> Census:
    return generate_census(400)


def test_a_small_census_is_its_own_sample(census: Census) -> None:
    assert stratified(census, 400) is census


def test_a_sample_has_each_level_in_its_share(census: Census) -> None:
    sample = stratified(census, 100)
    assert sample.headcount == 100
    shares = dict(sample.frame["job_level"].value_counts(normalize=True).iter_rows())
    whole = dict(census.frame["job_level"].value_counts(normalize=True).iter_rows())
    assert {level: shares.get(level, 0.0) for level in whole} == pytest.approx(whole, abs=0.011)


def test_a_sample_is_the_same_every_time(census: Census) -> None:
    assert stratified(census, 100).digest == stratified(census, 100).digest


def test_the_effect_of_more_merit_is_more_pay(tmp_path: Path) -> None:
    path = write_census(generate_census(80), tmp_path / "census.parquet")
    tuned = TWO_YEARS.changed({"compensation.merit.budget": "0.08"})
    preview = Previewer().preview(TWO_YEARS, tuned, path, seed=42)
    assert preview.frame["metric"].unique().sort().to_list() == sorted(METRICS)
    pay = preview.frame.filter(metric="total_compensation")
    assert all(difference > 0 for difference in pay["difference"])
    assert preview.said == "all 80 people, 1 seed (42)"
    assert preview.lines("headcount_end")["scenario"].unique().sort().to_list() == ["base", "tuned"]


def test_nothing_moved_makes_no_difference(tmp_path: Path) -> None:
    path = write_census(generate_census(40), tmp_path / "census.parquet")
    assert Previewer().preview(TWO_YEARS, TWO_YEARS, path, seed=7).frame["difference"].abs().sum() == 0
