"""The match that goes with deferrals that are refunded: what the rest of them no longer earns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.dates import years_on_new_year
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
    pay = countable_pay(people["pay_cents"], year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    chosen = band_of(design.starts, _reached(year, people, design.formula))
    given = match(pay, deferrals, MatchTables.of(*design.tables_bp), chosen)
    return given if design.dollar_cap is None else capped_match(given, cents(design.dollar_cap))


def _reached(year: PlanYear, people: People, formula: str) -> Whole:
    """Return what a formula goes by on the first day: years of service, points, or nothing."""
    if formula not in {"service", "points"}:
        return np.zeros(len(people), dtype=np.int64)
    service = years_on_new_year(pl.Series(people["service_date"]), year.year)
    if formula == "service":
        return service
    return service + years_on_new_year(pl.Series(people["birth_date"]), year.year)
