"""Minimum coverage, tested for each part of the plan by itself: IRC 410(b), Reg. 1.410(b)-2 to -10."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

import numpy as np
import polars as pl

from simulation.compliance.participants import last_day, may_defer, shares_employer_money
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.rules.coverage import REQUIRED, Coverage, coverage, excludable
from simulation.rules.eligibility import ENTRY_PATTERNS, entry_by_elapsed_time
from simulation.rules.ratios import Ratios, rounded_to
from simulation.rules.rounding import Truths
from simulation.units import CENTS_PER_DOLLAR

TEST: Final = "coverage"
TITLE: Final = "Minimum coverage"
SECTION: Final = "IRC 410(b)"

CONCENTRATION_FROM: Final = 60
"""Percent of all nonexcludable employees who are not highly compensated, from which the bounds fall."""

SAFE_FROM: Final = Fraction(50, 100)
SAFE_FALL: Final = Fraction(75, 10_000)
SAFE_LEAST: Final = Fraction(2075, 10_000)
"""Safe harbour of the nondiscriminatory classification: Reg. 1.410(b)-4(c)(2), (4), known, not read again."""

UNSAFE_FROM: Final = Fraction(40, 100)
UNSAFE_LEAST: Final = Fraction(20, 100)
"""Below it no classification is nondiscriminatory: Reg. 1.410(b)-4(c)(3), (4)(ii), known, not read again."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: who benefits in it, and whether a condition of the year can lose it."""

    benefits: Truths
    conditional: bool


def coverage_of(year: PlanYear) -> Iterator[Verdict]:
    """Yield the outcome of each part: deferrals, match, nonelective money."""
    people = year.people.filter("worked")
    for name, part in _parts(year, people).items():
        yield _verdict(year, people, name, part)


def _parts(year: PlanYear, people: pl.DataFrame) -> Mapping[str, Part]:
    """Return the parts that the plan has; who may defer, or be matched, benefits (Reg. 1.410(b)-3(a)(2))."""
    plan = year.scenario.plan
    shared = shares_employer_money(year.year) & (pl.col("hours") >= plan.match.minimum_hours)
    if plan.match.last_day:
        shared &= pl.col("employed_at_end")
    given = pl.sum_horizontal("nonelective_cents", "profit_sharing_cents", "reallocated_cents") > 0
    asked = people.select(may_defer(year.year).alias("defer"), shared.alias("match"), given.alias("given"))
    column = {name: asked[name].to_numpy() for name in asked.columns}
    parts = {"deferrals": Part(column["defer"], conditional=False)}
    if any(plan.match.tables_bp):
        parts["match"] = Part(column["match"], plan.match.last_day or plan.match.minimum_hours > 0)
    if column["given"].any():
        conditions = (plan.nonelective, plan.profit_sharing)
        asks = any(group.last_day or group.minimum_hours > 0 for group in conditions)
        parts["nonelective"] = Part(column["given"], asks)
    return parts


def _verdict(year: PlanYear, people: pl.DataFrame, name: str, part: Part) -> Verdict:
    left_out = _excludable(year, people, part)
    counts = coverage(part.benefits, people["is_hce"].to_numpy(), left_out)
    begun = Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.PASS,
        "",
        name,
        (
            Figure("Others who benefit", counts.nhce_benefiting, Unit.PEOPLE),
            Figure("Others, nonexcludable", counts.nhce, Unit.PEOPLE),
            Figure("Highly compensated who benefit", counts.hce_benefiting, Unit.PEOPLE),
            Figure("Highly compensated, nonexcludable", counts.hce, Unit.PEOPLE),
            Figure("Ratio percentage", counts.ratio, Unit.RATE),
        ),
        None if counts.ratio is None else counts.ratio - REQUIRED,
        rows=people.select(
            "employee_id",
            "is_hce",
            benefits=pl.Series(part.benefits),
            excludable=pl.Series(left_out),
        ),
    )
    if counts.ratio is None:
        return replace(begun, reason="no highly compensated employee benefits, or there is nobody else")
    if counts.passes_ratio:
        return replace(begun, reason="the ratio percentage is at least 70 %")
    return _by_average_benefit(people, begun, counts, left_out, year)


def _excludable(year: PlanYear, people: pl.DataFrame, part: Part) -> Truths:
    asked = year.scenario.plan.eligibility
    entry = entry_by_elapsed_time(
        pl.col("birth_date"),
        pl.col("hire_date"),
        age=asked.minimum_age,
        months=asked.service_months,
        dates=ENTRY_PATTERNS[asked.entry],
    )
    facts = people.select(
        unmet=(entry > last_day(year.year)).fill_null(value=True),
        other_class=pl.col("employee_class") == "union",
        left=~pl.col("employed_at_end"),
    )
    column = {name: facts[name].to_numpy() for name in facts.columns}
    lost = ~part.benefits & part.conditional
    unmet = column["unmet"] & ~part.benefits
    return excludable(unmet, column["other_class"], column["left"], people["hours"].to_numpy(), lost)


def _by_average_benefit(
    people: pl.DataFrame, begun: Verdict, counts: Coverage, left_out: Truths, year: PlanYear
) -> Verdict:
    """Return the outcome by the other way: a classification that is safe, and 70 % of the average benefit.

    Benefits are all contributions but catch-up over capped pay, of everybody nonexcludable.
    """
    there = people.filter(~pl.Series(left_out))
    given = there.select(
        pl.sum_horizontal(f"{source}_cents" for source in _BENEFITS) - pl.col("catchup_cents")
    ).to_series()
    pay = np.minimum(there["pay_cents"].to_numpy(), year.limits.comp_limit_401a17 * CENTS_PER_DOLLAR)
    highly = there["is_hce"].to_numpy()
    ratios = Ratios.of(given.to_numpy(), pay)
    average = {
        True: rounded_to(4, ratios.rows(highly).mean()),
        False: rounded_to(4, ratios.rows(~highly).mean()),
    }
    share = average[False] / average[True] if average[True] else None
    safe = safe_harbor_percentage(counts)
    figures = (
        *begun.figures,
        Figure("Safe harbour of the classification", safe, Unit.RATE),
        Figure("Average benefit percentage", share, Unit.RATE),
    )
    enough = share is None or share >= REQUIRED
    ratio = counts.ratio or Fraction(0)
    if ratio >= safe and enough:
        reason = "below 70 %, but the classification is safe and the average benefit at least 70 %"
        return replace(begun, reason=reason, figures=figures)
    missing = "the classification is not safe" if ratio < safe else "the average benefit is below 70 %"
    reason = f"the ratio percentage is below 70 %, and {missing}"
    return replace(begun, outcome=Outcome.FAIL, reason=reason, figures=figures)


def safe_harbor_percentage(counts: Coverage) -> Fraction:
    """Return the ratio from which a classification is safe, by how many of all are not highly compensated.

    50 % up to a concentration of 60 %, three quarters of a point less for each whole point above it.
    """
    return max(SAFE_FROM - _fallen(counts), SAFE_LEAST)


def unsafe_harbor_percentage(counts: Coverage) -> Fraction:
    """Return the ratio below which a classification is discriminatory: ten points lower, at least 20 %."""
    return max(UNSAFE_FROM - _fallen(counts), UNSAFE_LEAST)


def _fallen(counts: Coverage) -> Fraction:
    concentration = 100 * counts.nhce // max(counts.nhce + counts.hce, 1)
    return SAFE_FALL * max(concentration - CONCENTRATION_FROM, 0)


_BENEFITS: Final = ("pre_tax", "roth", "match", "nonelective", "profit_sharing", "reallocated")
