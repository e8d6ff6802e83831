"""Top-heavy plans, and the minimum that everybody else then gets: IRC 416."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.key_employees import Accounts, accounts
from simulation.compliance.participants import may_defer
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.exact import total
from simulation.rules.ratios import rounded_to
from simulation.rules.rounding import Whole
from simulation.rules.top_heavy import (
    MOST,
    additional_due,
    highest_key_rate,
    minimum,
    minimum_rate,
)
from simulation.top_heaviness import RECEIVED, owes_minimum
from simulation.units import CENTS_PER_DOLLAR

TEST: Final = "top_heavy"
TITLE: Final = "Top-heavy"
SECTION: Final = "IRC 416"


def top_heavy(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether key employees have more than 60 %, and whether the others got their minimum."""
    found = accounts(year)
    held = found.shares
    figures = (
        Figure("Key employees", int(found.key.sum()), Unit.PEOPLE),
        Figure("Balances of key employees", held.key_cents, Unit.CENTS),
        Figure("All balances", held.all_cents, Unit.CENTS),
        Figure("Top-heavy ratio", rounded_to(4, held.ratio), Unit.RATE),
    )
    begun = Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.PASS,
        "key employees have at most 60 % of all balances",
        figures=figures,
        margin=rounded_to(4, MOST) - rounded_to(4, held.ratio),
        working=found.rows,
    )
    yield _with_minimum(year, begun, found) if held.top_heavy else begun


def _with_minimum(year: PlanYear, begun: Verdict, found: Accounts) -> Verdict:
    if not owes_minimum(year.scenario.plan):
        reason = "top-heavy, but made of deferrals and safe harbour money alone (IRC 416(g)(4)(H))"
        return replace(begun, reason=reason)
    people = year.everybody
    key = np.isin(people["employee"], found.people["employee"][found.key])
    pay = np.minimum(people["pay_cents"], year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    rate = minimum_rate(key_rate(people.where(key), pay[key]))
    entitled = may_defer(people, year.year) & people["employed_at_end"] & ~key
    received = _received(people)
    least = minimum(pay, rate, entitled)
    due = additional_due(least, received) * entitled
    owed = total(due)

    def working() -> pl.DataFrame:
        paid = people.frame(
            "employee_id", minimum_pay_cents=pay, received_cents=received, minimum_cents=least, due_cents=due
        )
        return begun.working().join(paid, on="employee_id", how="full", coalesce=True).sort("employee_id")

    more = (
        Figure("Rate of the minimum", rounded_to(4, rate), Unit.RATE),
        Figure("Entitled to the minimum", int(entitled.sum()), Unit.PEOPLE),
        Figure("Minimum still due", owed, Unit.CENTS),
    )
    met = "top-heavy; everybody entitled has the minimum"
    return replace(
        begun,
        outcome=Outcome.FAIL if owed else Outcome.PASS,
        reason=f"top-heavy; {int((due > 0).sum())} employees have less than the minimum" if owed else met,
        figures=(*begun.figures, *more),
        cost_cents=owed,
        working=working,
    )


def key_rate(keys: People, pay: Whole) -> Fraction:
    """Return the highest rate of a key employee: deferrals and employer money over capped pay."""
    return highest_key_rate(keys.sum_of("pre_tax_cents", "roth_cents") + _received(keys), pay)


def _received(people: People) -> Whole:
    return people.sum_of(*(f"{kind}_cents" for kind in RECEIVED))
