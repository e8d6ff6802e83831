"""Stated plan years for the tests of a plan: a few people, one row each, who differ from somebody plain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

import polars as pl

from simulation.compliance import People, PlanYear, PlanYearFrame, Verdict
from simulation.compliance.suite import Check
from tests.populations import scenario_of

EMPLOYED: Final[Mapping[str, Any]] = {
    **{name: 0 for name in PlanYearFrame.columns() if name.endswith(("_cents", "_bp"))},
    "birth_date": date(1985, 6, 15),
    "hire_date": date(2018, 3, 1),
    "service_date": date(2018, 3, 1),
    "worked": True,
    "employed_at_end": True,
    "termination_date": None,
    "termination_reason": None,
    "employee_class": "regular",
    "is_officer": False,
    "pay_cents": 60_000_00,
    "hours": 2_080,
    "entry_date": date(2020, 1, 1),
    "employer_entry_date": date(2020, 1, 1),
    "is_hce": False,
}
"""Paid 60,000 for the whole year, long in the plan, without a contribution or an account."""


def year_of(
    *people: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    year: int = 2025,
    previous: PlanYear | None = None,
) -> PlanYear:
    """Return a plan year of people who differ from ``EMPLOYED`` as stated; ids E1, E2, ... in their order."""
    rows = [
        {"employee": n, "employee_id": f"E{n}", **EMPLOYED, **person} for n, person in enumerate(people, 1)
    ]
    schema = PlanYearFrame.create_empty().schema
    everybody = People.of(pl.DataFrame(rows, schema=schema))
    return PlanYear(year, everybody, scenario_of(values or {}), previous)


def verdict_of(check: Check, year: PlanYear) -> Verdict:
    """Return the one verdict of a test."""
    (verdict,) = check(year)
    return verdict


def column_of(verdict: Verdict, name: str) -> list[Any]:
    """Return a column of the working, in the order of the people."""
    return verdict.rows[name].to_list()


def figure_of(verdict: Verdict, title: str) -> Fraction | int | None:
    """Return one number of the working."""
    return {figure.title: figure.value for figure in verdict.figures}[title]
