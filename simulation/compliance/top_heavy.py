"""Top-heavy plans, and the minimum that everybody else then gets: IRC 416."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.key_employees import accounts, shares
from simulation.compliance.participants import may_defer
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
    held = shares(found)
    figures = (
        Figure("Key employees", int(found["key"].sum()), Unit.PEOPLE),
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
        rows=found.select(
            "employee_id",
            "key",
            "former_key",
            pay_cents="pay",
            balance_cents="balance",
            paid_out_cents=pl.col("paid_out") + pl.col("withdrawn"),
        ),
    )
    yield _with_minimum(year, begun, found) if held.top_heavy else begun


def _with_minimum(year: PlanYear, begun: Verdict, found: pl.DataFrame) -> Verdict:
    if not owes_minimum(year.scenario.plan):
        reason = "top-heavy, but made of deferrals and safe harbour money alone (IRC 416(g)(4)(H))"
        return replace(begun, reason=reason)
    people = year.people.join(
        found.select("employee", "key"), on="employee", how="left", maintain_order="left"
    )
    key = people["key"].fill_null(value=False).to_numpy()
    pay = np.minimum(people["pay_cents"].to_numpy(), year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    rate = minimum_rate(key_rate(people.filter(pl.Series(key)), pay[key]))
    entitled = people.select(may_defer(year.year) & pl.col("employed_at_end")).to_series().to_numpy() & ~key
    received = _received(people)
    least = minimum(pay, rate, entitled)
    due = additional_due(least, received) * entitled
    owed = total(due)
    paid = people.select(
        "employee_id",
        minimum_pay_cents=pl.Series(pay),
        received_cents=pl.Series(received),
        minimum_cents=pl.Series(least),
        due_cents=pl.Series(due),
    )
    rows = begun.rows.join(paid, on="employee_id", how="full", coalesce=True).sort("employee_id")
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
        rows=rows,
    )


def key_rate(keys: pl.DataFrame, pay: Whole) -> Fraction:
    """Return the highest rate of a key employee: deferrals and employer money over capped pay."""
    given = keys["pre_tax_cents"].to_numpy() + keys["roth_cents"].to_numpy() + _received(keys)
    return highest_key_rate(given, pay)


def _received(people: pl.DataFrame) -> Whole:
    return people.select(pl.sum_horizontal(f"{kind}_cents" for kind in RECEIVED)).to_series().to_numpy()
