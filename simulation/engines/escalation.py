"""Automatic increases of deferral rates, once a year on one day, up to a cap, unless refused for good."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.elections import shared_out, total_bp
from simulation.engines.decided import decided
from simulation.rng import Purpose, uniform
from simulation.rules.automatic_enrolment import escalated_bp, qaca_minimum_bp
from simulation.rules.periods import months_after
from simulation.state import IDENTITY, last_day
from simulation.units import basis_points

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.parameters.plan import Plan
    from simulation.rules.rounding import Whole
    from simulation.state import State

_READ: Final = (
    *IDENTITY,
    "entry_date",
    "enrollment_date",
    "election",
    "deferral_bp",
    "roth_deferral_bp",
    "escalation_refused",
    "start_date",
    "termination_date",
)
"""What is read of the people: only this is copied when they are filtered."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the increases of the year and the refusals of them."""
    plan, year = context.scenario.plan, context.year
    rule = plan.escalation
    if not (plan.enabled and rule.enabled):
        return {}
    on = date(year, rule.month, rule.day)
    people = state.people[_READ].filter(_open_to_it(plan, on, year))
    new_bp, total = _raised(plan, people, on)
    rows = np.flatnonzero(new_bp > total)
    raised, refusal = people[rows], float(rule.refusal_rate)
    drawn = raised.hstack(
        [uniform(raised, Purpose.ESCALATION_REFUSAL, year), pl.Series("new_bp", new_bp[rows])]
    )
    refused = pl.col("escalation_refusal") < refusal
    events = drawn.with_columns(
        effective_date=pl.lit(on),
        refused=refused,
        **shared_out(pl.when(refused).then(total_bp()).otherwise("new_bp")),
    )
    return {
        "escalation": decided(
            events,
            "escalation",
            rule=pl.when("refused")
            .then(pl.lit("plan.escalation.refusal_rate"))
            .otherwise(pl.lit("plan.escalation.increase")),
            probability=pl.when("refused").then(pl.lit(refusal)),
            draw=pl.when("refused").then("escalation_refusal"),
        )
    }


def _open_to_it(plan: Plan, on: date, year: int) -> pl.Expr:
    """Return who defers on the day, in the scope of increases and without a refusal."""
    day = pl.lit(on)
    here = (pl.col("start_date") <= day) & (last_day(year) >= day) & (pl.col("entry_date") <= day)
    before = (pl.col("enrollment_date") < day).fill_null(value=True)
    in_scope = pl.lit(plan.escalation.scope == "all") | (pl.col("election") == "automatic")
    return here & before & in_scope.fill_null(value=False) & (total_bp() > 0) & ~pl.col("escalation_refused")


def _raised(plan: Plan, people: pl.DataFrame, on: date) -> tuple[Whole, Whole]:
    """Return each person's deferral after the increase and before it, in basis points.

    A step more to the cap after the delay; in a QACA at least the minimum of the year for those swept.
    """
    rule, most = plan.escalation, basis_points(plan.deferral.maximum_rate)
    delayed = months_after(pl.col("enrollment_date"), 12 * rule.delay_years) <= pl.lit(on)
    facts = people.select(
        total=total_bp().cast(pl.Int64),
        due=delayed.fill_null(value=True),
        swept=(pl.col("election") == "automatic").fill_null(value=False),
        since=pl.col("enrollment_date").dt.year().fill_null(on.year).cast(pl.Int64),
    )
    total = facts["total"].to_numpy()
    step = basis_points(rule.increase) * facts["due"].to_numpy()
    raised = escalated_bp(total, step, basis_points(rule.cap))
    if plan.auto_enrollment.enabled and plan.auto_enrollment.form == "qaca":
        least = qaca_minimum_bp(facts["since"].to_numpy(), on.year) * facts["swept"].to_numpy()
        raised = np.maximum(raised, least)
    return np.maximum(np.minimum(raised, most), total), total
