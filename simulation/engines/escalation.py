"""Automatic increases of deferral rates, once a year on one day, up to a cap, unless refused for good."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.elections import IN_FORCE, Rates, shared_out, total_bp
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

_READ: Final = ("enrollment_date", "election", "deferral_bp", "roth_deferral_bp")
"""What is read of those whose deferral may be increased."""


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the increases of the year and the refusals of them."""
    plan, year = context.scenario.plan, context.year
    rule = plan.escalation
    if not (plan.enabled and rule.enabled):
        return {}
    on = date(year, rule.month, rule.day)
    rows = np.flatnonzero(state.people.select(_open_to_it(plan, on, year)).to_series().to_numpy())
    now, new_bp = _raised(plan, state.people[_READ][rows], on)
    total = now.pre_tax_bp + now.roth_bp
    more = np.flatnonzero(new_bp > total)
    people, refusal = state.people[IDENTITY][rows[more]], float(rule.refusal_rate)
    draw = uniform(people, Purpose.ESCALATION_REFUSAL, year).to_numpy()
    refused = draw < refusal
    rates = shared_out(now.at(more), np.where(refused, total[more], new_bp[more]))
    return {
        "escalation": decided(
            people,
            "escalation",
            rule=_RULES[refused.astype(np.uint32)],
            probability=np.where(refused, refusal, np.nan),
            draw=np.where(refused, draw, np.nan),
            effective_date=on,
            refused=refused,
            pre_tax_rate_bp=rates.pre_tax_bp,
            roth_rate_bp=rates.roth_bp,
        )
    }


_RULES: Final = pl.Series(["plan.escalation.increase", "plan.escalation.refusal_rate"])


def _open_to_it(plan: Plan, on: date, year: int) -> pl.Expr:
    """Return who defers on the day, in the scope of increases and without a refusal."""
    day = pl.lit(on)
    here = (pl.col("start_date") <= day) & (last_day(year) >= day) & (pl.col("entry_date") <= day)
    before = (pl.col("enrollment_date") < day).fill_null(value=True)
    in_scope = pl.lit(plan.escalation.scope == "all") | (pl.col("election") == "automatic")
    return here & before & in_scope.fill_null(value=False) & (total_bp() > 0) & ~pl.col("escalation_refused")


def _raised(plan: Plan, people: pl.DataFrame, on: date) -> tuple[Rates, Whole]:
    """Return each person's rates before the increase and the deferral after it, in basis points.

    A step more to the cap after the delay; in a QACA at least the minimum of the year for those swept.
    """
    rule, most = plan.escalation, basis_points(plan.deferral.maximum_rate)
    delayed = months_after(pl.col("enrollment_date"), 12 * rule.delay_years) <= pl.lit(on)
    facts = people.select(
        IN_FORCE,
        due=delayed.fill_null(value=True),
        swept=(pl.col("election") == "automatic").fill_null(value=False),
        since=pl.col("enrollment_date").dt.year().fill_null(on.year).cast(pl.Int64),
    )
    now = Rates(facts["deferral_bp"].to_numpy(), facts["roth_deferral_bp"].to_numpy())
    total = now.pre_tax_bp + now.roth_bp
    step = basis_points(rule.increase) * facts["due"].to_numpy()
    raised = escalated_bp(total, step, basis_points(rule.cap))
    if plan.auto_enrollment.enabled and plan.auto_enrollment.form == "qaca":
        least = qaca_minimum_bp(facts["since"].to_numpy(), on.year) * facts["swept"].to_numpy()
        raised = np.maximum(raised, least)
    return now, np.maximum(np.minimum(raised, most), total)
