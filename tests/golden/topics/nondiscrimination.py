"""ADP and ACP tests: ratios, averages, limits, and catch-up in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np

from simulation.parameters.limits import published
from simulation.rules.deferral_limits import catchup_eligible, split_deferral
from simulation.rules.nondiscrimination import (
    FIRST_YEAR_AVERAGE,
    contribution_ratios,
    counted_deferrals,
    highest_average,
    passes,
)
from simulation.rules.ratios import Number, Ratios, exact_of, rounded_to
from simulation.rules.refunds import recharacterised
from simulation.rules.rounding import Whole
from tests.golden.money import RATIO_PLACES, cents, column, fraction, money, ratio, row, shortest
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import age_of, catchup_at, countable, deferral_cap, limits_of

VERDICTS: Final = {True: "pass", False: "fail"}


def shown(number: Number) -> str:
    """Return a ratio with four decimals."""
    return ratio(rounded_to(RATIO_PLACES, number))


def plain(number: Number) -> str:
    """Return a limit in its shortest form, with four decimals where it has no end."""
    exact = exact_of(number)
    try:
        return shortest(exact)
    except ValueError:
        return ratio(exact)


def nhce_average(inputs: Inputs) -> Fraction:
    """Return the others' average, deemed 3 % where the case tells none or says that it is the first year."""
    first = inputs.get("first_plan_year", "nhce_adp" not in inputs)
    return FIRST_YEAR_AVERAGE if first else fraction(inputs["nhce_adp"])


@topic("adp_limit")
def adp_limit(inputs: Inputs) -> Results:
    """Answer the highest average allowed."""
    return {"max_hce_adp": plain(highest_average(nhce_average(inputs)))}


@topic("adp_test")
def adp_test(inputs: Inputs) -> Results:
    """Answer whether the ADP test is met, and its limit."""
    others = nhce_average(inputs)
    result = VERDICTS[passes(fraction(inputs["hce_adp"]), others)]
    return {"result": result, "max_hce_adp": shown(highest_average(others))}


@topic("acp_test")
def acp_test(inputs: Inputs) -> Results:
    """Answer whether the ACP test is met, and its limit."""
    others = fraction(inputs["nhce_acp"])
    result = VERDICTS[passes(fraction(inputs["hce_acp"]), others)]
    return {"result": result, "max_hce_acp": shown(highest_average(others))}


@topic("adp_prior_vs_current")
def adp_prior_vs_current(inputs: Inputs) -> Results:
    """Answer the test by both methods."""
    highest = fraction(inputs["hce_adp_current"])
    found: Results = {}
    for method in ("prior", "current"):
        others = fraction(inputs[f"nhce_adp_{method}"])
        found[f"{method}_year_result"] = VERDICTS[passes(highest, others)]
        found[f"{method}_year_limit"] = shown(highest_average(others))
    return found


@topic("adp_average")
def adp_average(inputs: Inputs) -> Results:
    """Answer the ratios and averages of each group that the case lists, and the test where it lists both."""
    groups = {name: ratios_of(inputs, inputs[f"{name}s"]) for name in ("nhce", "hce") if f"{name}s" in inputs}
    found: Results = {f"{name}_adp": shown(ratios.mean()) for name, ratios in groups.items()}
    for ratios in list(groups.values())[:1]:
        adrs = [ratio(ratios.at(place)) for place in range(len(ratios))]
        found |= {"adrs": adrs, "adp": shown(ratios.mean())}
    if len(groups) == len(("nhce", "hce")):
        found["result"] = VERDICTS[passes(groups["hce"].mean(), groups["nhce"].mean())]
    return found


@topic("adp_ratio")
def adp_ratio(inputs: Inputs) -> Results:
    """Answer one person's ratio."""
    counted = row(inputs["deferral"])
    if "age" in inputs or "age_at_dec31" in inputs:
        counted = counted_and_catchup(inputs)[0]
    pay = countable(inputs, inputs["comp"])
    return {"adr": shown(contribution_ratios(counted, pay, pay).at(0)), "counted_in_adp": money(counted)}


@topic("adp_catchup")
def adp_catchup(inputs: Inputs) -> Results:
    """Answer what of a deferral leaves the test as catch-up, or what of a refund becomes catch-up."""
    found: Results = {}
    if "deferral" in inputs:
        counted, catchup = counted_and_catchup(inputs)
        found |= {"counted_in_adp": money(counted), "catchup_excluded": money(catchup)}
    if "refund_before_catchup" in inputs:
        refund = row(inputs["refund_before_catchup"])
        turned = recharacterised(refund, row(inputs.get("unused_catchup", "0")))
        found |= {"recharacterized": money(turned), "refund_paid": money(refund - turned)}
    return found


def counted_and_catchup(inputs: Inputs) -> tuple[Whole, Whole]:
    """Return what of a deferral the test counts and what is catch-up; the person is an HCE unless told."""
    limit = cents(inputs["limit_402g"]) if "limit_402g" in inputs else deferral_cap(inputs)
    split = split_deferral(row(inputs["deferral"]), limit, catchup_room(inputs, inputs))
    return counted_deferrals(split, np.array([inputs.get("hce", True)])), split.catchup


def room_told(inputs: Inputs, person: Mapping[str, Any]) -> bool:
    """Tell whether a case says how much catch-up there can be, by an amount or a year on file."""
    amounts = {"unused_catchup", "catchup_limit"}
    return not amounts.isdisjoint({*inputs, *person}) or int(inputs.get("year", 0)) in published()


def catchup_room(inputs: Inputs, person: Mapping[str, Any]) -> Whole:
    """Return a person's unused catch-up: as told, or the limit at the age; nought where nothing tells it."""
    told = person.get("unused_catchup")
    if told is not None:
        return row(told)
    age = age_of(person)
    given = person.get("catchup_limit", inputs.get("catchup_limit", inputs.get("unused_catchup")))
    if given is not None:
        return np.where(catchup_eligible(age), row(given), 0)
    return catchup_at(age, limits_of(inputs)) if int(inputs.get("year", 0)) in published() else row("0")


def deferrals_of(people: Sequence[Mapping[str, Any]]) -> Whole:
    """Return what people defer."""
    return column(person["deferral"] for person in people)


def pay_of(inputs: Inputs, people: Sequence[Mapping[str, Any]]) -> Whole:
    """Return what people are paid, to the cap of the case."""
    return countable(inputs, column(person["comp"] for person in people))


def ratios_of(inputs: Inputs, people: Sequence[Mapping[str, Any]]) -> Ratios:
    """Return people's deferral ratios."""
    pay = pay_of(inputs, people)
    return contribution_ratios(deferrals_of(people), pay, pay)
