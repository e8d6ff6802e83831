"""Layoffs that end the plan in part, so that everybody affected owns the whole account: IRC 411(d)(3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

import polars as pl

from simulation.compliance.participants import may_defer
from simulation.compliance.plan_year import PlanYear
from simulation.compliance.verdict import Figure, Outcome, Unit, Verdict
from simulation.events.sources import EMPLOYER
from simulation.rules.exact import column
from simulation.rules.partial_termination import presumed, turnover_bp
from simulation.units import BP

TEST: Final = "partial_termination"
TITLE: Final = "Partial termination"
SECTION: Final = "IRC 411(d)(3), Rev. Rul. 2007-43"

BY_THE_EMPLOYER: Final = ("involuntary", "layoff")
"""Reasons of leaving that count; those who quit are known to have left of their own accord."""


def partial_termination(year: PlanYear) -> Iterator[Verdict]:
    """Yield whether so many participants were let go that a partial termination is presumed."""
    people = year.people.filter(may_defer(year.year))
    new = pl.col("entry_date").dt.year() == year.year
    let_go = pl.col("termination_reason").is_in(BY_THE_EMPLOYER).fill_null(value=False)
    affected = people.filter(let_go)
    initial, added = people.filter(~new).height, people.filter(new).height
    rate = int(turnover_bp(column(affected.height), initial, added)[0])
    whole = pl.all_horizontal(
        (pl.col(f"vested_{source}_bp") == BP)
        | (pl.col(f"{source}_cents") + pl.col("opening_balance_cents") == 0)
        for source in EMPLOYER
    )
    short = affected.filter(~whole).height
    begun = Verdict(
        TEST,
        TITLE,
        SECTION,
        year.year,
        Outcome.PASS,
        "fewer than 20 % of participants were let go",
        figures=(
            Figure("Participants at the start and added", initial + added, Unit.PEOPLE),
            Figure("Let go by the employer", affected.height, Unit.PEOPLE),
            Figure("Turnover", Fraction(rate, BP), Unit.RATE),
            Figure("Affected and not fully vested", short, Unit.PEOPLE),
        ),
        margin=Fraction(2_000 - rate, BP),
        rows=affected.select("employee_id", "termination_date", "termination_reason", "vested_match_bp"),
    )
    if not presumed(column(affected.height), initial, added)[0]:
        yield begun
    elif short:
        reason = f"presumed, and {short} of those affected do not own their whole account"
        yield replace(begun, outcome=Outcome.FAIL, reason=reason)
    else:
        yield replace(begun, reason="presumed; everybody affected owns the whole account")
