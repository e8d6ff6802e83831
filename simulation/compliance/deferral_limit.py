"""Elective deferrals and catch-up within their limits: IRC 402(g), 414(v), 401(a)(30)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.deferral_limits import age_at_year_end, catchup_limit, split_deferral
from simulation.rules.exact import total
from simulation.units import CENTS_PER_DOLLAR

TEST: Final = "402g"
TITLE: Final = "Elective deferral limit"
SECTION: Final = "IRC 402(g), 414(v), 401(a)(30)"


def deferral_limit(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether anybody deferred more in this employer's plan than the law allows.

    An excess goes back by 15 April with its income (Reg. 1.402(g)-1(e)(2)), or the plan is disqualified.
    """
    known, people = year.limits, year.people.filter(pl.col("pre_tax_cents") + pl.col("roth_cents") > 0)
    limit = known.elective_deferral_402g * CENTS_PER_DOLLAR
    ages = age_at_year_end(people["birth_date"].dt.year().cast(pl.Int64).to_numpy(), year.year)
    higher = known.catchup_age60_63_414v
    most = catchup_limit(
        ages,
        known.catchup_age50_414v * CENTS_PER_DOLLAR,
        None if higher is None else higher * CENTS_PER_DOLLAR,
    ) * int(year.scenario.plan.deferral.catch_up)
    deferred = people["pre_tax_cents"].to_numpy() + people["roth_cents"].to_numpy()
    excess = split_deferral(deferred, limit, most).refused
    rows = people.select(
        "employee_id",
        deferred_cents=pl.Series(deferred),
        catchup_cents="catchup_cents",
        limit_cents=pl.Series(np.full_like(deferred, limit)),
        catchup_limit_cents=pl.Series(most),
        excess_cents=pl.Series(excess),
    )
    over = int((excess > 0).sum())
    reached = int((deferred >= limit + most).sum())
    yield Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.FAIL if over else Outcome.PASS,
        f"{over} participants deferred too much" if over else "nobody deferred more than the limits allow",
        figures=(
            Figure("Limit", limit, Unit.CENTS),
            Figure("Participants who deferred", people.height, Unit.PEOPLE),
            Figure("At their limit", reached, Unit.PEOPLE),
            Figure("With catch-up", int((people["catchup_cents"] > 0).sum()), Unit.PEOPLE),
            Figure("Excess deferrals", total(excess), Unit.CENTS),
        ),
        refunds_cents=total(excess),
        rows=rows,
    )
