"""Loans that end unpaid: offset against the account at an exit, or deemed distributed when in default.

No money moves, for it left the account when it was lent: Reg. 1.72(p)-1 Q&A-10, -12 and -13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from simulation.engines.decided import decided
from simulation.loan_ledger import Calendar
from simulation.open_loans import ends_at_exit, open_loans
from simulation.rules.amortisation import Terms, deemed_distribution_cents
from simulation.rules.loan import cure_deadline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulation.context import YearContext
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the loans that are offset or in default this year, all other payments having been made."""
    if not context.scenario.plan.enabled:
        return {}
    offset = ends_at_exit(context)
    unpaid = open_loans(context, state).filter(offset | pl.col("missed").is_not_null())
    if unpaid.is_empty():
        return {}
    ended = unpaid.with_columns(
        effective_date=pl.when(offset).then("termination_date").otherwise(cure_deadline(pl.col("missed"))),
        reason=pl.when(offset).then(pl.lit("offset")).otherwise(pl.lit("default")),
        chance=pl.when(~offset).then(pl.lit(float(context.scenario.plan.loans.default_rate))),
        draw=pl.when(~offset).then("default_draw"),
    )
    gone = _with_interest(context, ended)
    return {
        "loan_default": decided(
            gone,
            "loan_default",
            rule=pl.when(pl.col("reason") == "offset")
            .then(pl.lit("plan.loans.on_exit"))
            .otherwise(pl.lit("plan.loans.default_rate")),
            amount=pl.col("amount_cents"),
            probability=pl.col("chance"),
            draw=pl.col("draw"),
        )
    }


def _with_interest(context: YearContext, ended: pl.DataFrame) -> pl.DataFrame:
    """Return loans with what became a distribution: the ledger's balance and interest of whole periods since.

    A period that has only begun bears none; to the day of an offset every payment due has been made.
    """
    calendar = Calendar.since(ended, context.scenario.payroll.frequency, context.year)
    due = calendar.due(ended["start_date"].to_numpy(), ended["effective_date"].to_numpy())
    made = ended["payments_made"].cast(pl.Int64).to_numpy()
    owed, rate = ended["balance_cents"].to_numpy(), ended["rate_bp"].cast(pl.Int64).to_numpy()
    terms = Terms(rate, calendar.per_year, ended["payments"].cast(pl.Int64).to_numpy())
    gone = deemed_distribution_cents(owed, terms, np.zeros_like(made), np.maximum(due - made, 0))
    return ended.with_columns(
        amount_cents=pl.Series(gone, dtype=pl.Int64),
        accrued_interest_cents=pl.Series(gone - owed, dtype=pl.Int64),
    )
