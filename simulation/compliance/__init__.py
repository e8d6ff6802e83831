"""Tests of the plan over a finished run: does it pass, whom does it hit, what would putting it right cost?

Each test is a function of a plan year and gives its verdicts; nothing here reads a store or changes a run.
"""

from __future__ import annotations

from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear, PlanYearFrame
from simulation.compliance.suite import TESTS, failed, tested_plan
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict

__all__ = [
    "TESTS",
    "Figure",
    "Outcome",
    "People",
    "PlanYear",
    "PlanYearFrame",
    "Unit",
    "Verdict",
    "failed",
    "tested_plan",
]
