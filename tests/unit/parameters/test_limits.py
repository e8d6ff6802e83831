"""Statutory limits: as published, and projected by the declared rule."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.errors import ScenarioError
from simulation.parameters.limits import STEPS, limits, published

rates = st.integers(0, 1500).map(lambda points: Decimal(points).scaleb(-4))


@pytest.mark.parametrize(
    ("year", "published_amounts"),
    [
        (2015, (18_000, 6_000, 265_000, 53_000, 120_000, 170_000, 118_500)),
        (2020, (19_500, 6_500, 285_000, 57_000, 130_000, 185_000, 137_700)),
        (2025, (23_500, 7_500, 350_000, 70_000, 160_000, 230_000, 176_100)),
        (2026, (24_500, 8_000, 360_000, 72_000, 160_000, 235_000, 184_500)),
    ],
)
def test_published_limits_are_as_published(year: int, published_amounts: tuple[int, ...]) -> None:
    found = limits(year)
    assert not found.projected
    assert published_amounts == (
        found.elective_deferral_402g,
        found.catchup_age50_414v,
        found.comp_limit_401a17,
        found.annual_additions_415c,
        found.hce_comp_threshold_414q,
        found.key_officer_threshold_416i,
        found.ss_wage_base,
    )


def test_every_year_from_2015_to_2026_is_on_file() -> None:
    assert sorted(published()) == list(range(2015, 2027))


def test_what_the_law_did_not_have_is_nothing() -> None:
    assert limits(2024).catchup_age60_63_414v is None
    assert limits(2023).roth_catchup_wage_threshold is None
    assert not limits(2025).roth_catchup_enforced
    assert limits(2026).roth_catchup_enforced
    assert limits(2026).roth_catchup_wage_threshold == 150_000


@pytest.mark.parametrize("year", range(2016, 2040))
def test_thresholds_looked_back_are_those_of_the_year_before(year: int) -> None:
    assert limits(year).hce_threshold_to_apply_for_plan_year == limits(year - 1).hce_comp_threshold_414q
    before = limits(year - 1).key_officer_threshold_416i
    assert limits(year).key_officer_threshold_to_apply_for_topheavy_plan_year == before


@given(st.integers(2027, 2100), rates)
def test_a_projection_never_falls_and_keeps_the_statutes_steps(year: int, rate: Decimal) -> None:
    now, before = limits(year, rate), limits(year - 1, rate)
    assert now.projected
    for name, step in {**STEPS, "ss_wage_base": 300}.items():
        assert getattr(now, name) >= getattr(before, name)
        assert getattr(now, name) % step == 0


def test_the_first_projected_year_by_hand() -> None:
    found = limits(2027, Decimal("0.025"))
    assert found.elective_deferral_402g == 25_000  # 25,112.50 down to 500
    assert found.catchup_age50_414v == 8_000  # 8,200 down to 500
    assert found.comp_limit_401a17 == 365_000  # 369,000 down to 5,000
    assert found.annual_additions_415c == 73_000  # 73,800 down to 1,000
    assert found.hce_comp_threshold_414q == 160_000  # 164,000 down to 5,000
    assert found.ss_wage_base == 189_000  # 189,112.50 to the nearest 300
    assert found.key_owner_1pct_comp_threshold == 150_000  # not indexed by law


def test_the_60_to_63_catch_up_is_data_and_never_below_the_one_from_50() -> None:
    assert limits(2027).catchup_age60_63_414v == 11_250
    late = limits(2060)
    assert late.catchup_age60_63_414v == late.catchup_age50_414v > 11_250


@given(st.integers(2027, 2100))
def test_without_indexation_the_last_published_limits_stand(year: int) -> None:
    assert limits(year, Decimal(0)).elective_deferral_402g == limits(2026).elective_deferral_402g


def test_a_year_before_the_first_on_file_is_an_error() -> None:
    with pytest.raises(ScenarioError, match="2015 or later"):
        limits(2014)
