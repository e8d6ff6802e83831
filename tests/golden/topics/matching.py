"""Matching and safe-harbor nonelective contributions."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

import numpy as np

from simulation.rules.deferral_limits import split_deferral
from simulation.rules.exact import portion
from simulation.rules.match import (
    MatchTables,
    capped_match,
    match,
    matchable_deferral,
    matched_deferral,
    tier_matches,
    true_up,
)
from simulation.rules.nonelective import SAFE_HARBOR_BP, nonelective
from simulation.rules.rounding import Whole, part
from tests.golden.formulas import match_tables, tier_tables
from tests.golden.money import basis_points, fraction, money, row, shortest
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.limits_of import catchup_cap, countable, countable_periods, deferral_cap

WHOLE_PAY: Final = 10**10
"""A pay in cents, large enough for every match rate on it to be a whole number of cents."""

MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
SPAN: Final = re.compile(rf"({'|'.join(MONTHS)})\w*(?:\s*(?:-|–|to|through)\s*({'|'.join(MONTHS)}))?")


def deferral_of(inputs: Inputs, pay: Whole) -> Whole:
    """Return the deferral that is given, or the given rate of actual pay, or all of the pay."""
    if "deferral" in inputs:
        return row(inputs["deferral"])
    return part(pay, basis_points(inputs["deferral_rate"])) if "deferral_rate" in inputs else pay


@topic("match_formula")
def match_formula(inputs: Inputs) -> Results:
    """Answer the match as a share of pay for each deferral rate."""
    tables = tier_tables(inputs["tiers"]) if "tiers" in inputs else match_tables(inputs["formula"])
    pay = np.full(len(inputs["deferral_rates"]), WHOLE_PAY, dtype=np.int64)
    deferrals = np.array(
        [int(fraction(rate) * WHOLE_PAY) for rate in inputs["deferral_rates"]], dtype=np.int64
    )
    matches = match(pay, deferrals, tables).tolist()
    return {"match_pct_of_comp": [shortest(Fraction(cents, WHOLE_PAY)) for cents in matches]}


@topic("match_per_payroll")
def match_per_payroll(inputs: Inputs) -> Results:
    """Answer the deferral of a period and its match, also tier by tier."""
    pay, tables = row(inputs["gross"]), match_tables(inputs["formula"])
    deferral = deferral_of(inputs, pay)
    tiers = enumerate(tier_matches(pay, deferral, tables), start=1)
    return {
        "deferral": money(deferral),
        "match": money(match(pay, deferral, tables)),
        **{f"tier{place}": money(amount) for place, amount in tiers},
    }


@topic("match_correction")
def match_correction(inputs: Inputs) -> Results:
    """Answer the match that was due and what is missing of it, or too much."""
    pay = countable(inputs, inputs["comp"])
    due = match(pay, deferral_of(inputs, row(inputs["comp"])), match_tables(inputs["formula"]))
    made = row(inputs["match_made"])
    return {
        "match_due": money(due),
        "shortfall": money(true_up(due, made)),
        "excess": money(true_up(made, due)),
    }


@topic("match_rounding")
def match_rounding(inputs: Inputs) -> Results:
    """Answer the sum of rounded matches of periods beside the match of the year."""
    tables, annual = match_tables(inputs["formula"]), row(inputs["annual_comp"])
    pay = np.repeat(portion(annual, Fraction(1, int(inputs["periods"]))), int(inputs["periods"]))
    matches = match(countable_periods(inputs, pay), deferral_of(inputs, pay), tables)
    return {
        "gross_per_period": money(pay[0]),
        "match_per_period": money(matches[0]),
        "annual_sum": money(matches.sum()),
        "annual_formula": money(match(countable(inputs, annual), deferral_of(inputs, annual), tables)),
    }


@topic("match_cap")
@topic("match_dollar_cap")
def match_cap(inputs: Inputs) -> Results:
    """Answer the match on capped pay, before and after a cap in dollars."""
    pay = countable(inputs, inputs["comp"])
    before = match(pay, deferral_of(inputs, row(inputs["comp"])), match_tables(inputs["formula"]))
    cap = inputs.get("annual_dollar_cap")
    return {
        "countable_comp": money(pay),
        "match_before_cap": money(before),
        "match": money(capped_match(before, row(cap)) if cap else before),
    }


@topic("match_on_catchup")
def match_on_catchup(inputs: Inputs) -> Results:
    """Answer the match with catch-up matched as the plan says, and if it were matched."""
    pay, tables = countable(inputs, inputs["comp"]), match_tables(inputs["formula"])
    split = split_deferral(row(inputs["deferral"]), deferral_cap(inputs), catchup_cap(inputs))
    deferral = matchable_deferral(split.regular, split.catchup, catchup_matched=inputs["catchup_matched"])
    return {
        "matched_deferral": money(matched_deferral(pay, deferral, tables)),
        "match": money(match(pay, deferral, tables)),
        "match_if_catchup_matched": money(match(pay, split.taken, tables)),
    }


@topic("safe_harbor_nonelective")
def safe_harbor_nonelective(inputs: Inputs) -> Results:
    """Answer the nonelective contribution, whatever was deferred."""
    rate = basis_points(inputs["rate"]) if "rate" in inputs else SAFE_HARBOR_BP
    pay = countable(inputs, inputs["comp"])
    return {"countable_comp": money(pay), "nonelective": money(nonelective(pay, rate))}


@topic("match_true_up")
def match_true_up(inputs: Inputs) -> Results:
    """Answer the match of the periods, that of the year, and the true-up between them."""
    tables = match_tables(inputs["formula"])
    paid, annual = _periods_and_year(inputs, tables)
    missing = money(true_up(annual, paid.sum()))
    return {
        "per_payroll_match": money(paid.sum()),
        "annual_match": money(annual),
        "true_up": missing,
        "lost_without_true_up": missing,
    }


def _periods_and_year(inputs: Inputs, tables: MatchTables) -> tuple[Whole, Whole]:
    pay, deferrals = _periods(inputs)
    year = countable(inputs, inputs.get("comp") or inputs["annual_comp"])
    return match(countable_periods(inputs, pay), deferrals, tables), match(year, deferrals.sum(), tables)


def _periods(inputs: Inputs) -> tuple[Whole, Whole]:
    """Return pay and deferral of each period in which something is deferred."""
    if "bonus_payroll_comp" in inputs:
        return row(inputs["bonus_payroll_comp"]), row(inputs["deferral_in_bonus_payroll"])
    year = row(inputs["comp"])
    if "deferred_in" in inputs:
        first, last = SPAN.findall(inputs["deferred_in"].lower())[0]
        months = MONTHS.index(last or first) - MONTHS.index(first) + 1
        return portion(year, Fraction(months, len(MONTHS))), row(inputs["deferral"])
    pay = np.repeat(portion(year, Fraction(1, int(inputs["periods"]))), int(inputs["periods_deferring"]))
    return pay, deferral_of(inputs, pay)
