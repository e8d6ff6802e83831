"""Loans that end unpaid: offset against the account at an exit, or deemed distributed when in default.

No money moves, for it left the account when it was lent: Reg. 1.72(p)-1 Q&A-10, -12 and -13.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from simulation.engines.decided import decided
from simulation.loan_ledger import Calendar
from simulation.open_loans import open_loans
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
    unpaid = open_loans(context, state).filter(pl.col("offset") | pl.col("missed").is_not_null())
    if unpaid.is_empty():
        return {}
    return {
        "loan_default": decided(
            _with_interest(context, unpaid.with_columns(**_ENDED)),
            "loan_default",
            rule=_RULE,
            amount=pl.col("amount_cents"),
            probability=pl.when(~_OFFSET).then(pl.lit(float(context.scenario.plan.loans.default_rate))),
            draw=_DRAW,
        )
    }


_OFFSET: Final = pl.col("offset")
_DRAW: Final = pl.when(~_OFFSET).then("default_draw")
_RULE: Final = (
    pl.when(_OFFSET).then(pl.lit("plan.loans.on_exit")).otherwise(pl.lit("plan.loans.default_rate"))
)
_ENDED: Final = {
    "effective_date": pl.when(_OFFSET).then("termination_date").otherwise(cure_deadline(pl.col("missed"))),
    "reason": pl.when(_OFFSET).then(pl.lit("offset")).otherwise(pl.lit("default")),
}
"""An offset is drawn by nobody; a missed payment is the end only when it is not made good in time."""


def _with_interest(context: YearContext, ended: pl.DataFrame) -> pl.DataFrame:
    """Return loans with what became a distribution: the ledger's balance and interest of whole periods since.

    A period that has only begun bears none; to the day of an offset every payment due has been made.
    """
    calendar = Calendar.since(ended, context.scenario.payroll.frequency, context.year)
    due = calendar.due(ended["start_date"].to_numpy(), ended["effective_date"].to_numpy())
    made = ended["payments_made"].to_numpy()
    owed, rate = ended["balance_cents"].to_numpy(), ended["rate_bp"].to_numpy()
    terms = Terms(rate, calendar.per_year, ended["payments"].to_numpy())
    gone = deemed_distribution_cents(owed, terms, np.zeros_like(made), np.maximum(due - made, 0))
    return ended.hstack([pl.Series("amount_cents", gone), pl.Series("accrued_interest_cents", gone - owed)])
