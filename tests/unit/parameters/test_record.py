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
    "plan.enabled",
    "plan.established",
    "plan.eligibility.minimum_age",
    "plan.eligibility.service_months",
    "plan.eligibility.employer_service_months",
    "plan.eligibility.service_method",
    "plan.eligibility.entry",
    "plan.eligibility.excluded_classes",
    "plan.eligibility.long_term_part_time",
    "plan.auto_enrollment.enabled",
    "plan.auto_enrollment.form",
    "plan.auto_enrollment.default_rate",
    "plan.auto_enrollment.window_days",
    "plan.auto_enrollment.scope",
    "plan.auto_enrollment.opt_out_rate",
    "plan.auto_enrollment.opt_out_age_multiplier",
    "plan.auto_enrollment.opt_out_income_multiplier",
    "plan.auto_enrollment.withdrawal_window_days",
    "plan.auto_enrollment.withdrawal_rate",
    "plan.enrollment.first_year_rate",
    "plan.enrollment.long_run_rate",
    "plan.enrollment.age_multiplier",
    "plan.enrollment.income_multiplier",
    "plan.enrollment.change_of_mind_rate",
    "plan.deferral.rate_by_age",
    "plan.deferral.income_multiplier",
    "plan.deferral.spread",
    "plan.deferral.step",
    "plan.deferral.maximum_rate",
    "plan.deferral.roth_feature",
    "plan.deferral.roth_share",
    "plan.deferral.catch_up",
    "plan.deferral.raise_rate",
    "plan.deferral.lower_rate",
    "plan.deferral.stop_rate",
    "plan.deferral.match_response_share",
    "plan.deferral.effective",
    "plan.escalation.enabled",
    "plan.escalation.scope",
    "plan.escalation.increase",
    "plan.escalation.cap",
    "plan.escalation.delay_years",
    "plan.escalation.month",
    "plan.escalation.day",
    "plan.escalation.refusal_rate",
    "plan.match.formula",
    "plan.match.tiers",
    "plan.match.service_tiers",
    "plan.match.points_tiers",
    "plan.match.period",
    "plan.match.true_up",
    "plan.match.dollar_cap",
    "plan.match.catch_up",
    "plan.match.last_day",
    "plan.match.minimum_hours",
    "plan.match.safe_harbor",
    "plan.nonelective.formula",
    "plan.nonelective.rate",
    "plan.nonelective.bands",
    "plan.nonelective.integration.level",
    "plan.nonelective.integration.excess_rate",
    "plan.nonelective.payment",
    "plan.nonelective.last_day",
    "plan.nonelective.minimum_hours",
    "plan.nonelective.safe_harbor",
    "plan.profit_sharing.formula",
    "plan.profit_sharing.rate",
    "plan.profit_sharing.integration_level",
    "plan.profit_sharing.groups",
    "plan.profit_sharing.last_day",
    "plan.profit_sharing.minimum_hours",
    "plan.profit_sharing.residual",
    "plan.vesting.match",
    "plan.vesting.nonelective",
    "plan.vesting.profit_sharing",
    "plan.vesting.custom",
    "plan.vesting.service_method",
    "plan.vesting.exclude_service_before_18",
    "plan.vesting.normal_retirement_age",
    "plan.vesting.full_at_death",
    "plan.vesting.full_at_disability",
    "plan.forfeitures.timing",
    "plan.forfeitures.deemed_cash_out",
    "plan.forfeitures.use",
    "plan.forfeitures.restore_on_rehire",
    "plan.accounts.returns",
    "plan.accounts.glide_path",
    "plan.accounts.equity_return",
    "plan.accounts.bond_return",
    "plan.accounts.equity_volatility",
    "plan.accounts.bond_volatility",
    "plan.accounts.fee_rate",
    "plan.accounts.fee_per_participant",
    "plan.loans.enabled",
    "plan.loans.take_up",
    "plan.loans.age_multiplier",
    "plan.loans.mean_amount",
    "plan.loans.interest_rate",
    "plan.loans.term_years",
    "plan.loans.maximum_loans",
    "plan.loans.highest_balance",
    "plan.loans.default_rate",
    "plan.loans.on_exit",
    "plan.distributions.cash_out_rate",
    "plan.distributions.rollover_rate",
    "plan.distributions.force_out_limit",
    "plan.distributions.cash_limit",
    "plan.distributions.hardship_rate",
    "plan.distributions.hardship_share",
    "plan.distributions.in_service_rate",
    "plan.distributions.required_minimum",
    "plan.partial_termination.threshold",
    "payroll.frequency",
    "output.keep",
    "output.balance_snapshots",
    "quality.drift.severity",
    "quality.drift.ks",
    "quality.drift.psi",
    "quality.drift.deferral_ks",
    "quality.drift.deferral_psi",
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
