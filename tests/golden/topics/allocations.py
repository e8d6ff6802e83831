"""Profit sharing: pro rata, integrated, new comparability, age-weighted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Final, TypeAlias

from simulation.rules.age_weighting import age_weight_ratio
from simulation.rules.allocation import Residual, per_capita, pro_rata, pro_rata_rate
from simulation.rules.gateway import gateway_amounts, gateway_rate
from simulation.rules.integration import (
    Step,
    allocate_by_steps,
    base_rate_for,
    excess_pay,
    four_steps,
    integrated_contribution,
    max_disparity_bp,
    step_totals,
    two_steps,
)
from simulation.rules.rounding import Whole
from simulation.units import BP
from tests.golden.money import cents, column, fraction, money, moneys, rate_of_bp, ratio
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import countable, in_cents, limits_of

MICRO: Final = 10**6
"""Units in a dollar where six decimals are asked for: the rules hold in any unit of money."""

Texts: TypeAlias = str | Sequence[str] | Mapping[str, str]


@topic("ps_pro_rata")
def ps_pro_rata(inputs: Inputs) -> Results:
    """Answer a contribution allocated by pay, its rate, and an equal share of it."""
    pool, pay = cents(inputs["contribution"]), _pay(inputs, inputs["comps"])
    return {
        "allocations": _like(inputs["comps"], moneys(pro_rata(pool, pay, _residual(inputs)))),
        "rate": ratio(pro_rata_rate(pool, pay)),
        "per_capita": money(per_capita(pool, len(pay))),
    }


@topic("ps_integrated")
def ps_integrated(inputs: Inputs) -> Results:
    """Answer the base rate that gives the officers their target, and what it gives the others."""
    disparity, level = fraction(inputs["disparity"]), cents(inputs["wage_base"])
    officers, others = _pay(inputs, inputs["officer_comp"]), _pay(inputs, inputs["employee_comps"])
    target = cents(inputs["officer_allocation_target"])
    base = base_rate_for(target, int(officers.max()), level, disparity)
    allocations, theirs = (
        integrated_contribution(pay, excess_pay(pay, level), base, disparity) for pay in (officers, others)
    )
    return {
        "base_rate": ratio(base, places=6),
        "employee_allocations": moneys(theirs),
        "officer_allocation": money(allocations.max()),
        "officer_allocations": moneys(allocations),
    }


def _by_steps(inputs: Inputs, steps_of: Callable[[Whole, int, Fraction], Sequence[Step]]) -> Results:
    pay = _pay(inputs, inputs["comps"])
    pool, level = cents(inputs["contribution"]), _level(inputs)
    disparity, residual = _disparity(inputs, level), _residual(inputs)
    steps = steps_of(pay, level, disparity)
    finer = MICRO // 100
    fine = allocate_by_steps(pool * finer, steps_of(pay * finer, level * finer, disparity), residual)
    totals = enumerate(step_totals(pool, steps), start=1)
    return {
        "allocations": _like(inputs["comps"], moneys(allocate_by_steps(pool, steps, residual))),
        "allocations_6dp": _like(
            inputs["comps"], [ratio(Fraction(int(each), MICRO), places=6) for each in fine]
        ),
        **{f"step{place}_total": ratio(taken / 100, places=2) for place, taken in totals},
    }


@topic("ps_integrated_two_step")
def ps_integrated_two_step(inputs: Inputs) -> Results:
    """Answer allocations by two steps, by four where the case says that the plan is top-heavy."""
    return _by_steps(inputs, four_steps if inputs.get("top_heavy", False) else two_steps)


@topic("ps_integrated_four_step")
def ps_integrated_four_step(inputs: Inputs) -> Results:
    """Answer allocations by four steps, by two where the case says that the plan is not top-heavy."""
    return _by_steps(inputs, four_steps if inputs.get("top_heavy", True) else two_steps)


@topic("ps_integration_limits")
def ps_integration_limits(inputs: Inputs) -> Results:
    """Answer the maximum disparity at each integration level."""
    levels, wage_base = inputs["integration_level"], _wage_base(inputs)
    rates = [rate_of_bp(max_disparity_bp(each, wage_base)) for each in column(_listed(levels)).tolist()]
    return {"max_disparity": rates[0] if isinstance(levels, str) else rates}


@topic("ps_new_comparability")
def ps_new_comparability(inputs: Inputs) -> Results:
    """Answer the gateway rate and what it gives."""
    highest = fraction(inputs["hce_rate"])
    pay = _pay(inputs, inputs["nhce_comps"])
    amounts = gateway_amounts(pay, pay, highest)
    return {
        "gateway_rate": ratio(gateway_rate(highest)),
        "nhce_allocations": _like(inputs["nhce_comps"], moneys(amounts)),
    }


@topic("ps_age_weighted_ratio")
def ps_age_weighted_ratio(inputs: Inputs) -> Results:
    """Answer how allocation rates at any two ages of the case stand to each other."""
    interest = fraction(inputs["interest"])
    return {
        f"ratio_{older}_to_{younger}": ratio(age_weight_ratio(interest, older, younger))
        for older, younger in combinations(inputs["ages"], 2)
    }


def _listed(texts: Texts) -> Sequence[str]:
    if isinstance(texts, Mapping):
        return list(texts.values())
    return [texts] if isinstance(texts, str) else texts


def _pay(inputs: Inputs, texts: Texts) -> Whole:
    return countable(inputs, column(_listed(texts)))


def _like(comps: Texts, values: Sequence[str]) -> Texts:
    """Return results by name where pay is told by name, in its order where it is not."""
    return dict(zip(comps, values, strict=True)) if isinstance(comps, Mapping) else values


def _wage_base(inputs: Inputs) -> int:
    return cents(inputs["wage_base"]) if "wage_base" in inputs else in_cents(limits_of(inputs).ss_wage_base)


def _level(inputs: Inputs) -> int:
    return cents(inputs["integration_level"]) if "integration_level" in inputs else _wage_base(inputs)


def _disparity(inputs: Inputs, level: int) -> Fraction:
    if "mdr" in inputs:
        return fraction(inputs["mdr"])
    return Fraction(max_disparity_bp(level, _wage_base(inputs)), BP)


def _residual(inputs: Inputs) -> Residual:
    return Residual(inputs.get("residual", inputs.get("residual_rule", Residual.NONE)))
