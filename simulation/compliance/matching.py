"""The match that a year's deferrals earn, for what is left of it when some of them are refunded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from simulation.dates import completed_years, year_start
from simulation.rules.bands import band_of
from simulation.rules.compensation_limit import countable_pay
from simulation.rules.match import MatchTables, match
from simulation.units import CENTS_PER_DOLLAR

if TYPE_CHECKING:
    from simulation.compliance.plan_year import PlanYear
    from simulation.rules.rounding import Whole


def match_on(year: PlanYear, people: pl.DataFrame, deferrals: Whole) -> Whole:
    """Return the match, in cents, that the formula gives on the whole year's pay and some deferrals."""
    design = year.scenario.plan.match
    begin = year_start(year.year)
    facts = people.select(
        service=completed_years("hire_date", begin), age=completed_years("birth_date", begin)
    )
    service, age = (facts[name].cast(pl.Int64).to_numpy() for name in ("service", "age"))
    reached = {"service": service, "points": service + age}.get(design.formula, service * 0)
    pay = countable_pay(people["pay_cents"].to_numpy(), year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    return match(pay, deferrals, MatchTables.of(*design.tables_bp), band_of(design.starts, reached))
