"""Statutory dollar limits by year: published ones from irs_limits.csv, later ones projected by a rule.

Amounts are whole dollars. Which limit stops which contribution is the plan engines' business.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from simulation.errors import Problem, ScenarioError
from simulation.parameters.form import Rate
from simulation.parameters.record import Group, parameter


class Indexation(Group):
    """How limits of years that are not published yet are projected."""

    rate: Rate = parameter(
        Decimal("0.0250"),
        title="Indexation of limits",
        unit="rate a year",
        description="Assumed growth of the statutory limits after the last published year, before rounding.",
        source="own standardisation: between the 2025 and 2026 increases of 1.4-4.3 % and long-run prices",
        ge=0,
        le="0.15",
    )


class LimitsRule(Group):
    """The statutory limits of years to come."""

    indexation: Indexation = Indexation()


class Limits(NamedTuple):
    """The limits of one calendar year, in dollars; nothing where the law had none.

    HCE, key-employee and Roth thresholds stand twice: as in force for pay of this year, and as they are
    applied for this plan year to pay of the year before.
    """

    year: int
    elective_deferral_402g: int
    catchup_age50_414v: int
    catchup_age60_63_414v: int | None
    comp_limit_401a17: int
    annual_additions_415c: int
    hce_comp_threshold_414q: int
    hce_threshold_to_apply_for_plan_year: int
    key_officer_threshold_416i: int
    key_officer_threshold_to_apply_for_topheavy_plan_year: int
    key_owner_1pct_comp_threshold: int
    roth_catchup_wage_threshold: int | None
    roth_catchup_enforced: bool
    ss_wage_base: int
    projected: bool = False


STEPS: Final[Mapping[str, int]] = {
    "elective_deferral_402g": 500,
    "catchup_age50_414v": 500,
    "comp_limit_401a17": 5_000,
    "annual_additions_415c": 1_000,
    "hce_comp_threshold_414q": 5_000,
    "key_officer_threshold_416i": 5_000,
    "roth_catchup_wage_threshold": 5_000,
}
"""Limits that follow prices, rounded down to these steps: IRC 402(g)(4), 414(v)(2)(C) and (7)(E),
401(a)(17)(B), 415(d)(4), 414(q)(1), 416(i)(1)(A)."""

DEFAULT_RATE: Final = Indexation().rate

WAGE_BASE_STEP: Final = 300
"""The Social Security wage base is rounded to the nearest step instead: 42 USC 430(b)."""


@cache
def published() -> Mapping[int, Limits]:
    """Return the published limits by year."""
    text = files("simulation.parameters").joinpath("irs_limits.csv").read_text(encoding="utf-8")
    return {int(row["year"]): _published(row) for row in csv.DictReader(text.splitlines())}


def _published(row: Mapping[str, str]) -> Limits:
    kept = {name: row.get(name, "") for name in Limits._fields}
    amounts = {name: int(value) for name, value in kept.items() if value.isdecimal()}
    missing = {name: None for name, value in kept.items() if value == "" and name != "projected"}
    enforced = kept["roth_catchup_enforced"].startswith("yes")
    return Limits(**{**missing, **amounts, "roth_catchup_enforced": enforced})  # type: ignore[arg-type]


def limits(year: int, rate: Decimal = DEFAULT_RATE) -> Limits:
    """Return the limits of a year: published, or projected from the last published year at a rate.

    A projection multiplies the last published amount by (1 + rate) to the power of the years since and
    rounds as the statute does. The 60-63 catch-up stays as published, for its indexing from 2027 is read in
    two ways, but never falls below the catch-up from 50; the 1 % owner's amount is not indexed by law.

    Raises:
        ScenarioError: The year is before the first published one.
    """
    known = published()
    if year < min(known):
        problem = Problem("year", str(year), f"{min(known)} or later", "earlier limits are not on file")
        raise ScenarioError("No statutory limits for this year", problems=[problem])
    if year in known:
        return known[year]
    return _projected(year, known[max(known)], rate)


def _projected(year: int, last: Limits, rate: Decimal) -> Limits:
    now = _indexed(last, rate, year - last.year)
    before = _indexed(last, rate, year - 1 - last.year)
    return last._replace(
        **now,
        year=year,
        projected=True,
        hce_threshold_to_apply_for_plan_year=before["hce_comp_threshold_414q"],
        key_officer_threshold_to_apply_for_topheavy_plan_year=before["key_officer_threshold_416i"],
        catchup_age60_63_414v=max(last.catchup_age60_63_414v or 0, now["catchup_age50_414v"]),
        roth_catchup_enforced=True,
    )


def _indexed(last: Limits, rate: Decimal, years: int) -> dict[str, int]:
    grown = (1 + rate) ** years
    amounts = {name: int(getattr(last, name) * grown // step) * step for name, step in STEPS.items()}
    steps = (last.ss_wage_base * grown / WAGE_BASE_STEP + Decimal("0.5")) // 1
    return {**amounts, "ss_wage_base": int(steps) * WAGE_BASE_STEP}
