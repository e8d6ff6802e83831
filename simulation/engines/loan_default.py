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
    from simulation.rules.rounding import Whole
    from simulation.state import State


def decide(context: YearContext, state: State) -> Mapping[str, pl.DataFrame]:
    """Return the loans that are offset or in default this year, all other payments having been made."""
    if not context.scenario.plan.enabled:
        return {}
    loans = open_loans(context, state)
    unpaid = loans["offset"].to_numpy() | ~np.isnat(loans["missed"].to_numpy())
    if not unpaid.any():
        return {}
    ended = loans[np.flatnonzero(unpaid)]
    ended = ended.hstack(ended.select(effective_date=_ENDED))
    gone, offset = _distributed(context, ended), ended["offset"].to_numpy()
    kind = offset.astype(np.uint32)
    return {
        "loan_default": decided(
            ended,
            "loan_default",
            rule=_RULES[kind],
            amount=gone,
            probability=np.where(offset, np.nan, float(context.scenario.plan.loans.default_rate)),
            draw=np.where(offset, np.nan, ended["default_draw"].to_numpy()),
            reason=_REASONS[kind],
            accrued_interest_cents=gone - ended["balance_cents"].to_numpy(),
        )
    }


_RULES: Final = pl.Series(["plan.loans.default_rate", "plan.loans.on_exit"])
_REASONS: Final = pl.Series(["default", "offset"])
_ENDED: Final = pl.when("offset").then("termination_date").otherwise(cure_deadline(pl.col("missed")))
"""An offset is drawn by nobody; a missed payment is the end only when it is not made good in time."""


def _distributed(context: YearContext, ended: pl.DataFrame) -> Whole:
    """Return what became a distribution: the ledger's balance and interest of whole periods since, in cents.

    A period that has only begun bears none; to the day of an offset every payment due has been made.
    """
    calendar = Calendar.since(ended, context.scenario.payroll.frequency, context.year)
    due = calendar.due(ended["start_date"].to_numpy(), ended["effective_date"].to_numpy())
    made = ended["payments_made"].to_numpy()
    owed, rate = ended["balance_cents"].to_numpy(), ended["rate_bp"].to_numpy()
    terms = Terms(rate, calendar.per_year, ended["payments"].to_numpy())
    return deemed_distribution_cents(owed, terms, np.zeros_like(made), np.maximum(due - made, 0))
