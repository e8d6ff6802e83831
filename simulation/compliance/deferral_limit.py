"""Elective deferrals and catch-up within their limits: IRC 402(g), 414(v), 401(a)(30)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simulation.compliance.account_income import income_on
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.plan_limits import PlanLimits
from simulation.rules.deferral_limits import (
    age_at_year_end,
    catchup_limit,
    excess_distribution,
    split_deferral,
)
from simulation.rules.exact import total
from simulation.rules.roth_catchup import allowed_catchup, roth_catchup_required
from simulation.rules.rounding import Whole

TEST: Final = "402g"
TITLE: Final = "Elective deferral limit"
SECTION: Final = "IRC 402(g), 414(v), 401(a)(30)"


def deferral_limit(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether anybody deferred more in this employer's plan than the law allows.

    An excess goes back by 15 April with its income (Reg. 1.402(g)-1(e)(2)), or the plan is disqualified.
    What was taken back within the permissible window does not count (IRC 414(w)(6)).
    """
    everybody = year.everybody
    counted = everybody.sum_of("pre_tax_cents", "roth_cents") - everybody["taken_back_cents"]
    people, deferred = everybody.where(counted > 0), counted[counted > 0]
    limit = PlanLimits.of(year.scenario, year.year).elective_deferral
    most = catchup_limits(year, people)
    excess = split_deferral(deferred, limit, most).refused
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
            Figure("Participants who deferred", len(people), Unit.PEOPLE),
            Figure("At their limit", reached, Unit.PEOPLE),
            Figure("With catch-up", int((people["catchup_cents"] > 0).sum()), Unit.PEOPLE),
            Figure("Excess deferrals", total(excess), Unit.CENTS),
        ),
        refunds_cents=total(excess_distribution(excess, income_on(excess, people))),
        working=lambda: people.frame(
            "employee_id",
            deferred_cents=deferred,
            catchup_cents="catchup_cents",
            limit_cents=np.full_like(deferred, limit),
            catchup_limit_cents=most,
            excess_cents=excess,
        ),
    )


def catchup_limits(year: PlanYear, people: People) -> Whole:
    """Return each person's catch-up limit in cents, nought where it has to be Roth and the plan has none."""
    known, plan = PlanLimits.of(year.scenario, year.year), year.scenario.plan.deferral
    ages = age_at_year_end(people.year_of("birth_date"), year.year)
    limit = catchup_limit(ages, known.catchup_from_50, known.catchup_from_60) * int(plan.catch_up)
    required = roth_catchup_required(people["lookback_pay_cents"], known.roth_wages)
    return allowed_catchup(limit, required, plan_has_roth=plan.roth_feature)
