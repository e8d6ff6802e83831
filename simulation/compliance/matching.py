"""The match that goes with deferrals that are refunded: what the rest of them no longer earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simulation.dates import completed_years, year_start
from simulation.rules.bands import band_of
from simulation.rules.compensation_limit import countable_pay
from simulation.rules.exact import column
from simulation.rules.match import MatchTables, capped_match, match, matchable_deferral
from simulation.units import CENTS_PER_DOLLAR, cents

if TYPE_CHECKING:
    from simulation.compliance.people import People
    from simulation.compliance.plan_year import PlanYear
    from simulation.rules.rounding import Whole


def match_lost(year: PlanYear, people: People, refund: Whole) -> Whole:
    """Return the match, in cents, that is forfeited with a refund of deferrals (IRC 411(a)(3)(G)).

    What the formula gives less on the whole year, and never more than was paid above what the remaining
    deferrals earn. Deferrals that the formula did not look at go back first.
    """
    regular = people.sum_of("pre_tax_cents", "roth_cents") - people["catchup_cents"]
    matched = matchable_deferral(
        regular - people["taken_back_cents"],
        people["catchup_cents"],
        catchup_matched=year.scenario.plan.match.catch_up,
    )
    rest = _earned(year, people, np.maximum(matched - refund, 0))
    paid = people["match_cents"] - people["match_taken_back_cents"]
    less = _earned(year, people, np.maximum(matched, 0)) - rest
    return column(np.minimum(less, np.maximum(paid - rest, 0)))


def _earned(year: PlanYear, people: People, deferrals: Whole) -> Whole:
    """Return what the formula gives on the whole year's pay and some deferrals, in cents."""
    design = year.scenario.plan.match
    begin = year_start(year.year)
    facts = people.frame("service_date", "birth_date").select(
        service=completed_years("service_date", begin), age=completed_years("birth_date", begin)
    )
    service, age = (facts[name].to_numpy().astype(np.int64) for name in ("service", "age"))
    reached = {"service": service, "points": service + age}.get(design.formula, service * 0)
    pay = countable_pay(people["pay_cents"], year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    given = match(pay, deferrals, MatchTables.of(*design.tables_bp), band_of(design.starts, reached))
    return given if design.dollar_cap is None else capped_match(given, cents(design.dollar_cap))
