"""The records: every parameter says what it is."""

from __future__ import annotations

import copy

import pytest
from pydantic import ValidationError

from simulation.parameters import Scenario, parameters
from simulation.parameters.overlay import defaults, leaves, nest
from simulation.parameters.record import Record

CONTRACT = {
    "name",
    "title",
    "description",
    "extends",
    "plan_design_id",
    "seed",
    "horizon.start_year",
    "horizon.end_year",
    "workforce.growth.rate",
    "workforce.growth.mode",
    "workforce.growth.headcount_path",
    "workforce.termination.total_rate",
    "workforce.termination.new_hire_rate",
    "workforce.termination.table_multiplier",
    "workforce.termination.by_service",
    "workforce.termination.age_multiplier",
    "workforce.termination.level_multiplier",
    "workforce.termination.involuntary_share",
    "workforce.termination.retirement_by_age",
    "workforce.termination.disability_by_age",
    "workforce.termination.death_by_age",
    "workforce.termination.month_weights",
    "workforce.reduction_in_force",
    "workforce.rehire.rate",
    "workforce.rehire.within_years",
    "workforce.hiring.limit",
    "workforce.hiring.level_mix",
    "workforce.hiring.part_time_share",
    "workforce.hiring.pay_adjustment",
    "workforce.hiring.month_weights",
    "workforce.promotion.rate",
    "workforce.promotion.by_level",
    "workforce.promotion.age_multiplier",
    "workforce.promotion.tenure_multiplier",
    "workforce.promotion.raise_mean",
    "workforce.promotion.raise_spread",
    "workforce.promotion.minimum_service_years",
    "workforce.promotion.month_weights",
    "workforce.hours.full_time_hours",
    "workforce.hours.leave_rate",
    "workforce.hours.leave_min_days",
    "workforce.hours.leave_max_days",
    "compensation.levers",
    "compensation.cola.rate",
    "compensation.cola.effective",
    "compensation.merit.budget",
    "compensation.merit.by_level",
    "compensation.merit.rating_multiplier",
    "compensation.merit.effective",
    "compensation.merit.prorate_new_hires",
    "compensation.market.share_of_gap",
    "compensation.market.effective",
    "compensation.bands.source",
    "compensation.bands.table",
    "compensation.bands.allow_exceed",
    "compensation.bands.index_with_cola",
    "plan.match.tiers",
    "plan.match.true_up",
    "plan.nonelective.rate",
    "plan.auto_enrollment.enabled",
    "plan.auto_enrollment.default_rate",
    "plan.vesting.match",
    "payroll.frequency",
    "output.keep",
    "output.balance_snapshots",
}
"""Keys that scenario files and engines rely on."""


@pytest.mark.parametrize("record", parameters().values(), ids=lambda record: record.key)
def test_every_parameter_has_title_description_unit_source_and_bounds(record: Record) -> None:
    assert record.title
    assert record.description.endswith(".")
    assert record.unit
    assert record.source
    if record.form.json in ({"type": "integer"}, {"type": "number"}):
        assert record.minimum is not None
        assert record.maximum is not None


def test_the_keys_that_others_rely_on_exist() -> None:
    assert set(parameters()) >= CONTRACT


def test_the_defaults_are_allowed_and_stay_what_they_are() -> None:
    assert Scenario.model_validate(nest(defaults())).flat() == defaults() == Scenario().flat()
    assert set(defaults()) == set(leaves())


def test_only_the_plan_payroll_limits_and_balances_are_inert() -> None:
    inert = {key for key, record in parameters().items() if record.inert}
    assert {key.partition(".")[0] for key in inert} == {"plan", "payroll", "limits", "output"}
    assert "output.keep" not in inert


def test_a_scenario_cannot_be_changed_or_extended_in_place() -> None:
    scenario = Scenario()
    with pytest.raises(ValidationError):
        scenario.workforce.growth.rate = scenario.compensation.cola.rate  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Scenario.model_validate({"workforce": {"growht": {}}})


def test_bounds_stand_in_the_words_of_a_record() -> None:
    assert parameters()["workforce.growth.rate"].allowed.endswith("(from -0.5 to 1)")
    assert parameters()["workforce.hiring.limit"].allowed.endswith("or null")


def test_a_scenario_survives_the_trip_to_a_worker() -> None:
    scenario = Scenario()
    assert copy.deepcopy(scenario).digest == scenario.digest
