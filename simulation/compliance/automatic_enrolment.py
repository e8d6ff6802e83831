"""Automatic enrolment that a newer plan has to have: IRC 414A, plan years from 2025."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np

from simulation.compliance.participants import may_defer
from simulation.compliance.plan_year import PlanYear, once
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.dates import year_start

if TYPE_CHECKING:
    from simulation.parameters.plan import Plan

TEST: Final = "automatic_enrollment"
TITLE: Final = "Mandatory automatic enrolment"
SECTION: Final = "IRC 414A"

FIRST_YEAR: Final = 2025
SETTLED_BEFORE: Final = date(2022, 12, 29)
"""Plans of earlier days are exempt: IRC 414A(c)(2)(A)(i)."""

FEW_EMPLOYEES: Final = 10
"""An employer of at most so many is exempt, until a year after that in which it had more: 414A(c)(4)(B)."""

LOWEST, HIGHEST = Decimal("0.03"), Decimal("0.10")
CAP_LOWEST, CAP_HIGHEST = Decimal("0.10"), Decimal("0.15")
POINT: Final = Decimal("0.01")


def automatic_enrolment(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether the plan enrols people as it has to."""
    begun = Verdict(TEST, TITLE, SECTION, year.year, Outcome.NOT_APPLICABLE, "")
    exempt = _exempt(year)
    if exempt:
        yield replace(begun, reason=exempt)
        return
    eligible = may_defer(year.everybody, year.year) & year.everybody["employed_at_end"]
    before = eligible & (year.everybody["entry_date"] < np.datetime64(year_start(_first_year(year))))
    broken = [what for what, kept in conditions(year.scenario.plan).items() if not kept]
    if not broken and year.scenario.plan.auto_enrollment.scope == "new_hires" and before.any():
        who = f"{int(before.sum())} participants were eligible before {_first_year(year)}"
        broken = [f"{who} and are not swept (plan.auto_enrollment.scope)"]
    figures = (
        Figure("Employees", employees(year), Unit.PEOPLE),
        Figure("Eligible on the last day", int(eligible.sum()), Unit.PEOPLE),
        Figure("Of them eligible before the run", int(before.sum()), Unit.PEOPLE),
    )
    outcome = Outcome.FAIL if broken else Outcome.PASS
    reason = "; ".join(broken) or "the plan enrols and escalates as the law asks"
    yield replace(begun, outcome=outcome, reason=reason, figures=figures)


def _first_year(year: PlanYear) -> int:
    return year.scenario.horizon.start_year


@once
def employees(year: PlanYear) -> int:
    """Return the employees of the last day, who stand for those of a normal day."""
    return int(year.everybody["employed_at_end"].sum())


def _exempt(year: PlanYear) -> str:
    plan = year.scenario.plan
    if year.year < FIRST_YEAR:
        return "in force for plan years from 2025"
    if plan.established is None or plan.established < SETTLED_BEFORE:
        return "the plan was established before 29 December 2022 (plan.established)"
    return _small(year)


def _small(year: PlanYear) -> str:
    """Return why an employer is too small; one that grows has a year more after that of growing."""
    sizes = list(_sizes(year))
    grown = [number for number, size in sizes if size > FEW_EMPLOYEES]
    if not grown:
        return f"the employer has {sizes[-1][1]} employees, and {FEW_EMPLOYEES} or fewer are exempt"
    if grown[0] > sizes[0][0] and year.year <= grown[0] + 1:
        return f"the employer first had more than {FEW_EMPLOYEES} employees in {grown[0]}, a year ago at most"
    return ""


def _sizes(year: PlanYear) -> Iterator[tuple[int, int]]:
    """Yield the employees of each year that is known, the first one first."""
    if year.previous is not None:
        yield from _sizes(year.previous)
    yield year.year, employees(year)


def conditions(plan: Plan) -> Mapping[str, bool]:
    """Return what the law asks for, and whether a design has it."""
    auto, rise = plan.auto_enrollment, plan.escalation
    at_start, rises = auto.default_rate, rise.enabled
    return {
        "the plan does not enrol automatically": auto.enabled,
        "the arrangement is no EACA: no permissible withdrawal": auto.form != "basic",
        f"the default rate is {at_start}, not from 0.03 to 0.10": LOWEST <= at_start <= HIGHEST,
        "the rate does not rise": rises or at_start >= CAP_LOWEST,
        f"the rate rises by {rise.increase}, not by a point a year": not rises or rise.increase == POINT,
        f"the rate rises to {rise.cap}, not to 0.10 to 0.15": not rises
        or CAP_LOWEST <= rise.cap <= CAP_HIGHEST,
        f"the rate first rises after {rise.delay_years} years": not rises or rise.delay_years <= 1,
    }
