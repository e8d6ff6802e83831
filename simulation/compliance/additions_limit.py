"""Annual additions within their limit: IRC 415(c), Reg. 1.415(c)-1; corrected by Rev. Proc. 2021-30."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simulation.compliance.account_income import PAID_IN, income_on
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.annual_additions import Money, additions_excess, additions_limit, annual_additions
from simulation.rules.deferral_limits import excess_distribution
from simulation.rules.exact import total
from simulation.units import CENTS_PER_DOLLAR

TEST: Final = "415c"
TITLE: Final = "Annual additions limit"
SECTION: Final = "IRC 415(c)"


def additions(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether anybody was allotted more than the lower of pay and the dollar limit.

    An excess is taken from deferrals first, with the match on them forfeited (EPCRS, 6.06(2)). What was
    taken back within the permissible window, and the match on it, does not count (IRC 414(w)).
    """
    everybody = year.everybody
    people = everybody.where(everybody.sum_of(*(f"{kind}_cents" for kind in PAID_IN)) > 0)
    column = {
        name: people[f"{name}_cents"]
        for name in (*PAID_IN, "catchup", "taken_back", "match_taken_back", "pay")
    }
    deferred = column["pre_tax"] + column["roth"] - column["catchup"] - column["taken_back"]
    allotted = annual_additions(
        {
            Money.DEFERRAL: deferred,
            Money.MATCH: column["match"] - column["match_taken_back"],
            Money.NONELECTIVE: column["nonelective"],
            Money.PROFIT_SHARING: column["profit_sharing"],
            Money.FORFEITURE: column["reallocated"],
        }
    )
    dollars = year.limits.annual_additions_415c * CENTS_PER_DOLLAR
    limit = additions_limit(column["pay"], dollars)
    excess = additions_excess(limit, allotted)
    over = int((excess > 0).sum())
    back = np.minimum(excess, deferred)
    yield Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.FAIL if over else Outcome.PASS,
        f"{over} participants were allotted too much" if over else "nobody was allotted more than the limit",
        figures=(
            Figure("Dollar limit", dollars, Unit.CENTS),
            Figure("Participants with additions", len(people), Unit.PEOPLE),
            Figure("At the limit", int((allotted >= limit).sum()), Unit.PEOPLE),
            Figure("Excess", total(excess), Unit.CENTS),
        ),
        refunds_cents=total(excess_distribution(back, income_on(back, people))),
        working=lambda: people.frame(
            "employee_id",
            pay_cents="pay_cents",
            additions_cents=allotted,
            limit_cents=limit,
            excess_cents=excess,
        ),
    )
