"""Deferral limits, catch-up, excess deferrals, the Roth rule."""

from __future__ import annotations

from datetime import date

from simulation.parameters.limits import published
from simulation.rules.deferral_limits import (
    age_at_year_end,
    catchup_eligible,
    exceeds_own_limit,
    excess_distribution,
    excess_income_inclusion,
    split_deferral,
)
from simulation.rules.roth_catchup import (
    allowed_catchup,
    first_roth_year,
    roth_catchup_required,
    roth_correction_required,
)
from tests.golden.money import cents, column, money, only, row, whole_dollars
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import age_of, catchup_at, catchup_cap, deferral_cap, in_cents, limits_of


@topic("deferral_limit_by_age")
def deferral_limit_by_age(inputs: Inputs) -> Results:
    """Answer the most that may be deferred and added at an age."""
    catchup = catchup_cap(inputs)
    return {
        "max_deferral": money(deferral_cap(inputs) + catchup),
        "catchup": money(catchup),
        "max_total_with_catchup": money(in_cents(limits_of(inputs).annual_additions_415c) + catchup),
    }


@topic("catchup_age")
def catchup_age(inputs: Inputs) -> Results:
    """Answer whether somebody born on a day may make catch-up contributions, and how much."""
    age = age_at_year_end(date.fromisoformat(inputs["birth_date"]).year, int(inputs["year"]))
    limit = catchup_at(only(age), limits_of(inputs))
    return {
        "catchup_eligible": bool(catchup_eligible(age)[0]),
        "limit": whole_dollars(limit),
        "age": only(age),
    }


@topic("excess_deferral")
def excess_deferral(inputs: Inputs) -> Results:
    """Answer what of a year's deferral is catch-up and what is too much."""
    split = split_deferral(row(inputs["deferral"]), deferral_cap(inputs), catchup_cap(inputs))
    return {"excess_deferral": money(split.refused), "catchup_used": money(split.catchup)}


@topic("excess_deferral_two_employers")
def excess_deferral_two_employers(inputs: Inputs) -> Results:
    """Answer the excess over all plans of a person, and whether one plan alone broke the limit."""
    plans = column(inputs[key] for key in inputs if key.startswith("plan_"))
    limit, catchup = deferral_cap(inputs), catchup_cap(inputs)
    split = split_deferral(plans.sum(), limit, catchup)
    employers = plans.sum() if inputs.get("same_employer", False) else plans
    return {
        "excess_deferral": money(split.refused),
        "catchup_used": money(split.catchup),
        "qualification_failure": bool(exceeds_own_limit(employers, limit, catchup).any()),
    }


@topic("excess_deferral_with_loss")
def excess_deferral_with_loss(inputs: Inputs) -> Results:
    """Answer what is paid back of an excess that earned or lost, and what is taxed in its year."""
    excess = row(inputs["excess"])
    gain = inputs.get("allocable_income", inputs.get("allocable_gain", "0"))
    income = cents(gain) - cents(inputs.get("allocable_loss", "0"))
    return {
        "distribution": money(excess_distribution(excess, income)),
        "income_inclusion": money(excess_income_inclusion(excess)),
    }


@topic("roth_catchup")
def roth_catchup(inputs: Inputs) -> Results:
    """Answer whether catch-up has to be Roth, from when on, and what it leaves to defer."""
    of_year = limits_of(inputs)
    threshold = of_year.roth_catchup_wage_threshold if of_year.roth_catchup_enforced else None
    wages = row(inputs.get("prior_year_fica_wages_same_employer", "0"))
    required = roth_catchup_required(wages, None if threshold is None else in_cents(threshold))
    catchup = allowed_catchup(
        catchup_at(age_of(inputs), of_year), required, plan_has_roth=inputs.get("plan_has_roth", True)
    )
    return {
        "roth_required": bool(required[0]),
        "max_catchup": money(catchup),
        "max_deferral": money(deferral_cap(inputs) + catchup),
        **_first_year(inputs),
    }


def _first_year(inputs: Inputs) -> Results:
    if "hire_date" not in inputs:
        return {}
    enforced = min(year for year, each in published().items() if each.roth_catchup_enforced)
    hired = date.fromisoformat(inputs["hire_date"]).year
    return {"first_possible_year": only(first_roth_year(hired, enforced))}


@topic("roth_catchup_correction")
def roth_catchup_correction(inputs: Inputs) -> Results:
    """Answer which pre-tax catch-up that had to be Roth needs a correction."""
    amounts = inputs["pretax_amount_that_should_be_roth"]
    required = roth_correction_required(column([amounts] if isinstance(amounts, str) else amounts)).tolist()
    return {"correction_required": required[0] if isinstance(amounts, str) else required}
