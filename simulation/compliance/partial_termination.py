"""Layoffs that end the plan in part, so that everybody affected owns the whole account: IRC 411(d)(3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np

from simulation.compliance.participants import may_defer
from simulation.compliance.people import People
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.events.sources import EMPLOYER
from simulation.rules.exact import column
from simulation.rules.partial_termination import presumed, turnover_bp
from simulation.rules.rounding import Truths
from simulation.units import BP

TEST: Final = "partial_termination"
TITLE: Final = "Partial termination"
SECTION: Final = "IRC 411(d)(3), Rev. Rul. 2007-43"

BY_THE_EMPLOYER: Final = ("involuntary", "layoff")
"""Reasons of leaving that count; those who quit are known to have left of their own accord."""


def partial_termination(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether so many participants were let go that a partial termination is presumed."""
    people = year.everybody.where(may_defer(year.everybody, year.year))
    affected = people.where(people.among("termination_reason", BY_THE_EMPLOYER))
    added = int((people.year_of("entry_date") == year.year).sum())
    initial = len(people) - added
    rate = int(turnover_bp(column(len(affected)), initial, added)[0])
    short = int((~_whole(affected)).sum())
    begun = Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.PASS,
        "fewer than 20 % of participants were let go",
        figures=(
            Figure("Participants at the start and added", initial + added, Unit.PEOPLE),
            Figure("Let go by the employer", len(affected), Unit.PEOPLE),
            Figure("Turnover", Fraction(rate, BP), Unit.RATE),
            Figure("Affected and not fully vested", short, Unit.PEOPLE),
        ),
        margin=Fraction(2_000 - rate, BP),
        working=lambda: affected.frame(
            "employee_id", "termination_date", "termination_reason", "vested_match_bp"
        ),
    )
    if not presumed(column(len(affected)), initial, added)[0]:
        yield begun
    elif short:
        reason = f"presumed, and {short} of those affected do not own their whole account"
        yield replace(begun, outcome=Outcome.FAIL, reason=reason)
    else:
        yield replace(begun, reason="presumed; everybody affected owns the whole account")


def _whole(people: People) -> Truths:
    """Tell who owns the whole account, or has nothing of what is not owned."""
    owned = np.ones(len(people), dtype=np.bool_)
    for source in EMPLOYER:
        nothing = people.sum_of(f"{source}_cents", "opening_balance_cents") == 0
        owned &= (people[f"vested_{source}_bp"] == BP) | nothing
    return owned
