"""Highly compensated and key employees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from simulation.parameters.limits import limits, published
from simulation.rules.deferral_limits import catchup_eligible
from simulation.rules.highly_compensated import (
    OWNER_PERCENT,
    highly_compensated,
    threshold_year,
    top_paid,
    top_paid_count,
)
from simulation.rules.key_employee import key_officers, key_owners, officer_cap
from simulation.rules.ownership import owns_more_than
from simulation.rules.roth_catchup import roth_catchup_required
from simulation.rules.rounding import Truths
from tests.golden.money import cents, column, row, whole_dollars
from tests.golden.registry import Inputs, Results, topic
from tests.golden.topics.family import ONE, owned_by_all
from tests.golden.topics.limits_of import age_of, in_cents, limits_of


def opening(period: object) -> date:
    """Return the first day of a year: ``2026``, or ``2024-07-01/2025-06-30``."""
    text = str(period)
    return date(int(text), 1, 1) if text.isdecimal() else date.fromisoformat(text.partition("/")[0])


def lookback_begins(inputs: Inputs) -> int:
    """Return the calendar year in which the lookback year begins, as told or by the plan year."""
    if "lookback_year" in inputs:
        return opening(inputs["lookback_year"]).year
    elected = inputs.get("calendar_year_data_election", inputs.get("calendar_year_election", False))
    return threshold_year(opening(inputs.get("plan_year", inputs.get("year"))), calendar_data=bool(elected))


def threshold(inputs: Inputs) -> int:
    """Return the threshold of the case in cents, as given or of its lookback year."""
    if "threshold" in inputs:
        return cents(inputs["threshold"])
    year = lookback_begins(inputs)
    if year in published() or year > max(published()):
        return in_cents(limits(year).hce_comp_threshold_414q)
    return in_cents(limits(year + 1).hce_threshold_to_apply_for_plan_year)


def owners_of(people: Sequence[Mapping[str, Any]]) -> Truths:
    """Return who owns more than 5 %, the family included."""
    return owns_more_than(OWNER_PERCENT, owned_by_all(people), ONE)


@topic("hce")
def hce(inputs: Inputs) -> Results:
    """Answer whether one person is highly compensated, and by which threshold."""
    line = threshold(inputs)
    member = inputs.get("in_top_paid_group")
    group = None if member is None or not inputs.get("top_paid_election", True) else np.array([member])
    found = highly_compensated(row(inputs.get("lookback_comp", "0")), line, owners_of([inputs]), group)
    return {"hce": bool(found[0]), "threshold_used": whole_dollars(line)}


@topic("hce_top_paid")
def hce_top_paid(inputs: Inputs) -> Results:
    """Answer who is highly compensated with the top-paid election and without it."""
    people, line = inputs["employees"], threshold(inputs)
    pay, owners = column(person["lookback_comp"] for person in people), owners_of(people)
    count = inputs.get("top_paid_count")
    if count is None:
        count = top_paid_count(len(people), excluded_people(inputs))
    elected = highly_compensated(pay, line, owners, top_paid(pay, int(count)))
    return {
        "hces": named(people, elected),
        "nhces": named(people, ~elected),
        "hces_without_election": named(people, highly_compensated(pay, line, owners)),
        "top_paid_count": int(count),
    }


@topic("hce_top_paid_count")
def hce_top_paid_count(inputs: Inputs) -> Results:
    """Answer how many are in the top-paid group."""
    return {"top_paid_count": top_paid_count(int(inputs["employees"]), excluded_people(inputs))}


def excluded_people(inputs: Inputs) -> int:
    """Return how many people the count leaves out: a number, or numbers by reason."""
    told = inputs.get("excluded", 0)
    return sum(told.values()) if isinstance(told, Mapping) else int(told)


def named(people: Sequence[Mapping[str, Any]], chosen: Truths) -> list[str]:
    """Return the ids of chosen people."""
    return [person["id"] for person, is_in in zip(people, chosen, strict=True) if is_in]


@topic("hce_vs_roth_catchup")
def hce_vs_roth_catchup(inputs: Inputs) -> Results:
    """Answer two tests of one person: highly compensated, and catch-up that has to be Roth."""
    of_year, before = limits_of(inputs), int(inputs["year"]) - 1
    wages = row(inputs.get(f"fica_wages_{before}", "0"))
    line = of_year.roth_catchup_wage_threshold if of_year.roth_catchup_enforced else None
    required = roth_catchup_required(wages, None if line is None else in_cents(line))
    pay = row(inputs.get(f"comp_415_{before}", "0"))
    return {
        "hce": bool(highly_compensated(pay, threshold(inputs), owners_of([inputs]))[0]),
        "roth_catchup_required": bool((required & catchup_eligible(age_of(inputs)))[0]),
    }


@topic("key_officer_cap")
def key_officer_cap(inputs: Inputs) -> Results:
    """Answer how many officers can be key."""
    counts = inputs["employees"]
    most = [officer_cap(count) for count in counts] if isinstance(counts, list) else officer_cap(counts)
    return {"max_officers": most}


@topic("key_employee")
def key_employee(inputs: Inputs) -> Results:
    """Answer who is key on the determination date."""
    people = inputs.get("cases", [inputs])
    year = determination_year(inputs)
    pay = column(pay_told(person, year) for person in people)
    officers = np.array([person.get("officer", False) for person in people])
    most = {"cap": officer_cap(inputs["employees"])} if "employees" in inputs else {}
    key = key_officers(pay, officers, officer_threshold(year), **most) | key_owners(
        pay,
        owned_by_all(people),
        in_cents(limits(max(year, min(published()))).key_owner_1pct_comp_threshold),
        ONE,
    )
    return {"key": key.tolist() if "cases" in inputs else bool(key[0])}


def determination_year(inputs: Inputs) -> int:
    """Return the year that holds the determination date, the year before unless it is the plan's first."""
    if "determination_date" in inputs:
        return date.fromisoformat(inputs["determination_date"]).year
    year = int(inputs.get("topheavy_plan_year", inputs.get("plan_year", inputs.get("year"))))
    return year if inputs.get("first_plan_year", False) else year - 1


def officer_threshold(year: int) -> int:
    """Return an officer's threshold of a year, in cents."""
    if year < min(published()):
        return in_cents(limits(year + 1).key_officer_threshold_to_apply_for_topheavy_plan_year)
    return in_cents(limits(year).key_officer_threshold_416i)


def pay_told(person: Mapping[str, Any], year: int) -> str:
    """Return the pay that a case tells for the year."""
    return str(person.get(f"comp_{year}", person.get("comp", "0")))
