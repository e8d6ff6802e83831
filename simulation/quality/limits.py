"""Limits: nobody defers, is given or is lent more than the law allows.

Recounted from what a year has brought in all, by the rules that stop each pay period's contribution. That a
plan passes its tests is another matter: a failed one is a finding about the plan, not about the data.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from simulation.events.dc_plan import ContributionKind
from simulation.events.sources import SOURCES
from simulation.plan_limits import PlanLimits
from simulation.quality.subjects import Told
from simulation.roll import named
from simulation.rules.annual_additions import additions_excess, additions_limit
from simulation.rules.deferral_limits import age_at_year_end, catchup_limit, split_deferral
from simulation.rules.loan import DOLLAR_LIMIT_CENTS
from simulation.rules.rounding import Whole
from simulation.state import paid_cents
from simulation.units import BP


def deferrals(told: Told) -> pl.DataFrame:
    """Return who deferred more in the year than 402(g) and 414(v) allow at their age."""
    people, known = told.closed.people, PlanLimits.of(told.context.scenario, told.context.year)
    deferred = _sum(people, ["year_pre_tax_cents", "year_roth_cents"])
    high = np.flatnonzero(deferred > known.elective_deferral)
    born = people["birth_date"][high].dt.year().cast(pl.Int64).to_numpy()
    most = catchup_limit(
        age_at_year_end(born, told.context.year), known.catchup_from_50, known.catchup_from_60
    )
    refused = split_deferral(deferred[high], known.elective_deferral, most).refused
    return named(people, high[refused > 0])


def additions(told: Told) -> pl.DataFrame:
    """Return to whom more was allotted in the year than 415(c) allows.

    The top-heavy minimum is left out: section 416 asks for it whatever else was given, and `test-plan` tells
    whom it takes above the limit.
    """
    people, year = told.closed.people, told.context.year
    allotted = _sum(people, _ALLOTTED) - people["year_catchup_cents"].to_numpy()
    paid = people[_PAID].select(paid_cents(year)).to_series().to_numpy()
    limit = additions_limit(paid, PlanLimits.of(told.context.scenario, year).annual_additions)
    excess = additions_excess(limit, allotted)
    if excess.any():
        excess = additions_excess(limit, allotted - _top_heavy(told))
    return named(people, np.flatnonzero(excess))


_PAID: Final = ["day_cents", "employed_days", "leave_days"]
_ALLOTTED: Final = (*(f"year_{source}_cents" for source in SOURCES), "year_reallocated_cents")


def _top_heavy(told: Told) -> Whole:
    """Return everybody's top-heavy minimum of the year in cents."""
    sums = np.zeros(told.closed.people.height + 1, dtype=np.int64)
    if "contribution" in told.events:
        paid = told.events["contribution"]
        minimum = np.flatnonzero(paid["kind"] == ContributionKind.TOP_HEAVY.value)
        np.add.at(sums, told.rows["contribution"][minimum], paid["amount_cents"].to_numpy()[minimum])
    return sums[:-1]


def elections(told: Told) -> pl.DataFrame:
    """Return who elected to defer less than nothing or more than all pay."""
    people = told.closed.people
    rates = people["deferral_bp"].fill_null(0) + people["roth_deferral_bp"].fill_null(0)
    lowest = people.select(pl.min_horizontal("deferral_bp", "roth_deferral_bp").fill_null(0)).to_series()
    return named(people, np.flatnonzero((rates > BP) | (lowest < 0)))


def loans(told: Told) -> pl.DataFrame:
    """Return loans of the year above what 72(p) allows anybody."""
    if "loan" not in told.events:
        return pl.DataFrame()
    lent = told.events["loan"]
    return named(lent, np.flatnonzero(lent["amount_cents"].to_numpy() > DOLLAR_LIMIT_CENTS))


def _sum(people: pl.DataFrame, columns: list[str] | tuple[str, ...]) -> Whole:
    whole = np.zeros(people.height, dtype=np.int64)
    for name in columns:
        whole += people[name].to_numpy()
    return whole
