"""Why an event happened, in plain words: the rule, and of a draw the chance that it was held against."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Final

from markupsafe import Markup

from simulation.parameters.overlay import parameters

RULES: Final[Mapping[str, str]] = {
    "IRC 416(i)": "the law's tests for key employees",
    "census": "the census",
    "compensation.cola": "cost-of-living adjustment",
    "compensation.market": "pay below the market",
    "compensation.merit": "merit budget",
    "compensation.promotion": "promotion",
    "plan.accounts.fee_rate": "the plan's yearly fee",
    "plan.accounts.returns": "the year's return",
    "plan.auto_enrollment.default_rate": "automatic enrolment",
    "plan.auto_enrollment.opt_out_rate": "chose not to be enrolled",
    "plan.auto_enrollment.withdrawal_rate": "took early contributions back",
    "plan.deferral": "own election, from pay",
    "plan.deferral.catch_up": "old enough for catch-up contributions",
    "plan.deferral.lower_rate": "chose to defer less",
    "plan.deferral.raise_rate": "chose to defer more",
    "plan.deferral.roth_share": "joined, and chose between pre-tax and Roth",
    "plan.deferral.stop_rate": "chose to stop",
    "plan.distributions.cash_limit": "small balance of a leaver, paid in cash",
    "plan.distributions.cash_out_rate": "leaver chose cash",
    "plan.distributions.force_out_limit": "small balance of a leaver, rolled over by the plan",
    "plan.distributions.hardship_rate": "hardship",
    "plan.distributions.in_service_rate": "old enough to withdraw at work",
    "plan.distributions.required_minimum": "minimum that the law requires at this age",
    "plan.distributions.rollover_rate": "leaver rolled it over",
    "plan.eligibility": "age and service asked for by the plan",
    "plan.enrollment.change_of_mind_rate": "changed an earlier mind",
    "plan.enrollment.first_year_rate": "joined in the first year of eligibility",
    "plan.enrollment.long_run_rate": "joined in a later year",
    "plan.escalation.increase": "yearly automatic increase",
    "plan.escalation.refusal_rate": "refused the automatic increase",
    "plan.forfeitures.deemed_cash_out": "left with nothing vested",
    "plan.forfeitures.restore_on_rehire": "came back in time",
    "plan.forfeitures.timing": "not vested on leaving",
    "plan.forfeitures.use": "the plan's use of forfeitures",
    "plan.loans.default_rate": "missed payments",
    "plan.loans.interest_rate": "payment that was due",
    "plan.loans.on_exit": "left with a loan",
    "plan.loans.take_up": "asked for a loan",
    "plan.match": "the plan's match",
    "plan.nonelective": "the plan's nonelective contribution",
    "plan.profit_sharing": "the plan's profit sharing",
    "plan.testing.approach": "close to a limit of the law",
    "plan.testing.hce_method": "pay against the threshold for highly compensated employees",
    "plan.vesting.service_method": "years of service",
    "workforce.growth.exact": "hired to the headcount that growth asks for",
    "workforce.growth.expected": "hired as growth asks for on average",
    "workforce.hours": "hours worked in the year",
    "workforce.hours.leave_rate": "unpaid leave",
    "workforce.promotion.by_level": "promoted from this level",
    "workforce.rehire.rate": "hired again",
    "workforce.termination.death": "death",
    "workforce.termination.death_by_age": "death",
    "workforce.termination.disability": "disability",
    "workforce.termination.involuntary": "let go",
    "workforce.termination.new_hire_rate": "left in the first year",
    "workforce.termination.retirement": "retired",
    "workforce.termination.voluntary": "left for another place",
}
"""What the rules of the engines say to somebody who never read a scenario file."""


def cause_words(cause: str) -> Markup:
    """Return why an event happened; a draw below the chance made it happen, and both are said."""
    said = json.loads(cause)
    words = rule_words(said["rule"])
    if said["probability"] is None or said["draw"] is None:
        return Markup.escape(words)
    chance = f"chance {_share(said['probability'])}, drew {_share(said['draw'])}"
    return Markup("{} <small>{}</small>").format(words, chance)


@cache
def rule_words(rule: str) -> str:
    """Return a rule in words: ours, else the title of its parameter, else its name without dots."""
    if rule in RULES:
        return RULES[rule]
    record = parameters().get(rule)
    return record.title if record else rule.replace(".", ", ").replace("_", " ")


def _share(value: float) -> str:
    return f"{value * 100:.2f} %"
