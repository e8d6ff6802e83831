"""The tests of a plan year, in the order in which they are made and shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from simulation.compliance import (
    acp,
    additions_limit,
    adp,
    automatic_enrolment,
    coverage,
    deferral_limit,
    general_test,
    partial_termination,
    top_heavy,
)
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Outcome, Verdict

Check = Callable[[PlanYear], Iterator[Verdict]]

TESTS: Final[Mapping[str, Check]] = MappingProxyType(
    {
        adp.TEST: adp.adp,
        acp.TEST: acp.acp,
        deferral_limit.TEST: deferral_limit.deferral_limit,
        additions_limit.TEST: additions_limit.additions,
        coverage.TEST: coverage.coverage_of,
        general_test.TEST: general_test.general_test,
        top_heavy.TEST: top_heavy.top_heavy,
        automatic_enrolment.TEST: automatic_enrolment.automatic_enrolment,
        partial_termination.TEST: partial_termination.partial_termination,
    }
)
"""By the name that ``Verdict.test`` has."""


def tested_plan(years: Iterable[PlanYear]) -> list[Verdict]:
    """Return every verdict of some plan years, year by year; without a plan there is none to give."""
    return [verdict for year in years for check in TESTS.values() for verdict in _made(year, check)]


def _made(year: PlanYear, check: Check) -> Iterator[Verdict]:
    return check(year) if year.scenario.plan.enabled else iter(())


def failed(verdicts: Iterable[Verdict]) -> bool:
    """Tell whether any test was not passed."""
    return any(verdict.outcome is Outcome.FAIL for verdict in verdicts)
