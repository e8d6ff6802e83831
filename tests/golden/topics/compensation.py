"""The cap on countable pay, and which year's limits a plan year takes."""

from __future__ import annotations

from datetime import date

from simulation.parameters.limits import limits
from simulation.rules.compensation_limit import countable_pay
from simulation.rules.limit_years import limit_years, short_period_limit
from simulation.rules.match import match, matched_deferral
from tests.golden.formulas import match_tables
from tests.golden.money import column, money, moneys, row, whole_dollars
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import compensation_cap, countable, in_cents
from tests.golden.topics.matching import deferral_of


@topic("comp_limit_match")
def comp_limit_match(inputs: Inputs) -> Results:
    """Answer the match on capped pay, or the most that a formula gives at each of several caps."""
    tables = match_tables(inputs["formula"])
    if "comp" not in inputs:
        given = inputs["comp_limit"]
        caps = column([given] if isinstance(given, str) else given)
        most = moneys(match(caps, caps, tables))
        return {"max_match": most[0] if isinstance(given, str) else most}
    pay, deferral = countable(inputs, inputs["comp"]), deferral_of(inputs, row(inputs["comp"]))
    return {
        "countable_comp": money(pay),
        "match": money(match(pay, deferral, tables)),
        "matched_deferral": money(matched_deferral(pay, deferral, tables)),
    }


@topic("comp_limit_short_year")
def comp_limit_short_year(inputs: Inputs) -> Results:
    """Answer the cap of a short measuring period, and what it does to pay and match where they are given."""
    limit = short_period_limit(compensation_cap(inputs) or 0, int(inputs["months"]))
    answer = {"prorated_limit": money(limit)}
    if "comp" in inputs:
        pay = countable_pay(row(inputs["comp"]), limit)
        answer["countable_comp"] = money(pay)
        if "deferral" in inputs:
            tables = match_tables(inputs["formula"])
            answer["match"] = money(match(pay, row(inputs["deferral"]), tables))
    return answer


@topic("comp_limit_mid_year_hire")
def comp_limit_mid_year_hire(inputs: Inputs) -> Results:
    """Answer the pay that counts of somebody hired within a whole plan year."""
    return {
        "countable_comp": money(countable(inputs, inputs["comp_paid"])),
        "limit": money(compensation_cap(inputs) or 0),
    }


@topic("limits_fiscal_year")
def limits_fiscal_year(inputs: Inputs) -> Results:
    """Answer the limits of a plan year that need not be the calendar year."""
    first, last = map(date.fromisoformat, inputs["plan_year"].split("/"))
    years = limit_years(first, last)
    return {
        "comp_limit_401a17": whole_dollars(in_cents(limits(years.compensation).comp_limit_401a17)),
        "annual_additions_415c": whole_dollars(in_cents(limits(years.additions).annual_additions_415c)),
        "deferral_402g": "calendar-year basis",
    }
