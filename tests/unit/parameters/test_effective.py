"""The values a run uses, by year and level."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from simulation.parameters import Levers, Scenario, effective_parameters, load_scenario
from simulation.parameters.overlay import parameters


def test_engines_get_one_row_a_year_and_level_in_basis_points() -> None:
    frame = Scenario().levers
    assert frame.height == 25
    assert frame.schema == {
        "simulation_year": pl.Int32,
        "job_level": pl.Int8,
        "merit_bp": pl.Int32,
        "merit_scaled": pl.Boolean,
        "cola_bp": pl.Int32,
        "new_hire_adjustment_bp": pl.Int32,
        "promotion_probability_bp": pl.Int32,
        "promotion_scaled": pl.Boolean,
        "promotion_raise_bp": pl.Int32,
    }
    assert frame.row(0) == (2025, 1, 400, True, 150, 10_000, 1200, True, 900)


def test_a_row_is_taken_unscaled_for_its_year_and_level_only() -> None:
    rows = (
        Levers()
        .with_value("merit_base", "5%", [2026], [3])
        .with_value("promotion_probability", 0.2, [2026], [3])
    )
    frame = Scenario().with_levers(rows).levers
    asked = pl.col("simulation_year").eq(2026) & pl.col("job_level").eq(3)
    assert frame.filter(asked).select(
        "merit_bp", "merit_scaled", "promotion_probability_bp", "promotion_scaled"
    ).row(0) == (500, False, 2000, False)
    assert frame.filter(~asked).equals(Scenario().levers.filter(~asked))


@pytest.mark.parametrize(
    ("setting", "column"),
    [
        ("compensation.merit.budget=null", "merit_scaled"),
        ("workforce.promotion.rate=null", "promotion_scaled"),
    ],
)
def test_nothing_is_scaled_where_nothing_is_asked(setting: str, column: str) -> None:
    assert not load_scenario("baseline", set=[setting]).levers[column].any()


def test_every_parameter_is_there_every_year() -> None:
    frame = effective_parameters(load_scenario("baseline"))
    wanted = {key for key, record in parameters().items() if not record.identity}
    ratings = {f"compensation.merit.rating_multiplier.{rating}" for rating in range(1, 6)}
    for _, year in frame.group_by("simulation_year"):
        names = set(year["parameter"]) - ratings
        assert wanted - {"compensation.merit.rating_multiplier"} <= names
        assert ratings <= set(year["parameter"])
    assert frame.select("simulation_year", "job_level", "parameter").is_unique().all()


def test_value_unit_and_origin_are_those_used() -> None:
    rows = Levers().with_value("cola_rate", "3%", [2026], [2])
    frame = effective_parameters(load_scenario("high_growth").with_levers(rows))

    def used(parameter: str, year: int, level: int | None) -> tuple[Decimal | None, str, str, str]:
        level_is = pl.col("job_level").eq_missing(pl.lit(level, pl.Int8))
        found = frame.filter(pl.col("parameter") == parameter, pl.col("simulation_year") == year, level_is)
        return found.select("value", "value_text", "unit", "origin").row(0)

    assert used("compensation.cola.rate", 2026, 2) == (Decimal("0.03"), "0.03", "share of pay", "comp_levers")
    assert used("compensation.cola.rate", 2026, 3) == (Decimal("0.015"), "0.015", "share of pay", "baseline")
    assert used("workforce.growth.rate", 2029, None)[3] == "overlay:high_growth"
    assert used("workforce.growth.mode", 2029, None) == (None, "exact", "choice", "baseline")
    assert used("limits.elective_deferral_402g", 2026, None)[::3] == (Decimal(24500), "limits")
    assert used("limits.elective_deferral_402g", 2029, None)[3] == "limits (projected)"


def test_one_year_is_that_year_of_all() -> None:
    every = effective_parameters(Scenario())
    one = effective_parameters(Scenario(), years=[2027])
    assert one.equals(every.filter(pl.col("simulation_year") == 2027))
